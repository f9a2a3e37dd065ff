import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  type LogGroup,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { ChoiceField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { bytes, time } from "../text/format.ts";
import { logs } from "../text/cloudwatchlogs.ts";
import { shell } from "../text/shell.ts";

const text = logs.groups;

/** The account's log groups. */
export default function LogGroups() {
  usePage(text.title, [{ text: logs.service, href: "/logs" }]);
  const client = useClient((configuration) => new CloudWatchLogsClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<LogGroup[]>([]);
  const [doing, setDoing] = useState<"create" | "delete" | "retention">();
  const pages = useInfiniteQuery({
    queryKey: ["log-groups"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new DescribeLogGroupsCommand({ limit: 50, nextToken: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => page.nextToken,
  });
  const chosen = selected[0]?.logGroupName ?? "";
  const done = (said: string) => {
    setDoing(undefined);
    setSelected([]);
    notices.done(said);
    void lookAgain(["log-groups"]);
  };

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.logGroups ?? []) ?? []}
        fetched={pages}
        nameOf={(group) => group.logGroupName ?? ""}
        find={text.find}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={chosen === ""} onClick={() => setDoing("retention")}>
              {text.changeRetention}
            </Button>
            <Button disabled={chosen === ""} onClick={() => setDoing("delete")}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => setDoing("create")}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: (group) => (
              <PageLink to={`/logs/events?group=${encodeURIComponent(group.logGroupName ?? "")}`}>{group.logGroupName}</PageLink>
            ),
          },
          {
            id: "retention",
            header: text.columns.retention,
            cell: (group) => (group.retentionInDays === undefined ? text.ever : text.days(group.retentionInDays)),
          },
          { id: "size", header: text.columns.size, cell: (group) => bytes(group.storedBytes ?? 0) },
          {
            id: "created",
            header: text.columns.created,
            cell: (group) => (group.creationTime === undefined ? "" : time(new Date(group.creationTime))),
          },
        ]}
      />
      {doing === "create" && <CreateGroup client={client} onDismiss={() => setDoing(undefined)} onDone={(name) => done(text.created(name))} />}
      {doing === "retention" && (
        <Retention client={client} group={chosen} onDismiss={() => setDoing(undefined)} onDone={() => done(text.changed(chosen))} />
      )}
      {doing === "delete" && (
        <Confirm
          title={text.deleteTitle(chosen)}
          message={text.deleteText}
          action={shell.delete}
          run={() => client.send(new DeleteLogGroupCommand({ logGroupName: chosen }))}
          onDismiss={() => setDoing(undefined)}
          onDone={() => done(text.deleted(chosen))}
        />
      )}
    </>
  );
}

function CreateGroup(props: { client: CloudWatchLogsClient; onDismiss: () => void; onDone: (name: string) => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("");
  return (
    <FormModal
      title={text.create}
      submit={text.create}
      disabled={name === ""}
      onDismiss={props.onDismiss}
      onDone={() => props.onDone(name)}
      run={async () => {
        await props.client.send(new CreateLogGroupCommand({ logGroupName: name }));
        if (days !== "") {
          await props.client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: Number(days) }));
        }
      }}
    >
      <TextField label={text.name} hint={text.nameHint} value={name} onChange={setName} />
      <ChoiceField label={text.retention} value={days} options={text.retentions} onChange={setDays} />
    </FormModal>
  );
}

function Retention(props: { client: CloudWatchLogsClient; group: string; onDismiss: () => void; onDone: () => void }) {
  const [days, setDays] = useState("30");
  return (
    <FormModal
      title={text.changeRetention}
      submit={shell.save}
      onDismiss={props.onDismiss}
      onDone={props.onDone}
      run={async () => {
        await (days === ""
          ? props.client.send(new DeleteRetentionPolicyCommand({ logGroupName: props.group }))
          : props.client.send(new PutRetentionPolicyCommand({ logGroupName: props.group, retentionInDays: Number(days) })));
      }}
    >
      <ChoiceField label={text.retention} value={days} options={text.retentions} onChange={setDays} />
    </FormModal>
  );
}
