package dev.outcrop.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Lines of fields parted by tabs, as {@code shapes/tables/refresh.py} describes them. */
final class TableReader {
    private static final char CONTROL_PICTURES = 0x2400;
    private static final int CONTROL_CHARACTERS = 0x20;

    private final String text;
    private final List<String> fields = new ArrayList<>();
    private int position;
    private int firstOption;

    TableReader(String text) {
        this.text = text;
    }

    /** Goes to the next line that is no comment; false at the end. */
    boolean nextLine() {
        while (position < text.length() && text.charAt(position) == '#') {
            position = text.indexOf('\n', position) + 1;
        }
        if (position >= text.length()) {
            return false;
        }
        fields.clear();
        int end = text.indexOf('\n', position);
        int start = position;
        for (int tab = text.indexOf('\t', start, end); tab >= 0; tab = text.indexOf('\t', start, end)) {
            fields.add(text.substring(start, tab));
            start = tab + 1;
        }
        fields.add(text.substring(start, end));
        position = end + 1;
        return true;
    }

    /** Whether the line after this one begins with a tab, that is, belongs to this one. */
    boolean nextLineBelongs() {
        return position < text.length() && text.charAt(position) == '\t';
    }

    String field(int index) {
        return fields.get(index);
    }

    /** Says that the options and flags of this line begin after {@code count} fields. */
    void optionsAfter(int count) {
        firstOption = count;
    }

    boolean flag(String name) {
        for (int i = firstOption; i < fields.size(); i++) {
            if (fields.get(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    Optional<String> option(String name) {
        String value = value(name);
        return value == null ? Optional.empty() : Optional.of(restored(value));
    }

    /** The values of an option that are parted by {@code separator}; none if the line has no such option. */
    List<String> options(String name, char separator) {
        String value = value(name);
        return value == null ? List.of() : split(restored(value), separator);
    }

    static List<String> split(String value, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int end = value.indexOf(separator); end >= 0; end = value.indexOf(separator, start)) {
            parts.add(value.substring(start, end));
            start = end + 1;
        }
        parts.add(value.substring(start));
        return parts;
    }

    OptionalLong wholeOption(String name) {
        String value = value(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }

    OptionalDouble numberOption(String name) {
        String value = value(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(value));
    }

    private String value(String name) {
        for (int i = firstOption; i < fields.size(); i++) {
            String field = fields.get(i);
            if (field.length() > name.length() && field.charAt(name.length()) == '=' && field.startsWith(name)) {
                return field.substring(name.length() + 1);
            }
        }
        return null;
    }

    /** The value with control characters instead of their pictures. */
    private static String restored(String value) {
        StringBuilder restored = null;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= CONTROL_PICTURES && c < CONTROL_PICTURES + CONTROL_CHARACTERS) {
                restored = restored == null ? new StringBuilder(value) : restored;
                restored.setCharAt(i, (char) (c - CONTROL_PICTURES));
            }
        }
        return restored == null ? value : restored.toString();
    }
}
