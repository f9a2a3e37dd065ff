package dev.outcrop.shapes.codec;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a Query request, as the tree that the dots in their names make: {@code Tags.member.1.Key}.
 *
 * <p>Where a name is given twice, the last one counts.
 */
public final class QueryParameters {
    private static final int MOST_PARAMETERS = 200_000;

    private final Map<String, QueryParameters> children = new LinkedHashMap<>();
    private String value;

    private QueryParameters() {}

    /**
     * The parameters of a form ({@code application/x-www-form-urlencoded}, UTF-8), a body or a query string.
     *
     * @throws SerializationFailure if it is malformed or exceeds the limits
     */
    public static QueryParameters parse(byte[] form, ReadLimits limits) {
        if (form.length > limits.bytes()) {
            throw new SerializationFailure("", "More than " + limits.bytes() + " bytes of parameters");
        }
        QueryParameters root = new QueryParameters();
        FormReader pairs = new FormReader(form);
        long count = 0;
        while (pairs.next()) {
            if (++count > Math.min(limits.values(), MOST_PARAMETERS)) {
                throw new SerializationFailure("", "Too many parameters");
            }
            root.put(pairs.name(), pairs.value(), limits);
        }
        return root;
    }

    /** The parameters of a form with the default limits. */
    public static QueryParameters parse(String form) {
        return parse(form.getBytes(StandardCharsets.UTF_8), ReadLimits.DEFAULT);
    }

    private void put(String name, String text, ReadLimits limits) {
        if (text.length() > limits.stringLength()) {
            throw new SerializationFailure("/" + name, "More than " + limits.stringLength() + " characters");
        }
        QueryParameters node = this;
        int depth = 0;
        int start = 0;
        while (start <= name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            if (++depth > limits.depth()) {
                throw new SerializationFailure("", "A parameter name with more than " + limits.depth() + " parts");
            }
            node = node.children.computeIfAbsent(name.substring(start, end), _ -> new QueryParameters());
            start = end + 1;
        }
        node.value = text;
    }

    /** The value of the parameter {@code name}, a name without dots. */
    public Optional<String> get(String name) {
        QueryParameters child = children.get(name);
        return child == null ? Optional.empty() : Optional.ofNullable(child.value);
    }

    /** What is below {@code name}, or null. */
    QueryParameters child(String name) {
        return children.get(name);
    }

    Map<String, QueryParameters> children() {
        return children;
    }

    /** The value of this parameter itself, or null. */
    String value() {
        return value;
    }
}
