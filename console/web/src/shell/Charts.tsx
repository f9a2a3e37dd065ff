import BarChart from "@cloudscape-design/components/bar-chart";
import LineChart from "@cloudscape-design/components/line-chart";
import type { ReactNode } from "react";
import { charts } from "../text/charts.ts";
import { quantity } from "../text/format.ts";

/** Values over time under a name. */
export interface Line {
  title: string;
  points: { x: Date; y: number }[];
}

interface Props {
  label: string;
  loading: boolean;
  empty: ReactNode;
  height?: number;
}

const STRINGS = {
  legendAriaLabel: charts.legend,
  xAxisAriaRoleDescription: charts.xAxis,
  yAxisAriaRoleDescription: charts.yAxis,
  detailPopoverDismissAriaLabel: charts.dismiss,
};

/** Lines over time, and a level that they are compared with where there is one. */
export function TimeChart(props: Props & { lines: Line[]; from: Date; to: Date; threshold?: { title: string; y: number } }) {
  const { from, to, lines, threshold } = props;
  const days = to.getTime() - from.getTime() > 36 * 3_600_000;
  const values = [...lines.flatMap((line) => line.points.map(({ y }) => y)), ...(threshold === undefined ? [] : [threshold.y])];
  const highest = Math.max(...values, 0);
  const lowest = Math.min(...values, 0);
  const room = (highest - lowest) * 0.1 || 1;
  return (
    <LineChart<Date>
      series={[
        ...lines.map(({ title, points }) => ({
          type: "line" as const,
          title,
          data: visible(points, (to.getTime() - from.getTime()) / 100),
          valueFormatter: quantity,
        })),
        ...(threshold === undefined ? [] : [{ type: "threshold" as const, ...threshold }]),
      ]}
      xDomain={[from, to]}
      yDomain={[lowest === 0 ? 0 : lowest - room, highest + room]}
      xScaleType="time"
      xTickFormatter={days ? charts.day : charts.clock}
      yTickFormatter={quantity}
      height={props.height ?? 260}
      hideFilter
      hideLegend={lines.length === 0}
      statusType={props.loading ? "loading" : "finished"}
      loadingText={charts.loading}
      ariaLabel={props.label}
      i18nStrings={{ ...STRINGS, chartAriaRoleDescription: charts.line }}
      empty={props.empty}
    />
  );
}

/** A line through a single point cannot be seen: it becomes a dash. */
function visible(points: Line["points"], length: number): Line["points"] {
  const [only] = points;
  return only !== undefined && points.length === 1 ? [only, { x: new Date(only.x.getTime() + length), y: only.y }] : points;
}

/** Bars by day or another word, one on the other where a word has several. */
export function StackedBars(
  props: Props & {
    bars: { title: string; data: { x: string; y: number }[] }[];
    domain: string[];
    format: (value: number) => string;
  },
) {
  const heights = new Map<string, number>();
  for (const { x, y } of props.bars.flatMap(({ data }) => data)) {
    heights.set(x, (heights.get(x) ?? 0) + y);
  }
  const highest = Math.max(...heights.values(), 0);
  return (
    <BarChart<string>
      series={props.bars.map(({ title, data }) => ({ type: "bar" as const, title, data, valueFormatter: props.format }))}
      stackedBars
      xDomain={props.domain}
      yDomain={[0, highest === 0 ? 1 : highest * 1.1]}
      xScaleType="categorical"
      yTickFormatter={props.format}
      height={props.height ?? 260}
      hideFilter
      statusType={props.loading ? "loading" : "finished"}
      loadingText={charts.loading}
      ariaLabel={props.label}
      i18nStrings={{ ...STRINGS, chartAriaRoleDescription: charts.bar }}
      empty={props.empty}
    />
  );
}
