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
