import {
  type CloudWatchClient,
  type Dimension,
  GetMetricDataCommand,
  type Metric,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Line } from "../shell/Charts.tsx";

/** A metric with what is to be known of it. */
export interface Drawn {
  metric: Metric;
  statistic: string;
  period: number;
  label?: string;
}

/** What a metric is called, which no other of its namespace is. */
export function nameOf(metric: Metric): string {
  const dimensions = dimensionsOf(metric);
  return dimensions === "" ? (metric.MetricName ?? "") : `${metric.MetricName} (${dimensions})`;
}

export function dimensionsOf(metric: Metric): string {
  return (metric.Dimensions ?? []).map(({ Name, Value }: Dimension) => `${Name}=${Value}`).join(", ");
}

/** A period that makes at most some 300 points of a time. */
export function fittingPeriod(seconds: number): number {
  return [60, 300, 900, 3600, 21_600].find((period) => seconds / period <= 300) ?? 86_400;
}

/** The values of metrics over a time, all pages of them. */
export async function linesOf(
  client: CloudWatchClient,
  drawn: readonly Drawn[],
  from: Date,
  to: Date,
  abortSignal: AbortSignal,
): Promise<Line[]> {
  const queries = drawn.map(
    ({ metric, statistic, period, label }, index): MetricDataQuery => ({
      Id: `m${index}`,
      Label: label ?? `${nameOf(metric)} ${statistic}`,
      MetricStat: { Metric: metric, Stat: statistic, Period: period },
    }),
  );
  const lines = new Map<string, Line>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: from,
        EndTime: to,
        ScanBy: "TimestampAscending",
        NextToken: token,
      }),
      { abortSignal },
    );
    for (const result of page.MetricDataResults ?? []) {
      const line = lines.get(result.Id ?? "") ?? { title: result.Label ?? "", points: [] };
      result.Timestamps?.forEach((x, at) => line.points.push({ x, y: result.Values?.[at] ?? 0 }));
      lines.set(result.Id ?? "", line);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return [...lines.values()].filter((line) => line.points.length > 0);
}
