import { CreateSecretCommand, ListSecretsCommand, type SecretListEntry, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Toggle from "@cloudscape-design/components/toggle";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { LongTextField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { secrets as text } from "../text/secrets.ts";

/** The account's secrets, without their values. */
export default function SecretList() {
  usePage(text.title, [{ text: text.service, href: "/secrets" }]);
  const client = useClient((configuration) => new SecretsManagerClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [planned, setPlanned] = useState(false);
  const [creating, setCreating] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["secrets", planned],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new ListSecretsCommand({ MaxResults: 100, NextToken: pageParam, IncludePlannedDeletion: planned }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.NextToken,
  });

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.SecretList ?? []) ?? []}
        fetched={pages}
        nameOf={(secret) => secret.Name ?? ""}
        find={text.find}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Toggle checked={planned} onChange={(event) => setPlanned(event.detail.checked)}>
              {text.planned}
            </Toggle>
            <Button variant="primary" onClick={() => setCreating(true)}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: (secret) => <PageLink to={`/secrets/view?id=${encodeURIComponent(secret.Name ?? "")}`}>{secret.Name}</PageLink>,
          },
          { id: "description", header: text.columns.description, cell: (secret) => secret.Description },
          { id: "state", header: text.columns.state, cell: (secret) => <SecretState secret={secret} /> },
          {
            id: "rotation",
            header: text.columns.rotation,
            cell: (secret) => (secret.RotationEnabled === true ? text.rotates : text.rotatesNot),
          },
          { id: "changed", header: text.columns.changed, cell: (secret) => time(secret.LastChangedDate) },
        ]}
      />
      {creating && (
        <CreateSecret
          client={client}
          onDismiss={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false);
            notices.done(text.created(name));
            void lookAgain(["secrets"]);
          }}
        />
      )}
    </>
  );
}

/** Whether a secret is to be deleted. */
export function SecretState({ secret }: { secret: Pick<SecretListEntry, "DeletedDate"> }) {
  return secret.DeletedDate === undefined ? (
    <StatusIndicator>{text.kept}</StatusIndicator>
  ) : (
    <StatusIndicator type="warning">{text.toBeDeleted(time(secret.DeletedDate))}</StatusIndicator>
  );
}

function CreateSecret(props: { client: SecretsManagerClient; onDismiss: () => void; onCreated: (name: string) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [value, setValue] = useState("");
  const [key, setKey] = useState("");
  return (
    <FormModal
      title={text.create}
      submit={text.create}
      disabled={name === "" || value === ""}
      onDismiss={props.onDismiss}
      onDone={() => props.onCreated(name)}
      run={() =>
        props.client.send(
          new CreateSecretCommand({
            Name: name,
            SecretString: value,
            ClientRequestToken: crypto.randomUUID(),
            ...(description === "" ? {} : { Description: description }),
            ...(key === "" ? {} : { KmsKeyId: key }),
          }),
        )
      }
    >
      <TextField label={text.name} value={name} onChange={setName} />
      <LongTextField label={text.value} hint={text.valueHint} value={value} onChange={setValue} />
      <TextField label={text.description} value={description} onChange={setDescription} />
      <TextField label={text.key} hint={text.keyHint} value={key} onChange={setKey} />
    </FormModal>
  );
}
