package dev.outcrop.services.s3.select;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A value in a record, or of an expression. */
sealed interface Value {
    /** What is not there. */
    enum Absent implements Value {
        /** There is no such field. */
        MISSING,
        NULL
    }

    record Bool(boolean value) implements Value {}

    /** An integer if it has no places behind the point. */
    record Num(BigDecimal value) implements Value {
        boolean isInteger() {
            return value.scale() <= 0;
        }

        String text() {
            return Math.abs(value.scale()) > 30 ? value.toString() : value.toPlainString();
        }
    }

    record Text(String value) implements Value {}

    record Time(Timestamp value) implements Value {}

    record Items(List<Value> values) implements Value {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** In the order in which they were written. */
    record Fields(Map<String, Value> values) implements Value {}

    /** A record of CSV. */
    record Columns(Header header, List<String> cells) implements Value {
        Optional<Value> find(String name, boolean exact) {
            return header.position(name, exact)
                    .map(position -> position < cells.size() ? new Text(cells.get(position)) : Absent.MISSING);
        }
    }

    /** The names of columns; a column is always known by its position, too. */
    record Header(List<String> names) {
        static final Header NONE = new Header(List.of());

        public Header {
            names = List.copyOf(names);
        }

        String name(int position) {
            return position < names.size() ? names.get(position) : "_" + (position + 1);
        }

        Optional<Integer> position(String name, boolean exact) {
            int position = names.indexOf(name);
            for (int i = 0; position < 0 && !exact && i < names.size(); i++) {
                position = names.get(i).equalsIgnoreCase(name) ? i : -1;
            }
            if (position >= 0) {
                return Optional.of(position);
            }
            if (name.matches("_\\d{1,9}")) {
                int index = Integer.parseInt(name.substring(1));
                if (index == 0) {
                    throw SelectErrors.of("InvalidColumnIndex", "The column index in the SQL expression is invalid.");
                }
                return Optional.of(index - 1);
            }
            return Optional.empty();
        }
    }

    static Value of(boolean value) {
        return new Bool(value);
    }

    static Value of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    /** The number that {@code text} is, unless it is none, or so large that to calculate with it is an attack. */
    static Optional<Num> number(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.length() > 100) {
            return Optional.empty();
        }
        char first = trimmed.charAt(0);
        if ((first < '0' || first > '9') && "+-.".indexOf(first) < 0) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(trimmed);
            return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(new Num(number));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** A truth value written as a text. */
    static Optional<Boolean> bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
