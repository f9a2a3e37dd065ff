package dev.outcrop.engines.patterns;

import dev.outcrop.engines.patterns.JsonValue.Elements;
import dev.outcrop.engines.patterns.JsonValue.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an event has to look like. All fields that a pattern names must fit, each to one of the alternatives listed for it;
 * of {@code $or} one branch. An array fits if one of its elements does; where a pattern says several things of the objects
 * in an array, one of them must fit all.
 *
 * <p>Source: "Amazon EventBridge event patterns" and "Comparison operators" of the Amazon EventBridge user guide. Numbers
 * are compared as they are written, save by {@code numeric} and {@code anything-but}.
 */
public final class EventPattern {
    private final Condition root;

    EventPattern(Condition root) {
        this.root = root;
    }

    /**
     * Reads a pattern.
     *
     * @param json at most a thousand levels deep
     * @throws InvalidPatternException if it is none
     */
    public static EventPattern read(String json) {
        return new PatternReader(json).read();
    }

    /** Whether an event fits. */
    public boolean matches(JsonValue event) {
        return fits(root, Optional.of(event));
    }

    /** The strings of which a field of the outermost object has to be one, if the pattern wants that; in order. */
    public Optional<Set<String>> wantedTexts(String field) {
        return root.fields().get(field) instanceof Leaf leaf
                ? leaf.exact()
                        .map(values -> values.stream()
                                .filter(JsonValue.Text.class::isInstance)
                                .map(value -> ((JsonValue.Text) value).value())
                                .collect(Collectors.toCollection(TreeSet::new)))
                : Optional.empty();
    }

    Condition root() {
        return root;
    }

    /** What is said of one place in an event. */
    sealed interface Node {}

    /** What is said of an object: of all these fields, and in each of the choices by one of its branches. */
    record Condition(Map<String, Node> fields, List<List<Condition>> choices) implements Node {}

    /** What is said of a value: any of these. */
    record Leaf(List<Matcher> matchers) implements Node {
        /** The values of which the value must be one, where that is all that is said. */
        Optional<Set<JsonValue>> exact() {
            return matchers.stream().allMatch(Matcher.Exact.class::isInstance)
                    ? Optional.of(matchers.stream()
                            .map(matcher -> ((Matcher.Exact) matcher).wanted())
                            .collect(Collectors.toSet()))
                    : Optional.empty();
        }
    }

    private static boolean fits(Node node, Optional<JsonValue> value) {
        return switch (node) {
            case Condition condition -> fits(condition, value);
            case Leaf leaf -> fits(leaf, value);
        };
    }

    private static boolean fits(Condition condition, Optional<JsonValue> value) {
        if (value.isPresent() && value.get() instanceof Elements(List<JsonValue> elements)) {
            return fitsAny(condition, elements);
        }
        Map<String, JsonValue> fields =
                value.isPresent() && value.get() instanceof Fields(Map<String, JsonValue> present) ? present : Map.of();
        for (Map.Entry<String, Node> field : condition.fields().entrySet()) {
            if (!fits(field.getValue(), Optional.ofNullable(fields.get(field.getKey())))) {
                return false;
            }
        }
        for (List<Condition> choice : condition.choices()) {
            if (choice.stream().noneMatch(branch -> fits(branch, value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean fitsAny(Condition condition, List<JsonValue> elements) {
        boolean objects = false;
        for (JsonValue element : elements) {
            if (element instanceof Fields || element instanceof Elements) {
                objects = true;
                if (fits(condition, Optional.of(element))) {
                    return true;
                }
            }
        }
        // Nothing in the array has any field.
        return !objects && fits(condition, Optional.empty());
    }

    private static boolean fits(Leaf leaf, Optional<JsonValue> value) {
        if (value.isPresent() && hasScalars(value.get())) {
            return fitsScalar(leaf, value.get());
        }
        for (Matcher matcher : leaf.matchers()) {
            if (matcher.acceptsAbsence()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is a value at the place itself, not only further down. */
    private static boolean hasScalars(JsonValue value) {
        return switch (value) {
            case Elements(List<JsonValue> elements) -> elements.stream().anyMatch(EventPattern::hasScalars);
            case Fields _ -> false;
            default -> true;
        };
    }

    private static boolean fitsScalar(Leaf leaf, JsonValue value) {
        return switch (value) {
            case Elements(List<JsonValue> elements) -> elements.stream().anyMatch(element -> fitsScalar(leaf, element));
            case Fields _ -> false;
            default -> leaf.matchers().stream().anyMatch(matcher -> matcher.accepts(value));
        };
    }
}
