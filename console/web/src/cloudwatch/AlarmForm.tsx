import {
  type CloudWatchClient,
  type ComparisonOperator,
  type Metric,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type Statistic,
} from "@aws-sdk/client-cloudwatch";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import { useState } from "react";
import { ChoiceField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { shell } from "../text/shell.ts";
import { MetricField } from "./MetricField.tsx";

const text = cloudwatch.alarms;

interface Props {
  client: CloudWatchClient;
  /** The metric to begin with. */
  metric?: Metric;
  /** The alarm that is changed; without one, an alarm is made. */
  alarm?: MetricAlarm;
  onDismiss: () => void;
  onDone: (name: string) => void;
}

/** Makes or changes an alarm that watches one metric. */
export function AlarmForm({ client, metric: given, alarm, onDismiss, onDone }: Props) {
  const [name, setName] = useState(alarm?.AlarmName ?? "");
  const [metric, setMetric] = useState(alarm === undefined ? given : metricOf(alarm));
  const [statistic, setStatistic] = useState<string>(alarm?.ExtendedStatistic ?? alarm?.Statistic ?? "Sum");
  const [period, setPeriod] = useState(String(alarm?.Period ?? 60));
  const [comparison, setComparison] = useState<string>(alarm?.ComparisonOperator ?? "GreaterThanThreshold");
  const [threshold, setThreshold] = useState(alarm?.Threshold === undefined ? "" : String(alarm.Threshold));
  const [evaluations, setEvaluations] = useState(String(alarm?.EvaluationPeriods ?? 1));
  const [missing, setMissing] = useState(alarm?.TreatMissingData ?? "missing");
  const [topic, setTopic] = useState(alarm?.AlarmActions?.[0] ?? "");
  const percentile = !PLAIN.includes(statistic);
  const actions = [...(topic === "" ? [] : [topic]), ...(alarm?.AlarmActions ?? []).slice(1)];

  return (
    <FormModal
      title={alarm === undefined ? text.create : text.editTitle(name)}
      submit={alarm === undefined ? text.create : shell.save}
      size="large"
      disabled={name === "" || metric === undefined || threshold === "" || Number.isNaN(Number(threshold))}
      onDismiss={onDismiss}
      onDone={() => onDone(name)}
      run={() =>
        client.send(
          new PutMetricAlarmCommand({
            ...(alarm === undefined ? {} : kept(alarm, Number(evaluations))),
            AlarmName: name,
            Namespace: metric?.Namespace,
            MetricName: metric?.MetricName,
            Dimensions: metric?.Dimensions,
            ...(percentile ? { ExtendedStatistic: statistic } : { Statistic: statistic as Statistic }),
            Period: Number(period),
            ComparisonOperator: comparison as ComparisonOperator,
            Threshold: Number(threshold),
            EvaluationPeriods: Number(evaluations),
            TreatMissingData: missing,
            ...(actions.length === 0 ? {} : { AlarmActions: actions }),
          }),
        )
      }
    >
      <TextField label={text.name} value={name} disabled={alarm !== undefined} onChange={setName} />
      <ColumnLayout columns={2}>
        <MetricField client={client} metric={metric} onChange={setMetric} />
        <ChoiceField label={cloudwatch.metrics.statistic} value={statistic} options={cloudwatch.statistics} onChange={setStatistic} />
        <ChoiceField label={cloudwatch.metrics.period} value={period} options={cloudwatch.periods} onChange={setPeriod} />
        <ChoiceField label={text.comparison} value={comparison} options={text.comparisons} onChange={setComparison} />
        <TextField label={text.threshold} value={threshold} type="number" onChange={setThreshold} />
        <TextField label={text.evaluations} value={evaluations} type="number" onChange={setEvaluations} />
        <ChoiceField label={text.missing} value={missing} options={text.missings} onChange={setMissing} />
      </ColumnLayout>
      <TextField label={text.topic} hint={text.topicHint} value={topic} onChange={setTopic} />
    </FormModal>
  );
}

const PLAIN = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];

function metricOf(alarm: MetricAlarm): Metric {
  return { Namespace: alarm.Namespace, MetricName: alarm.MetricName, Dimensions: alarm.Dimensions };
}

/** What the form does not show, and the service forgets unless it is told again. */
function kept(alarm: MetricAlarm, evaluations: number) {
  const { AlarmDescription, ActionsEnabled, OKActions, InsufficientDataActions, DatapointsToAlarm, Unit } = alarm;
  return {
    AlarmDescription,
    ActionsEnabled,
    OKActions,
    InsufficientDataActions,
    Unit,
    EvaluateLowSampleCountPercentile: alarm.EvaluateLowSampleCountPercentile,
    // There cannot be more points than periods.
    ...(DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: Math.min(DatapointsToAlarm, evaluations) }),
  };
}
