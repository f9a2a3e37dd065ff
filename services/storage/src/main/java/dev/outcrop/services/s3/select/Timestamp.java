package dev.outcrop.services.s3.select;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment that knows how exactly it was told.
 *
 * <p>Source: "Date functions", Amazon S3 user guide, and the timestamps of Amazon Ion.
 *
 * @param hasOffset whether it was told how far it is from UTC
 */
record Timestamp(OffsetDateTime moment, Precision precision, boolean hasOffset) implements Comparable<Timestamp> {
    /** How exactly a moment was told. */
    enum Precision {
        YEAR,
        MONTH,
        DAY,
        MINUTE,
        SECOND
    }

    /** What of a moment is asked for, or added to it. */
    enum Part {
        YEAR(ChronoUnit.YEARS, ChronoField.YEAR, Precision.YEAR),
        MONTH(ChronoUnit.MONTHS, ChronoField.MONTH_OF_YEAR, Precision.MONTH),
        DAY(ChronoUnit.DAYS, ChronoField.DAY_OF_MONTH, Precision.DAY),
        HOUR(ChronoUnit.HOURS, ChronoField.HOUR_OF_DAY, Precision.MINUTE),
        MINUTE(ChronoUnit.MINUTES, ChronoField.MINUTE_OF_HOUR, Precision.MINUTE),
        SECOND(ChronoUnit.SECONDS, ChronoField.SECOND_OF_MINUTE, Precision.SECOND),
        TIMEZONE_HOUR(ChronoUnit.FOREVER, ChronoField.OFFSET_SECONDS, Precision.MINUTE),
        TIMEZONE_MINUTE(ChronoUnit.FOREVER, ChronoField.OFFSET_SECONDS, Precision.MINUTE);

        private final ChronoUnit unit;
        private final ChronoField field;
        private final Precision precision;

        Part(ChronoUnit unit, ChronoField field, Precision precision) {
            this.unit = unit;
            this.field = field;
            this.precision = precision;
        }

        /** The part of that name, if there is one. */
        static Optional<Part> of(String name) {
            for (Part part : values()) {
                if (part.name().equalsIgnoreCase(name)) {
                    return Optional.of(part);
                }
            }
            return Optional.empty();
        }

        /** Whether it can be added, and counted between moments. */
        boolean isCounted() {
            return unit != ChronoUnit.FOREVER;
        }
    }

    private static final Pattern WRITTEN = Pattern.compile(
            "(\\d{4})(?:-(\\d{2}))?(?:-(\\d{2}))?(?:[T ](?:(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?)?)?"
                    + "(Z|[+-]\\d{2}(?::?\\d{2})?)?");
    private static final Pattern SYMBOLS =
            Pattern.compile("(?:y{1,4}|M{1,5}|d{1,2}|a|h{1,2}|H{1,2}|m{1,2}|s{1,2}|S{1,9}|n|X{1,5}|x{1,5}"
                    + "|'[^']*'|[^A-Za-z'\\[\\]{}#])*");

    /** Now, in UTC. */
    static Timestamp of(OffsetDateTime moment) {
        return new Timestamp(moment, Precision.SECOND, true);
    }

    /** The moment that {@code text} tells. */
    static Optional<Timestamp> parse(String text) {
        Matcher parts = WRITTEN.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        Precision precision = parts.group(6) != null
                ? Precision.SECOND
                : parts.group(4) != null
                        ? Precision.MINUTE
                        : parts.group(3) != null
                                ? Precision.DAY
                                : parts.group(2) != null ? Precision.MONTH : Precision.YEAR;
        String offset = parts.group(8) == null ? "" : parts.group(8);
        String fraction = parts.group(7) == null ? "" : parts.group(7);
        try {
            OffsetDateTime moment = OffsetDateTime.of(
                    number(parts.group(1), 1),
                    number(parts.group(2), 1),
                    number(parts.group(3), 1),
                    number(parts.group(4), 0),
                    number(parts.group(5), 0),
                    number(parts.group(6), 0),
                    number((fraction + "000000000").substring(0, 9), 0),
                    offset.isEmpty() || offset.equals("-00:00") ? ZoneOffset.UTC : ZoneOffset.of(offset));
            return Optional.of(new Timestamp(moment, precision, !offset.isEmpty() && !offset.equals("-00:00")));
        } catch (DateTimeException outside) {
            return Optional.empty();
        }
    }

    private static int number(String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    Timestamp plus(Part part, long amount) {
        try {
            Precision exact = precision.compareTo(part.precision) < 0 ? part.precision : precision;
            return new Timestamp(moment.plus(amount, part.unit), exact, hasOffset);
        } catch (DateTimeException | ArithmeticException outside) {
            throw SelectErrors.argument("DATE_ADD leaves the time that there is.");
        }
    }

    long until(Part part, Timestamp other) {
        return part.unit.between(moment, other.moment);
    }

    long get(Part part) {
        return switch (part) {
            case TIMEZONE_HOUR -> moment.get(part.field) / 3600;
            case TIMEZONE_MINUTE -> moment.get(part.field) / 60 % 60;
            default -> moment.get(part.field);
        };
    }

    /** As a pattern of S3 Select writes it. */
    String format(String pattern) {
        if (pattern.length() > 1000 || !SYMBOLS.matcher(pattern).matches()) {
            throw SelectErrors.of(
                    "EvaluatorInvalidTimestampFormatPattern",
                    "Invalid time stamp format string in the SQL expression.");
        }
        try {
            return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(moment);
        } catch (IllegalArgumentException | DateTimeException unknown) {
            throw SelectErrors.of(
                    "EvaluatorInvalidTimestampFormatPattern",
                    "Invalid time stamp format string in the SQL expression.");
        }
    }

    /** As Ion writes it. */
    String text() {
        String date = "%04d".formatted(moment.getYear());
        return switch (precision) {
            case YEAR -> date + "T";
            case MONTH -> date + "-%02dT".formatted(moment.getMonthValue());
            case DAY -> DateTimeFormatter.ISO_LOCAL_DATE.format(moment) + "T";
            case MINUTE ->
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT).format(moment) + offset();
            case SECOND -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(moment) + offset();
        };
    }

    private String offset() {
        return hasOffset ? moment.getOffset().getId() : "-00:00";
    }

    @Override
    public int compareTo(Timestamp other) {
        return moment.toInstant().compareTo(other.moment.toInstant());
    }
}
