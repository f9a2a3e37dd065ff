package dev.outcrop.wire.binding;

import dev.outcrop.shapes.codec.SerializationFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists in one header value, divided by commas.
 *
 * <p>Source: Smithy, "HTTP binding traits", {@code httpHeader}: values with commas or quotes are quoted; HTTP dates, which
 * hold a comma, are divided by every second one.
 */
final class HeaderLists {
    private HeaderLists() {}

    /** The values in {@code header}. */
    static List<String> split(String header) {
        List<String> values = new ArrayList<>();
        int i = 0;
        int length = header.length();
        while (i <= length) {
            while (i < length && isBlank(header.charAt(i))) {
                i++;
            }
            if (i < length && header.charAt(i) == '"') {
                StringBuilder value = new StringBuilder();
                i++;
                while (i < length && header.charAt(i) != '"') {
                    if (header.charAt(i) == '\\' && i + 1 < length) {
                        i++;
                    }
                    value.append(header.charAt(i++));
                }
                if (i == length) {
                    throw new SerializationFailure("", "Invalid header list syntax: expected end quote");
                }
                i++;
                while (i < length && isBlank(header.charAt(i))) {
                    i++;
                }
                if (i < length && header.charAt(i) != ',') {
                    throw new SerializationFailure("", "Invalid header list syntax: expected a comma");
                }
                values.add(value.toString());
                i++;
            } else {
                int comma = header.indexOf(',', i);
                int end = comma < 0 ? length : comma;
                String value = header.substring(i, end).strip();
                if (!value.isEmpty() || comma >= 0 || !values.isEmpty()) {
                    values.add(value);
                }
                i = end + 1;
            }
        }
        return values;
    }

    /** The HTTP dates in {@code header}. */
    static List<String> splitDates(String header) {
        List<String> values = new ArrayList<>();
        int start = 0;
        while (start < header.length()) {
            int first = header.indexOf(',', start);
            int second = first < 0 ? -1 : header.indexOf(',', first + 1);
            int end = second < 0 ? header.length() : second;
            values.add(header.substring(start, end).strip());
            start = end + 1;
        }
        return values;
    }

    /** {@code value} as an element of a list of texts. */
    static String quoted(String value) {
        if (value.indexOf(',') < 0 && value.indexOf('"') < 0 && value.strip().equals(value) && !value.isEmpty()) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
