package dev.outcrop.wire.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parameters of a query string or of a form, decoded, in their order. */
public final class QueryString {
    private static final int MOST_PARAMETERS = 10_000;

    private final List<Parameter> parameters;

    private QueryString(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads what stands after the question mark.
     *
     * @throws IllegalArgumentException if it is not well encoded or has more than 10,000 parameters
     */
    public static QueryString parse(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start < raw.length()) {
            int end = raw.indexOf('&', start);
            if (end < 0) {
                end = raw.length();
            }
            if (end > start) {
                if (parameters.size() == MOST_PARAMETERS) {
                    throw new IllegalArgumentException("a request may have 10,000 parameters, but has more");
                }
                int equals = raw.indexOf('=', start);
                boolean valued = equals >= 0 && equals < end;
                String name = PercentEncoding.decode(raw.substring(start, valued ? equals : end), true);
                String value = valued ? PercentEncoding.decode(raw.substring(equals + 1, end), true) : "";
                parameters.add(new Parameter(name, value, valued));
            }
            start = end + 1;
        }
        return new QueryString(List.copyOf(parameters));
    }

    /** All parameters in their order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** The value of the first parameter called {@code name}. */
    public Optional<String> first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /** Whether there is a parameter called {@code name}. */
    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** The values of all parameters called {@code name}. */
    public List<String> all(String name) {
        List<String> found = new ArrayList<>(1);
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                found.add(parameter.value());
            }
        }
        return found;
    }

    /**
     * One parameter.
     *
     * @param valued whether an equals sign followed the name
     */
    public record Parameter(String name, String value, boolean valued) {}
}
