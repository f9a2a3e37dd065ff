const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** A number of bytes for people, in decimal units as AWS's console has them. */
export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

/** A count in thousands, millions or billions, such as 1.5 B. */
export function amount(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(0)} M`;
  return count.toLocaleString("en");
}

const TIME = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A moment in the reader's own time zone. */
export function time(moment: Date | undefined): string {
  return moment === undefined ? "" : TIME.format(moment);
}

const QUANTITY = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** A measured number in few digits, such as 1.25K. */
export function quantity(value: number): string {
  return QUANTITY.format(value);
}

/** An amount of money, with enough digits that a call that costs little does not cost nothing. */
export function money(value: number, currency: string): string {
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: value !== 0 && Math.abs(value) < 1 ? 8 : 2,
  }).format(value);
}
