import type { DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";

/** A stretch of time: so much of it until now, or from one moment to another. */
export type Range = DateRangePickerProps.Value;

type Unit = DateRangePickerProps.TimeUnit;

const SECONDS: Record<Unit, number> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

/** The time until now, such as of 3 hours. */
export function last(amount: number, unit: Unit): DateRangePickerProps.RelativeOption {
  return { key: `${amount}-${unit}`, type: "relative", amount, unit };
}

/** What is offered where a page looks at minutes to weeks. */
export const RANGES = [
  last(15, "minute"),
  last(1, "hour"),
  last(3, "hour"),
  last(12, "hour"),
  last(1, "day"),
  last(1, "week"),
  last(30, "day"),
];

/** What is offered where a page counts days. */
export const DAY_RANGES = [last(7, "day"), last(30, "day"), last(90, "day")];

/** From when to when; `now` is where a relative one ends. */
export function spanOf(range: Range, now: Date): { from: Date; to: Date } {
  return range.type === "absolute"
    ? { from: new Date(range.startDate), to: new Date(range.endDate) }
    : { from: new Date(now.getTime() - range.amount * SECONDS[range.unit] * 1000), to: now };
}

export function secondsOf(range: Range): number {
  const { from, to } = spanOf(range, new Date());
  return (to.getTime() - from.getTime()) / 1000;
}

/** The days of UTC's that a range names, both included, as YYYY-MM-DD; a relative one ends today. */
export function daysOf(range: Range, now: Date): string[] {
  const first = range.type === "absolute" ? Date.parse(range.startDate) : now.getTime() - (secondsOf(range) - SECONDS.day) * 1000;
  const final = range.type === "absolute" ? Date.parse(range.endDate) : now.getTime();
  const count = Math.round((final - first) / 1000 / SECONDS.day) + 1;
  return Array.from({ length: count }, (_, day) => new Date(first + day * SECONDS.day * 1000).toISOString().slice(0, 10));
}
