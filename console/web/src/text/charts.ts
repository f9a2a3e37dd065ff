const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** What charts say. */
export const charts = {
  legend: "Legend",
  line: "line chart",
  bar: "bar chart",
  xAxis: "x axis",
  yAxis: "y axis",
  dismiss: "Dismiss",
  loading: "Loading",
  others: "Others",
  clock: (moment: Date) => CLOCK.format(moment),
  day: (moment: Date) => DAY.format(moment),
} as const;

/** How far back a page looks, in seconds. */
export const RANGES: readonly (readonly [string, string])[] = [
  ["900", "Last 15 minutes"],
  ["3600", "Last hour"],
  ["10800", "Last 3 hours"],
  ["43200", "Last 12 hours"],
  ["86400", "Last day"],
  ["604800", "Last week"],
  ["2592000", "Last 30 days"],
];
