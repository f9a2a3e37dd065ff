import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { cloudwatch } from "../text/cloudwatch.ts";

/** An alarm that watches a metric, or one that watches other alarms. */
export type Alarm = MetricAlarm | CompositeAlarm;

const TYPES: Record<string, StatusIndicatorProps.Type> = { OK: "success", ALARM: "error", INSUFFICIENT_DATA: "pending" };
const SIGNS: Record<string, string> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: "≥",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "≤",
};

/** The page of an alarm. */
export function addressOf(name: string): string {
  return `/cloudwatch/alarms/${encodeURIComponent(name)}`;
}

/** How an alarm is. */
export function AlarmState({ state }: { state: string }) {
  return <StatusIndicator type={TYPES[state] ?? "pending"}>{cloudwatch.alarms.states[state] ?? state}</StatusIndicator>;
}

export function isComposite(alarm: Alarm): alarm is CompositeAlarm {
  return "AlarmRule" in alarm;
}

/** When an alarm goes off. */
export function conditionOf(alarm: Alarm): string {
  if (isComposite(alarm)) {
    return alarm.AlarmRule ?? "";
  }
  return cloudwatch.alarms.condition(
    alarm.MetricName ?? (alarm.Metrics ?? []).map((metric) => metric.Label ?? metric.Id).join(", "),
    SIGNS[alarm.ComparisonOperator ?? ""] ?? alarm.ComparisonOperator ?? "",
    alarm.Threshold ?? 0,
    alarm.EvaluationPeriods ?? 1,
    alarm.Period ?? 60,
  );
}
