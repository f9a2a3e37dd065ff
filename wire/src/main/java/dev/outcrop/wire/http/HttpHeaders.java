package dev.outcrop.wire.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The header fields of a message in their order, names in lower case, a name as often as it was given. */
public final class HttpHeaders {
    private static final HttpHeaders NONE = builder().build();

    private final String[] names;
    private final String[] values;

    private HttpHeaders(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    /** No header at all. */
    public static HttpHeaders none() {
        return NONE;
    }

    /** A builder without headers. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many fields there are. */
    public int size() {
        return names.length;
    }

    /** The name of the field at {@code index}, in lower case. */
    public String name(int index) {
        return names[index];
    }

    /** The value of the field at {@code index}, as it was sent. */
    public String value(int index) {
        return values[index];
    }

    /** The first value of the field whose name in lower case is {@code name}. */
    public Optional<String> first(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return Optional.of(values[i]);
            }
        }
        return Optional.empty();
    }

    /** Whether a field is called {@code name}, in lower case. */
    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** All values of the field whose name in lower case is {@code name}, in their order. */
    public List<String> all(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                found.add(values[i]);
            }
        }
        return found;
    }

    /** A builder that starts with these fields. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.names.addAll(Arrays.asList(names));
        builder.values.addAll(Arrays.asList(values));
        return builder;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            text.append(names[i]).append(": ").append(values[i]).append('\n');
        }
        return text.toString();
    }

    /** Collects header fields. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>(16);
        private final List<String> values = new ArrayList<>(16);

        private Builder() {}

        /** Adds a field after those that are there, also after others of its name. */
        public Builder add(String name, String value) {
            return addLowerCase(name.toLowerCase(Locale.ROOT), value);
        }

        /** As {@link #add}, of a name that is in lower case already. */
        public Builder addLowerCase(String name, String value) {
            names.add(name);
            values.add(value);
            return this;
        }

        /** Whether a field is called {@code name}, in lower case. */
        public boolean has(String name) {
            return names.contains(name);
        }

        /** Puts a field in the place of all others of its name. */
        public Builder set(String name, String value) {
            remove(name);
            return add(name, value);
        }

        /** Takes away all fields called {@code name}. */
        public Builder remove(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            for (int i = names.size() - 1; i >= 0; i--) {
                if (names.get(i).equals(lower)) {
                    names.remove(i);
                    values.remove(i);
                }
            }
            return this;
        }

        /** The fields collected so far. */
        public HttpHeaders build() {
            return new HttpHeaders(names.toArray(String[]::new), values.toArray(String[]::new));
        }
    }
}
