import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import FormField from "@cloudscape-design/components/form-field";
import { range as text } from "../text/range.ts";
import { shell } from "../text/shell.ts";
import { DAY_RANGES, type Range, RANGES, secondsOf, spanOf } from "./range.ts";

/** More, and a day and its month would come twice. */
const MOST_DAYS = 365;
const DAY = 86_400;

const STRINGS: DateRangePickerProps.I18nStrings = {
  modeSelectionLabel: text.label,
  relativeModeTitle: text.relative,
  absoluteModeTitle: text.absolute,
  relativeRangeSelectionHeading: text.heading,
  cancelButtonLabel: text.cancel,
  clearButtonLabel: text.clear,
  applyButtonLabel: text.apply,
  formatRelativeRange: ({ amount, unit }) => text.last(amount, unit),
  formatUnit: (unit, amount) => text.unit(unit, amount),
  customRelativeRangeOptionLabel: text.custom,
  customRelativeRangeOptionDescription: text.customHint,
  customRelativeRangeDurationLabel: text.length,
  customRelativeRangeDurationPlaceholder: text.lengthHint,
  customRelativeRangeUnitLabel: text.unitLabel,
  startDateLabel: text.startDate,
  startTimeLabel: text.startTime,
  endDateLabel: text.endDate,
  endTimeLabel: text.endTime,
  dateConstraintText: text.dateHint,
  isoDateConstraintText: text.dateHint,
  dateTimeConstraintText: text.dateTimeHint,
  isoDateTimeConstraintText: text.dateTimeHint,
  errorIconAriaLabel: shell.icons.error,
  todayAriaLabel: text.today,
  currentMonthAriaLabel: text.thisMonth,
  nextMonthAriaLabel: text.nextMonth,
  previousMonthAriaLabel: text.previousMonth,
};

interface Props {
  value: Range;
  /** Whether days are asked for, and no times of day. */
  days?: boolean;
  onChange: (value: Range) => void;
}

/** Asks for a stretch of time: until now, or between two times. */
export function RangeField({ value, days = false, onChange }: Props) {
  return (
    <FormField label={text.label}>
      <DateRangePicker
        value={value}
        dateOnly={days}
        relativeOptions={days ? DAY_RANGES : RANGES}
        customRelativeRangeUnits={days ? ["day", "week"] : ["minute", "hour", "day", "week"]}
        isValidRange={(range) => validity(range, days)}
        i18nStrings={STRINGS}
        locale="en"
        dateInputFormat="iso"
        hideTimeOffset
        expandToViewport
        showClearButton={false}
        placeholder={text.heading}
        onChange={(event) => event.detail.value !== null && onChange(event.detail.value)}
      />
    </FormField>
  );
}

function validity(range: Range | null, days: boolean): DateRangePickerProps.ValidationResult {
  const wrong = (errorMessage: string) => ({ valid: false as const, errorMessage });
  if (range === null) {
    return wrong(text.incomplete);
  }
  const { from, to } = spanOf(range, new Date());
  if (range.type === "relative" && !(range.amount > 0)) {
    return wrong(text.noLength);
  }
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) {
    return wrong(text.incomplete);
  }
  if (days ? from > to : from >= to) {
    return wrong(text.backward);
  }
  return days && secondsOf(range) > MOST_DAYS * DAY ? wrong(text.tooLong(MOST_DAYS)) : { valid: true };
}
