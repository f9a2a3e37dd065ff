import type { Metric } from "@aws-sdk/client-cloudwatch";
import type { Drawn } from "./metrics.ts";

/** A piece of a dashboard; what the console does not know of it is kept. */
export interface Widget {
  type: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  properties?: Record<string, unknown>;
  [other: string]: unknown;
}

/** A dashboard's body, as PutDashboard takes it. */
export interface Body {
  widgets: Widget[];
  [other: string]: unknown;
}

/** How many columns AWS's grid has. */
export const COLUMNS = 24;

/** Reads a body; throws what JSON throws. */
export function bodyOf(text: string): Body {
  const body = JSON.parse(text) as Partial<Body> | null;
  return { ...body, widgets: Array.isArray(body?.widgets) ? body.widgets : [] };
}

/**
 * The metrics of a widget: rows of namespace, name, names and values of dimensions, and options, where a dot stands for
 * what the row before has there, and "..." for all that it begins with.
 *
 * Source: "Dashboard body structure and syntax", Amazon CloudWatch API reference.
 */
export function metricsOf(widget: Widget): Drawn[] {
  const properties = widget.properties ?? {};
  const rows = Array.isArray(properties["metrics"]) ? (properties["metrics"] as unknown[]) : [];
  const period = Number(properties["period"] ?? 300);
  const statistic = String(properties["stat"] ?? "Average");
  let before: string[] = [];
  return rows.flatMap((row): Drawn[] => {
    if (!Array.isArray(row)) {
      return [];
    }
    const last: unknown = row.at(-1);
    const options = (typeof last === "object" && last !== null ? last : {}) as Record<string, unknown>;
    let words = row.filter((word): word is string => typeof word === "string");
    if (words[0] === "...") {
      words = [...before.slice(0, before.length - words.length + 1), ...words.slice(1)];
    }
    words = words.map((word, at) => (word === "." ? (before[at] ?? "") : word));
    before = words;
    const [namespace, name, ...dimensions] = words;
    if (namespace === undefined || name === undefined || "expression" in options) {
      return [];
    }
    const metric: Metric = {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Array.from({ length: Math.floor(dimensions.length / 2) }, (_, at) => ({
        Name: dimensions[2 * at],
        Value: dimensions[2 * at + 1],
      })),
    };
    return [
      {
        metric,
        statistic: String(options["stat"] ?? statistic),
        period: Number(options["period"] ?? period),
        ...(typeof options["label"] === "string" ? { label: options["label"] } : {}),
      },
    ];
  });
}

/** A widget that draws one metric. */
export function metricWidget(metric: Metric, statistic: string, region: string, title: string): Widget {
  const dimensions = (metric.Dimensions ?? []).flatMap(({ Name = "", Value = "" }) => [Name, Value]);
  return {
    type: "metric",
    width: 12,
    height: 6,
    properties: {
      metrics: [[metric.Namespace, metric.MetricName, ...dimensions]],
      stat: statistic,
      period: 60,
      region,
      view: "timeSeries",
      title: title === "" ? (metric.MetricName ?? "") : title,
    },
  };
}

/** The same widgets, laid out in rows from the left as wide as they are. */
export function laidOut(widgets: readonly Widget[]): Widget[] {
  let x = 0;
  let y = 0;
  let tallest = 0;
  return widgets.map((widget) => {
    const width = Math.min(COLUMNS, widget.width ?? 6);
    const height = widget.height ?? 6;
    if (x + width > COLUMNS) {
      x = 0;
      y += tallest;
      tallest = 0;
    }
    const placed = { ...widget, x, y, width, height };
    x += width;
    tallest = Math.max(tallest, height);
    return placed;
  });
}
