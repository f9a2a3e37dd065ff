package dev.outcrop.wire.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A moment as signatures write it: ISO 8601 without separators, in UTC, to the second. */
record SignatureTime(Instant instant) {
    SignatureTime {
        instant = instant.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Such as {@code 20150830T123600Z}. */
    String basic() {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(16);
        date(time, text);
        text.append('T');
        digits(time.getHour(), 2, text);
        digits(time.getMinute(), 2, text);
        digits(time.getSecond(), 2, text);
        return text.append('Z').toString();
    }

    /** Such as {@code 20150830}, the date of a credential scope. */
    String date() {
        StringBuilder text = new StringBuilder(8);
        date(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), text);
        return text.toString();
    }

    private static void date(LocalDateTime time, StringBuilder out) {
        digits(time.getYear(), 4, out);
        digits(time.getMonthValue(), 2, out);
        digits(time.getDayOfMonth(), 2, out);
    }

    private static void digits(int value, int width, StringBuilder out) {
        for (int divisor = width == 4 ? 1000 : 10; divisor > 0; divisor /= 10) {
            out.append((char) ('0' + value / divisor % 10));
        }
    }

    /** Reads an {@code X-Amz-Date}, or the HTTP date of a {@code Date} header. */
    static Optional<SignatureTime> parse(String text) {
        try {
            if (text.length() == 16 && text.charAt(8) == 'T' && text.charAt(15) == 'Z') {
                return Optional.of(new SignatureTime(LocalDateTime.of(
                                number(text, 0, 4),
                                number(text, 4, 6),
                                number(text, 6, 8),
                                number(text, 9, 11),
                                number(text, 11, 13),
                                number(text, 13, 15))
                        .toInstant(ZoneOffset.UTC)));
            }
            return Optional.of(new SignatureTime(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text))));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int number(String text, int start, int end) {
        return Integer.parseUnsignedInt(text, start, end, 10);
    }
}
