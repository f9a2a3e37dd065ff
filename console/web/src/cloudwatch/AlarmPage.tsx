import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
} from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { last } from "../shell/range.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { time } from "../text/format.ts";
import { shell } from "../text/shell.ts";
import { AlarmForm } from "./AlarmForm.tsx";
import { addressOf, type Alarm, AlarmState, conditionOf } from "./AlarmState.tsx";
import { CompositeForm } from "./CompositeForm.tsx";
import { MetricChart } from "./MetricChart.tsx";

const text = cloudwatch.alarms;

/** One alarm: how it is and why, the metric or the alarms that it watches, and what has happened to it. */
export default function AlarmPage() {
  const { name = "" } = useParams();
  usePage(name, [
    { text: cloudwatch.service, href: "/cloudwatch/metrics" },
    { text: text.title, href: "/cloudwatch/alarms" },
  ]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const known = useQuery({
    queryKey: ["alarms", name],
    refetchInterval: 10_000,
    queryFn: ({ signal }) =>
      client.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }), { abortSignal: signal }),
  });
  const history = useInfiniteQuery({
    queryKey: ["alarm-history", name],
    refetchInterval: 10_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new DescribeAlarmHistoryCommand({ AlarmName: name, MaxRecords: 50, NextToken: pageParam }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.NextToken,
  });
  const metric = known.data?.MetricAlarms?.[0];
  const composite = known.data?.CompositeAlarms?.[0];
  const alarm = composite ?? metric;
  const notices = useNotices();
  const [editing, setEditing] = useState(false);
  const toggle = useMutation({
    mutationFn: async () => {
      const names = { AlarmNames: [name] };
      await (alarm?.ActionsEnabled === true
        ? client.send(new DisableAlarmActionsCommand(names))
        : client.send(new EnableAlarmActionsCommand(names)));
    },
    onSuccess: () => known.refetch(),
  });
  const drawn = useMemo(
    () =>
      metric?.MetricName === undefined
        ? []
        : [
            {
              metric: { Namespace: metric.Namespace, MetricName: metric.MetricName, Dimensions: metric.Dimensions },
              statistic: metric.Statistic ?? metric.ExtendedStatistic ?? "Average",
              period: metric.Period ?? 60,
            },
          ],
    [metric],
  );

  const saved = () => {
    setEditing(false);
    notices.done(text.saved(name));
    void known.refetch();
  };

  if (known.isPending) {
    return <Loading />;
  }
  if (known.isError) {
    return <FailureAlert failure={known.error} retry={() => void known.refetch()} />;
  }
  if (alarm === undefined) {
    return <Box>{text.gone(name)}</Box>;
  }
  return (
    <SpaceBetween size="l">
      {toggle.isError && <FailureAlert failure={toggle.error} />}
      <Container
        header={
          <Header
            variant="h1"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button loading={toggle.isPending} onClick={() => toggle.mutate()}>
                  {alarm.ActionsEnabled === true ? text.disable : text.enable}
                </Button>
                {(composite !== undefined || metric?.MetricName !== undefined) && (
                  <Button onClick={() => setEditing(true)}>{shell.edit}</Button>
                )}
              </SpaceBetween>
            }
          >
            {name}
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            { label: text.columns.state, value: <AlarmState state={alarm.StateValue ?? ""} /> },
            { label: text.columns.updated, value: time(alarm.StateUpdatedTimestamp) },
            { label: text.columns.condition, value: conditionOf(alarm) },
            { label: text.actions, value: alarm.ActionsEnabled === true ? text.actionsOn : text.actionsOff },
            { label: text.reason, value: alarm.StateReason ?? "" },
          ]}
        />
      </Container>
      {composite === undefined ? (
        <Container header={<Header variant="h2">{text.chart}</Header>}>
          <MetricChart
            client={client}
            label={text.chart}
            drawn={drawn}
            range={last(3, "hour")}
            {...(metric?.Threshold === undefined ? {} : { threshold: { title: text.threshold, y: metric.Threshold } })}
          />
        </Container>
      ) : (
        <Children client={client} parent={name} />
      )}
      <ResourceTable
        inner
        title={text.history}
        items={history.data?.pages.flatMap((page) => page.AlarmHistoryItems ?? []) ?? []}
        fetched={history}
        nameOf={(item) => `${item.Timestamp?.toISOString()} ${item.HistorySummary}`}
        empty={text.historyEmpty}
        columns={[
          { id: "time", header: text.historyColumns.time, isRowHeader: true, cell: (item) => time(item.Timestamp) },
          { id: "type", header: text.historyColumns.type, cell: (item) => item.HistoryItemType },
          { id: "summary", header: text.historyColumns.summary, cell: (item) => item.HistorySummary },
        ]}
      />
      {editing && composite !== undefined && (
        <CompositeForm client={client} alarm={composite} onDismiss={() => setEditing(false)} onDone={saved} />
      )}
      {editing && metric !== undefined && (
        <AlarmForm client={client} alarm={metric} onDismiss={() => setEditing(false)} onDone={saved} />
      )}
    </SpaceBetween>
  );
}

/** The alarms that a composite alarm's rule is about, and how each is. */
function Children({ client, parent }: { client: CloudWatchClient; parent: string }) {
  const children = useInfiniteQuery({
    queryKey: ["alarms", parent, "children"],
    refetchInterval: 10_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new DescribeAlarmsCommand({ ChildrenOfAlarmName: parent, MaxRecords: 100, NextToken: pageParam }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.NextToken,
  });
  return (
    <ResourceTable
      inner
      title={text.children}
      items={(children.data?.pages ?? []).flatMap((page): Alarm[] => [...(page.CompositeAlarms ?? []), ...(page.MetricAlarms ?? [])])}
      fetched={children}
      nameOf={(alarm) => alarm.AlarmName ?? ""}
      empty={text.childrenEmpty}
      columns={[
        {
          id: "name",
          header: text.columns.name,
          isRowHeader: true,
          cell: ({ AlarmName = "" }) => <PageLink to={addressOf(AlarmName)}>{AlarmName}</PageLink>,
        },
        { id: "state", header: text.columns.state, cell: (alarm) => <AlarmState state={alarm.StateValue ?? ""} /> },
      ]}
    />
  );
}
