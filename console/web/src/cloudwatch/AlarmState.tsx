import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { cloudwatch } from "../text/cloudwatch.ts";

const TYPES: Record<string, StatusIndicatorProps.Type> = { OK: "success", ALARM: "error", INSUFFICIENT_DATA: "pending" };
const SIGNS: Record<string, string> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: "≥",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "≤",
};

/** How an alarm is. */
export function AlarmState({ state }: { state: string }) {
  return <StatusIndicator type={TYPES[state] ?? "pending"}>{cloudwatch.alarms.states[state] ?? state}</StatusIndicator>;
}

/** When an alarm goes off. */
export function conditionOf(alarm: MetricAlarm): string {
  return cloudwatch.alarms.condition(
    alarm.MetricName ?? (alarm.Metrics ?? []).map((metric) => metric.Label ?? metric.Id).join(", "),
    SIGNS[alarm.ComparisonOperator ?? ""] ?? alarm.ComparisonOperator ?? "",
    alarm.Threshold ?? 0,
    alarm.EvaluationPeriods ?? 1,
    alarm.Period ?? 60,
  );
}
