import { type CloudWatchClient, ListMetricsCommand, type Metric } from "@aws-sdk/client-cloudwatch";
import { useQuery } from "@tanstack/react-query";

/** More are not asked for: what is looked for then is found by its namespace. */
const MOST_PAGES = 10;

/** All metrics that there are, by 500 a page and at most five thousand. */
export function useMetrics(client: CloudWatchClient) {
  return useQuery({
    queryKey: ["metrics"],
    queryFn: async ({ signal }) => {
      const metrics: Metric[] = [];
      let token: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await client.send(new ListMetricsCommand({ NextToken: token }), { abortSignal: signal });
        metrics.push(...(answer.Metrics ?? []));
        token = answer.NextToken;
        if (token === undefined) {
          break;
        }
      }
      return metrics;
    },
  });
}

/** The namespaces of metrics, in the order of the alphabet. */
export function namespacesOf(metrics: readonly Metric[]): string[] {
  return [...new Set(metrics.map((metric) => metric.Namespace ?? ""))].sort();
}
