import {
  type AccessKey,
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Code } from "../shell/Code.tsx";
import { Confirm } from "../shell/Confirm.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";

const text = iam.keys;

/** The access keys of a user. */
export function AccessKeys({ client, user }: { client: IAMClient; user: string }) {
  const [selected, setSelected] = useState<AccessKeyMetadata[]>([]);
  const [made, setMade] = useState<AccessKey>();
  const [deleting, setDeleting] = useState(false);
  const known = useQuery({
    queryKey: ["iam", "users", user, "keys"],
    queryFn: async () => (await client.send(new ListAccessKeysCommand({ UserName: user }))).AccessKeyMetadata ?? [],
  });
  const look = () => {
    setSelected([]);
    void known.refetch();
  };
  const creating = useMutation({
    mutationFn: () => client.send(new CreateAccessKeyCommand({ UserName: user })),
    onSuccess: (answer) => {
      setMade(answer.AccessKey);
      look();
    },
  });
  const chosen = selected[0];
  const active = chosen?.Status === "Active";
  const toggling = useMutation({
    mutationFn: () =>
      client.send(
        new UpdateAccessKeyCommand({
          UserName: user,
          AccessKeyId: chosen?.AccessKeyId,
          Status: active ? "Inactive" : "Active",
        }),
      ),
    onSuccess: look,
  });

  return (
    <SpaceBetween size="m">
      {creating.isError && <FailureAlert failure={creating.error} />}
      {toggling.isError && <FailureAlert failure={toggling.error} />}
      <ResourceTable
        inner
        title={text.tab}
        items={known.data ?? []}
        fetched={known}
        nameOf={(key) => key.AccessKeyId ?? ""}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={chosen === undefined} loading={toggling.isPending} onClick={() => toggling.mutate()}>
              {active ? text.deactivate : text.activate}
            </Button>
            <Button disabled={chosen === undefined} onClick={() => setDeleting(true)}>
              {shell.delete}
            </Button>
            <Button loading={creating.isPending} onClick={() => creating.mutate()}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          { id: "id", header: text.columns.id, isRowHeader: true, cell: (key) => key.AccessKeyId },
          {
            id: "status",
            header: text.columns.status,
            cell: (key) => (
              <StatusIndicator type={key.Status === "Active" ? "success" : "stopped"}>{key.Status}</StatusIndicator>
            ),
          },
          { id: "created", header: text.columns.created, cell: (key) => time(key.CreateDate) },
        ]}
      />
      {made !== undefined && (
        <Modal
          visible
          header={text.madeTitle}
          closeAriaLabel={shell.close}
          onDismiss={() => setMade(undefined)}
          footer={
            <Button variant="primary" onClick={() => setMade(undefined)}>
              {text.done}
            </Button>
          }
        >
          <SpaceBetween size="m">
            <Alert type="warning">{text.madeText}</Alert>
            <Code label={text.columns.id} text={made.AccessKeyId ?? ""} />
            <Code label={text.secret} text={made.SecretAccessKey ?? ""} />
          </SpaceBetween>
        </Modal>
      )}
      {deleting && chosen !== undefined && (
        <Confirm
          title={text.deleteTitle(chosen.AccessKeyId ?? "")}
          message={text.deleteText}
          action={shell.delete}
          run={() => client.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: chosen.AccessKeyId }))}
          onDismiss={() => setDeleting(false)}
          onDone={() => {
            setDeleting(false);
            look();
          }}
        />
      )}
    </SpaceBetween>
  );
}
