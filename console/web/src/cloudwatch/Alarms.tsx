import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
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
import { AlarmForm } from "./AlarmForm.tsx";
import { addressOf, type Alarm, AlarmState, conditionOf } from "./AlarmState.tsx";
import { CompositeForm } from "./CompositeForm.tsx";

const text = cloudwatch.alarms;

/** The account's alarms, looked at again every ten seconds. */
export default function Alarms() {
  usePage(text.title, [{ text: cloudwatch.service, href: "/cloudwatch/metrics" }]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<Alarm[]>([]);
  const [creating, setCreating] = useState<"metric" | "composite">();
  const [deleting, setDeleting] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["alarms"],
    refetchInterval: 10_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new DescribeAlarmsCommand({ MaxRecords: 100, NextToken: pageParam, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.NextToken,
  });
  const alarms = (pages.data?.pages ?? []).flatMap((page): Alarm[] => [
    ...(page.CompositeAlarms ?? []),
    ...(page.MetricAlarms ?? []),
  ]);
  const look = () => lookAgain(["alarms"]);
  const created = (name: string) => {
    setCreating(undefined);
    notices.done(text.created(name));
    void look();
  };

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
            <Button onClick={() => setCreating("composite")}>{text.createComposite}</Button>
            <Button variant="primary" onClick={() => setCreating("metric")}>
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
              <PageLink to={addressOf(alarm.AlarmName ?? "")}>{alarm.AlarmName}</PageLink>
            ),
          },
          { id: "state", header: text.columns.state, cell: (alarm) => <AlarmState state={alarm.StateValue ?? ""} /> },
          { id: "condition", header: text.columns.condition, cell: conditionOf },
          { id: "updated", header: text.columns.updated, cell: (alarm) => time(alarm.StateUpdatedTimestamp) },
        ]}
      />
      {creating === "metric" && <AlarmForm client={client} onDismiss={() => setCreating(undefined)} onDone={created} />}
      {creating === "composite" && (
        <CompositeForm client={client} onDismiss={() => setCreating(undefined)} onDone={created} />
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
            void look();
          }}
        />
      )}
    </>
  );
}
