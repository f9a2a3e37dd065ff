package dev.outcrop.shapes.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Points in time as AWS writes them.
 *
 * <p>Source: <a href="https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait">Smithy's timestamp
 * formats</a>.
 */
final class Timestamps {
    private static final int LONGEST = 64;
    private static final int NANOS_DIGITS = 9;

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HTTP_DATE_WITH_FRACTION = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEE, d MMM uuuu HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, NANOS_DIGITS, true)
            .appendLiteral(' ')
            .appendPattern("[O][xx]")
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][xx]")
            .toFormatter(Locale.ROOT);

    private Timestamps() {}

    static String dateTime(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant);
    }

    static String httpDate(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    /** Seconds since 1970 with at most three decimals, as AWS has them. */
    static String epochSeconds(Instant instant) {
        return exactEpochSeconds(instant.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Seconds since 1970 with as many decimals as there are. */
    static String exactEpochSeconds(Instant instant) {
        if (instant.getNano() == 0) {
            return Long.toString(instant.getEpochSecond());
        }
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), NANOS_DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    static Instant parseDateTime(String text) {
        return parse(text, DATE_TIME);
    }

    static Instant parseHttpDate(String text) {
        return parse(text, HTTP_DATE_WITH_FRACTION);
    }

    private static Instant parse(String text, DateTimeFormatter format) {
        if (text.length() > LONGEST) {
            throw notATimestamp("a text of " + text.length() + " characters");
        }
        try {
            return format.parse(text, Instant::from);
        } catch (DateTimeException _) {
            throw notATimestamp(text);
        }
    }

    static Instant parseEpochSeconds(String text) {
        if (text.length() > LONGEST) {
            throw notATimestamp("a text of " + text.length() + " characters");
        }
        try {
            return ofEpochSeconds(new BigDecimal(text));
        } catch (NumberFormatException _) {
            throw notATimestamp(text);
        }
    }

    static Instant ofEpochSeconds(BigDecimal seconds) {
        // Before any arithmetic: 1e999999999 is short to write and long to compute with.
        if (Math.abs((long) seconds.precision() - seconds.scale()) > LONGEST
                || Math.abs((long) seconds.scale()) > LONGEST) {
            throw notATimestamp(seconds.toString());
        }
        try {
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            long nanos = seconds.subtract(whole)
                    .movePointRight(NANOS_DIGITS)
                    .setScale(0, RoundingMode.DOWN)
                    .longValue();
            return Instant.ofEpochSecond(whole.longValueExact(), nanos);
        } catch (ArithmeticException | DateTimeException _) {
            throw notATimestamp(seconds.toString());
        }
    }

    static Instant ofEpochSeconds(double seconds) {
        if (!Double.isFinite(seconds)) {
            throw notATimestamp(Double.toString(seconds));
        }
        // Doubles hold today's time to about a quarter of a microsecond: to the millisecond is what was meant.
        return ofEpochMillis(new BigDecimal(seconds).movePointRight(3).setScale(0, RoundingMode.HALF_EVEN));
    }

    private static Instant ofEpochMillis(BigDecimal millis) {
        try {
            return Instant.ofEpochMilli(millis.longValueExact());
        } catch (ArithmeticException _) {
            throw notATimestamp(millis.toString());
        }
    }

    private static SerializationFailure notATimestamp(String text) {
        return new SerializationFailure("", "Unable to parse date : " + text);
    }
}
