package dev.outcrop.services.secretsmanager;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A {@code cron(…)} schedule of six fields in UTC: minutes, which must be 0, hours, day of month, month, day of week, and
 * year, which must be {@code *}. Either of the days is {@code ?}.
 *
 * <p>Source: "Schedule expressions in Secrets Manager rotation" of the AWS Secrets Manager user guide.
 */
final class CronExpression {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final int FURTHEST_DAYS = 8 * 366 + 1;

    private final BitSet hours;
    private final BitSet months;
    private final Predicate<LocalDate> days;

    private CronExpression(BitSet hours, BitSet months, Predicate<LocalDate> days) {
        this.hours = hours;
        this.months = months;
        this.days = days;
    }

    /** The expression between the parentheses of {@code cron(…)}; empty if it is none. */
    static Optional<CronExpression> parse(String text) {
        String[] fields = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
        try {
            if (fields.length != 6 || !fields[0].equals("0") || !fields[5].equals("*")) {
                return Optional.empty();
            }
            boolean byMonth = fields[4].equals("?");
            if (byMonth == fields[2].equals("?")) {
                return Optional.empty();
            }
            return Optional.of(new CronExpression(
                    values(fields[1], 0, 23, List.of()),
                    values(fields[3], 1, 12, MONTHS),
                    byMonth ? ofMonth(fields[2]) : ofWeek(fields[4])));
        } catch (DateTimeException | NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    private static Predicate<LocalDate> ofMonth(String field) {
        if (field.equals("L")) {
            return day -> day.getDayOfMonth() == day.lengthOfMonth();
        }
        BitSet days = values(field, 1, 31, List.of());
        return day -> days.get(day.getDayOfMonth());
    }

    private static Predicate<LocalDate> ofWeek(String field) {
        int hash = field.indexOf('#');
        if (hash > 0) {
            int weekday = value(field.substring(0, hash), 1, 7, DAYS);
            int nth = value(field.substring(hash + 1), 1, 5, List.of());
            return day -> number(day) == weekday && (day.getDayOfMonth() - 1) / 7 + 1 == nth;
        }
        if (field.endsWith("L") && field.length() > 1) {
            int weekday = value(field.substring(0, field.length() - 1), 1, 7, DAYS);
            return day -> number(day) == weekday
                    && day.getDayOfMonth() + 7 > YearMonth.from(day).lengthOfMonth();
        }
        BitSet days = values(field.equals("L") ? "7" : field, 1, 7, DAYS);
        return day -> days.get(number(day));
    }

    /** Days are counted from Sunday, which is 1. */
    private static int number(LocalDate day) {
        return day.getDayOfWeek().getValue() % 7 + 1;
    }

    /** The values of a list of values, ranges and steps. */
    private static BitSet values(String field, int least, int most, List<String> names) {
        BitSet values = new BitSet();
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            if (stepped.length > 2) {
                throw new NumberFormatException(part);
            }
            int step = stepped.length == 2 ? value(stepped[1], 1, most, List.of()) : 1;
            String[] range = stepped[0].split("-", -1);
            int first;
            int last;
            if (stepped[0].equals("*") || (stepped[0].isEmpty() && stepped.length == 2)) {
                first = least;
                last = most;
            } else if (range.length == 2) {
                first = value(range[0], least, most, names);
                last = value(range[1], least, most, names);
            } else {
                first = value(stepped[0], least, most, names);
                last = stepped.length == 2 ? most : first;
            }
            if (first > last) {
                throw new NumberFormatException(part);
            }
            for (int value = first; value <= last; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int value(String text, int least, int most, List<String> names) {
        int named = names.indexOf(text);
        int value = named >= 0 ? named + 1 : Integer.parseInt(text);
        if (value < least || value > most) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    /** The first time after {@code instant}, if there is one within eight years. */
    Optional<Instant> next(Instant instant) {
        LocalDate today = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        for (int ahead = 0; ahead < FURTHEST_DAYS; ahead++) {
            LocalDate day = today.plusDays(ahead);
            if (months.get(day.getMonthValue()) && days.test(day)) {
                Instant midnight = day.atStartOfDay(ZoneOffset.UTC).toInstant();
                for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
                    Instant time = midnight.plusSeconds(hour * 3600L);
                    if (time.isAfter(instant)) {
                        return Optional.of(time);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it comes more than once a day. */
    boolean repeatsWithinADay() {
        return hours.cardinality() > 1;
    }

    /** The shortest time, in hours, between two of its hours of one day; 24 where there is only one. */
    int shortestGap() {
        int gap = 24;
        for (int hour = hours.nextSetBit(0); hour >= 0; ) {
            int next = hours.nextSetBit(hour + 1);
            gap = next < 0 ? gap : Math.min(gap, next - hour);
            hour = next;
        }
        return gap;
    }

    /** The latest hour of a day at which it comes. */
    int latestHour() {
        return hours.length() - 1;
    }
}
