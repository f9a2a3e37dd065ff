import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { time } from "../text/format.ts";
import { shell } from "../text/shell.ts";
import { AlarmState, conditionOf } from "./AlarmState.tsx";
import { CreateAlarm } from "./CreateAlarm.tsx";

const text = cloudwatch.alarms;

/** The account's alarms, looked at again every ten seconds. */
export default function Alarms() {
  usePage(text.title, [{ text: cloudwatch.service, href: "/cloudwatch/metrics" }]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<MetricAlarm[]>([]);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["alarms"],
    refetchInterval: 10_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new DescribeAlarmsCommand({ MaxRecords: 100, NextToken: pageParam, AlarmTypes: ["MetricAlarm"] }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.NextToken,
  });
  const alarms = pages.data?.pages.flatMap((page) => page.MetricAlarms ?? []) ?? [];
  const look = () => lookAgain(["alarms"]);

  return (
    <>
      <ResourceTable
        title={text.title}
        items={alarms}
        fetched={pages}
        nameOf={(alarm) => alarm.AlarmName ?? ""}
        find={text.find}
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={selected.length === 0} onClick={() => setDeleting(true)}>
              {shell.delete}
            </Button>
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
            cell: (alarm) => (
              <PageLink to={`/cloudwatch/alarms/${encodeURIComponent(alarm.AlarmName ?? "")}`}>{alarm.AlarmName}</PageLink>
            ),
          },
          { id: "state", header: text.columns.state, cell: (alarm) => <AlarmState state={alarm.StateValue ?? ""} /> },
          { id: "condition", header: text.columns.condition, cell: conditionOf },
          { id: "updated", header: text.columns.updated, cell: (alarm) => time(alarm.StateUpdatedTimestamp) },
        ]}
      />
      {creating && (
        <CreateAlarm
          client={client}
          onDismiss={() => setCreating(false)}
          onCreated={(name) => {
            setCreating(false);
            notices.done(text.created(name));
            look();
          }}
        />
      )}
      {deleting && (
        <Confirm
          title={text.deleteTitle(selected.length)}
          message={text.deleteText}
          action={shell.delete}
          run={() => client.send(new DeleteAlarmsCommand({ AlarmNames: selected.map((alarm) => alarm.AlarmName ?? "") }))}
          onDismiss={() => setDeleting(false)}
          onDone={() => {
            setDeleting(false);
            notices.done(text.deleted(selected.length));
            setSelected([]);
            look();
          }}
        />
      )}
    </>
  );
}
