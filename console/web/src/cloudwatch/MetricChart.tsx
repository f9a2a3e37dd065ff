import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { TimeChart } from "../shell/Charts.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { type Range, spanOf } from "../shell/range.ts";
import { cloudwatch } from "../text/cloudwatch.ts";
import { type Drawn, linesOf } from "./metrics.ts";

interface Props {
  client: CloudWatchClient;
  label: string;
  drawn: readonly Drawn[];
  range: Range;
  height?: number;
  threshold?: { title: string; y: number };
}

/** Draws metrics, and looks for new values every minute where the range goes on. */
export function MetricChart({ client, label, drawn, range, height, threshold }: Props) {
  const values = useQuery({
    queryKey: ["metric-data", drawn, range],
    enabled: drawn.length > 0,
    refetchInterval: range.type === "relative" ? 60_000 : false,
    queryFn: async ({ signal }) => {
      const { from, to } = spanOf(range, new Date());
      return { from, to, lines: await linesOf(client, drawn, from, to, signal) };
    },
  });
  const { from, to } = values.data ?? spanOf(range, new Date());
  return (
    <SpaceBetween size="s">
      {values.isError && <FailureAlert failure={values.error} retry={() => void values.refetch()} />}
      <TimeChart
        label={label}
        loading={drawn.length > 0 && values.isPending}
        lines={values.data?.lines ?? []}
        from={from}
        to={to}
        {...(height === undefined ? {} : { height })}
        {...(threshold === undefined ? {} : { threshold })}
        empty={
          <Box color="text-body-secondary">
            {drawn.length === 0 ? cloudwatch.metrics.nothingChosen : cloudwatch.metrics.noData}
          </Box>
        }
      />
    </SpaceBetween>
  );
}
