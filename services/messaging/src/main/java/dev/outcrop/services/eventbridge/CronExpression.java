package dev.outcrop.services.eventbridge;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * AWS's dialect of cron, in UTC: minutes, hours, day of the month, month, day of the week (1 is Sunday) and year, of which
 * one of both days is {@code ?}; with {@code L} for the last day, {@code W} for the nearest weekday and {@code #} for the
 * n-th day of the week of a month.
 *
 * <p>Source: "Cron expressions reference" of the Amazon EventBridge user guide.
 */
final class CronExpression implements Schedule {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2199;

    private final BitSet minutes;
    private final BitSet hours;
    private final Predicate<LocalDate> day;
    private final BitSet months;
    private final BitSet years;

    private CronExpression(BitSet minutes, BitSet hours, Predicate<LocalDate> day, BitSet months, BitSet years) {
        this.minutes = minutes;
        this.hours = hours;
        this.day = day;
        this.months = months;
        this.years = years;
    }

    /** Reads the six fields; empty if they are not right. */
    static Optional<CronExpression> read(String text) {
        String[] fields = text.toUpperCase(Locale.ROOT).strip().split(" +");
        if (fields.length != 6 || fields[2].equals("?") == fields[4].equals("?")) {
            return Optional.empty();
        }
        try {
            Predicate<LocalDate> day = fields[4].equals("?") ? dayOfMonth(fields[2]) : dayOfWeek(fields[4]);
            return Optional.of(new CronExpression(
                    values(fields[0], 0, 59, List.of()),
                    values(fields[1], 0, 23, List.of()),
                    day,
                    values(fields[3], 1, 12, MONTHS),
                    values(fields[5], FIRST_YEAR, LAST_YEAR, List.of())));
        } catch (IllegalArgumentException wrong) {
            return Optional.empty();
        }
    }

    /** The values of lists, ranges and steps. */
    private static BitSet values(String field, int first, int last, List<String> names) {
        BitSet values = new BitSet();
        for (String item : field.split(",", -1)) {
            String[] halves = item.split("/", -1);
            if (halves.length > 2) {
                throw new IllegalArgumentException(item);
            }
            int step = halves.length == 1 ? 1 : Integer.parseInt(halves[1]);
            String[] range = halves[0].split("-", -1);
            if (step < 1 || range.length > 2) {
                throw new IllegalArgumentException(item);
            }
            int from = halves[0].equals("*") ? first : number(range[0], first, names);
            int to;
            if (halves[0].equals("*") || (range.length == 1 && halves.length == 2)) {
                to = last;
            } else {
                to = number(range[range.length - 1], first, names);
            }
            if (from < first || to > last || from > to) {
                throw new IllegalArgumentException(item);
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int number(String text, int first, List<String> names) {
        int named = names.indexOf(text);
        return named >= 0 ? named + first : Integer.parseInt(text);
    }

    private static Predicate<LocalDate> dayOfMonth(String field) {
        if (field.equals("L")) {
            return date -> date.getDayOfMonth() == date.lengthOfMonth();
        }
        if (field.equals("LW")) {
            return date -> date.equals(nearestWeekday(YearMonth.from(date), date.lengthOfMonth()));
        }
        if (field.endsWith("W")) {
            int wanted = Integer.parseInt(field.substring(0, field.length() - 1));
            if (wanted < 1 || wanted > 31) {
                throw new IllegalArgumentException(field);
            }
            return date -> wanted <= date.lengthOfMonth() && date.equals(nearestWeekday(YearMonth.from(date), wanted));
        }
        BitSet days = values(field, 1, 31, List.of());
        return date -> days.get(date.getDayOfMonth());
    }

    /** The weekday nearest to a day, in the same month. */
    private static LocalDate nearestWeekday(YearMonth month, int day) {
        LocalDate wanted = month.atDay(day);
        if (wanted.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return day == 1 ? wanted.plusDays(2) : wanted.minusDays(1);
        }
        if (wanted.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return day == month.lengthOfMonth() ? wanted.minusDays(2) : wanted.plusDays(1);
        }
        return wanted;
    }

    private static Predicate<LocalDate> dayOfWeek(String field) {
        if (field.equals("L")) {
            return date -> number(date) == 7;
        }
        if (field.endsWith("L")) {
            int wanted = single(field.substring(0, field.length() - 1));
            return date -> number(date) == wanted && date.getDayOfMonth() > date.lengthOfMonth() - 7;
        }
        int hash = field.indexOf('#');
        if (hash >= 0) {
            int wanted = single(field.substring(0, hash));
            int count = Integer.parseInt(field.substring(hash + 1));
            if (count < 1 || count > 5) {
                throw new IllegalArgumentException(field);
            }
            return date -> number(date) == wanted && (date.getDayOfMonth() - 1) / 7 + 1 == count;
        }
        BitSet days = values(field, 1, 7, DAYS);
        return date -> days.get(number(date));
    }

    private static int single(String text) {
        int day = number(text, 1, DAYS);
        if (day < 1 || day > 7) {
            throw new IllegalArgumentException(text);
        }
        return day;
    }

    /** The day of the week as cron counts: 1 is Sunday. */
    private static int number(LocalDate date) {
        return date.getDayOfWeek().getValue() % 7 + 1;
    }

    @Override
    public Optional<Instant> next(Instant time, Instant beginning) {
        LocalDateTime from = LocalDateTime.ofInstant(time, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MINUTES)
                .plusMinutes(1);
        LocalDate date = from.toLocalDate();
        while (date.getYear() <= LAST_YEAR) {
            int year = years.nextSetBit(date.getYear());
            if (year < 0) {
                return Optional.empty();
            }
            if (year > date.getYear()) {
                date = LocalDate.of(year, Month.JANUARY, 1);
            } else if (!months.get(date.getMonthValue())) {
                date = date.plusMonths(1).withDayOfMonth(1);
            } else {
                Optional<LocalDateTime> found = day.test(date)
                        ? firstOf(date, date.equals(from.toLocalDate()) ? from : date.atStartOfDay())
                        : Optional.empty();
                if (found.isPresent()) {
                    return Optional.of(found.get().toInstant(ZoneOffset.UTC));
                }
                date = date.plusDays(1);
            }
        }
        return Optional.empty();
    }

    private Optional<LocalDateTime> firstOf(LocalDate date, LocalDateTime from) {
        for (int hour = hours.nextSetBit(from.getHour()); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            int minute = minutes.nextSetBit(hour == from.getHour() ? from.getMinute() : 0);
            if (minute >= 0) {
                return Optional.of(date.atTime(hour, minute));
            }
        }
        return Optional.empty();
    }
}
