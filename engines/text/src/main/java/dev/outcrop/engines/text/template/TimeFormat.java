package dev.outcrop.engines.text.template;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code strftime} in the C locale. */
final class TimeFormat {
    private TimeFormat() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder result = new StringBuilder();
        for (int position = 0; position < format.length(); position++) {
            char character = format.charAt(position);
            if (character != '%' || position + 1 == format.length()) {
                result.append(character);
                continue;
            }
            char directive = format.charAt(++position);
            boolean unpadded = directive == '-' && position + 1 < format.length();
            if (unpadded) {
                directive = format.charAt(++position);
            }
            String value = directive(directive, time);
            result.append(unpadded && value.length() == 2 && value.startsWith("0") ? value.substring(1) : value);
        }
        return result.toString();
    }

    private static String directive(char directive, ZonedDateTime time) {
        return switch (directive) {
            case 'Y' -> pattern("uuuu", time);
            case 'y' -> pattern("uu", time);
            case 'm' -> pattern("MM", time);
            case 'd' -> pattern("dd", time);
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'B' -> pattern("MMMM", time);
            case 'b', 'h' -> pattern("MMM", time);
            case 'A' -> pattern("EEEE", time);
            case 'a' -> pattern("EEE", time);
            case 'H' -> pattern("HH", time);
            case 'I' -> pattern("hh", time);
            case 'M' -> pattern("mm", time);
            case 'S' -> pattern("ss", time);
            case 'p' -> pattern("a", time);
            case 'j' -> pattern("DDD", time);
            case 'f' -> pattern("SSSSSS", time);
            case 'Z' -> pattern("zzz", time);
            case 'z' -> pattern("xx", time);
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'F' -> pattern("uuuu-MM-dd", time);
            case 'T' -> pattern("HH:mm:ss", time);
            case 'R' -> pattern("HH:mm", time);
            case 'D', 'x' -> pattern("MM/dd/uu", time);
            case 'X' -> pattern("HH:mm:ss", time);
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> throw new TemplateException("strftime_now does not know %" + directive);
        };
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
