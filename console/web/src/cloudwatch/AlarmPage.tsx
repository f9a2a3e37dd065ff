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
import { useMemo } from "react";
import { useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { usePage } from "../shell/page.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { time } from "../text/format.ts";
import { AlarmState, conditionOf } from "./AlarmState.tsx";
import { MetricChart } from "./MetricChart.tsx";

const text = cloudwatch.alarms;

/** One alarm: how it is and why, its metric, and what has happened to it. */
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
    queryFn: ({ signal }) => client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }), { abortSignal: signal }),
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
  const alarm = known.data?.MetricAlarms?.[0];
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
      alarm?.MetricName === undefined
        ? []
        : [
            {
              metric: { Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions },
              statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? "Average",
              period: alarm.Period ?? 60,
            },
          ],
    [alarm],
  );

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
              <Button loading={toggle.isPending} onClick={() => toggle.mutate()}>
                {alarm.ActionsEnabled === true ? text.disable : text.enable}
              </Button>
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
      <Container header={<Header variant="h2">{text.chart}</Header>}>
        <MetricChart
          client={client}
          label={text.chart}
          drawn={drawn}
          range={10_800}
          {...(alarm.Threshold === undefined ? {} : { threshold: { title: text.threshold, y: alarm.Threshold } })}
        />
      </Container>
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
    </SpaceBetween>
  );
}
