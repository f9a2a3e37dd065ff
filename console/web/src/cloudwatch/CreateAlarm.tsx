import {
  type CloudWatchClient,
  type ComparisonOperator,
  type Metric,
  PutMetricAlarmCommand,
  type Statistic,
} from "@aws-sdk/client-cloudwatch";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import { useState } from "react";
import { ChoiceField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { MetricField } from "./MetricField.tsx";

const text = cloudwatch.alarms;

interface Props {
  client: CloudWatchClient;
  metric?: Metric;
  onDismiss: () => void;
  onCreated: (name: string) => void;
}

/** Makes an alarm that watches one metric. */
export function CreateAlarm({ client, metric: given, onDismiss, onCreated }: Props) {
  const [name, setName] = useState("");
  const [metric, setMetric] = useState(given);
  const [statistic, setStatistic] = useState("Sum");
  const [period, setPeriod] = useState("60");
  const [comparison, setComparison] = useState("GreaterThanThreshold");
  const [threshold, setThreshold] = useState("");
  const [evaluations, setEvaluations] = useState("1");
  const [missing, setMissing] = useState("missing");
  const [topic, setTopic] = useState("");
  const percentile = statistic.startsWith("p");

  return (
    <FormModal
      title={text.create}
      submit={text.create}
      size="large"
      disabled={name === "" || metric === undefined || threshold === "" || Number.isNaN(Number(threshold))}
      onDismiss={onDismiss}
      onDone={() => onCreated(name)}
      run={() =>
        client.send(
          new PutMetricAlarmCommand({
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
            ...(topic === "" ? {} : { AlarmActions: [topic] }),
          }),
        )
      }
    >
      <TextField label={text.name} value={name} onChange={setName} />
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
