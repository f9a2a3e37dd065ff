package dev.outcrop.engines.vectors;

import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/**
 * Which entries are wanted, by their metadata. {@link #matches} says what each condition means; a store that cannot
 * express one can fall back on it. A condition about a key holds for a list when it holds for one of its items, and never
 * for an entry without the key, except {@link NotEquals} and {@link NotIn}, which are the opposites of {@link Equals} and
 * {@link In}, and {@link Exists}. Values of different types are different, and neither is greater.
 */
public sealed interface MetadataFilter {
    /** The deepest that filters may be nested in each other. */
    int DEEPEST = 16;

    /** Whether an entry with this metadata is wanted. */
    boolean matches(Map<String, MetadataValue> metadata);

    /** How many filters stand in each other, at least 1. */
    default int depth() {
        return 1;
    }

    /** All of the filters. */
    record And(List<MetadataFilter> filters) implements MetadataFilter {
        public And {
            filters = List.copyOf(filters);
        }

        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return filters.stream().allMatch(filter -> filter.matches(metadata));
        }

        @Override
        public int depth() {
            return depthOver(filters);
        }
    }

    /** At least one of the filters. */
    record Or(List<MetadataFilter> filters) implements MetadataFilter {
        public Or {
            filters = List.copyOf(filters);
        }

        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return filters.stream().anyMatch(filter -> filter.matches(metadata));
        }

        @Override
        public int depth() {
            return depthOver(filters);
        }
    }

    /** The key has that value. */
    record Equals(String key, MetadataValue value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            MetadataValue present = metadata.get(key);
            return present != null && (present.equals(value) || present.items().contains(value));
        }
    }

    /** The key does not have that value. */
    record NotEquals(String key, MetadataValue value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return !new Equals(key, value).matches(metadata);
        }
    }

    /** The key's number is greater. */
    record GreaterThan(String key, double value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return number(metadata, key, present -> present > value);
        }
    }

    /** The key's number is greater or equal. */
    record GreaterThanOrEquals(String key, double value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return number(metadata, key, present -> present >= value);
        }
    }

    /** The key's number is less. */
    record LessThan(String key, double value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return number(metadata, key, present -> present < value);
        }
    }

    /** The key's number is less or equal. */
    record LessThanOrEquals(String key, double value) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return number(metadata, key, present -> present <= value);
        }
    }

    /** The key has one of these values. */
    record In(String key, List<MetadataValue> values) implements MetadataFilter {
        public In {
            values = List.copyOf(values);
        }

        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return values.stream().anyMatch(value -> new Equals(key, value).matches(metadata));
        }
    }

    /** The key has none of these values. */
    record NotIn(String key, List<MetadataValue> values) implements MetadataFilter {
        public NotIn {
            values = List.copyOf(values);
        }

        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return !new In(key, values).matches(metadata);
        }
    }

    /** The key's string begins with that one. */
    record StartsWith(String key, String prefix) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return text(metadata, key, present -> present.startsWith(prefix));
        }
    }

    /** The key has a list with that item. */
    record ListContains(String key, MetadataValue item) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return metadata.get(key) instanceof MetadataValue.Items(List<MetadataValue> values)
                    && values.contains(item);
        }
    }

    /** That string stands in the key's string, or in one of its list. */
    record StringContains(String key, String part) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return text(metadata, key, present -> present.contains(part));
        }
    }

    /** Whether there is such a key. */
    record Exists(String key, boolean wanted) implements MetadataFilter {
        @Override
        public boolean matches(Map<String, MetadataValue> metadata) {
            return metadata.containsKey(key) == wanted;
        }
    }

    private static int depthOver(List<MetadataFilter> filters) {
        return 1 + filters.stream().mapToInt(MetadataFilter::depth).max().orElse(0);
    }

    private static boolean number(Map<String, MetadataValue> metadata, String key, DoublePredicate condition) {
        MetadataValue present = metadata.get(key);
        return present != null
                && present.items().stream()
                        .anyMatch(item -> item instanceof MetadataValue.Numeric(double value) && condition.test(value));
    }

    private static boolean text(Map<String, MetadataValue> metadata, String key, Predicate<String> condition) {
        MetadataValue present = metadata.get(key);
        return present != null
                && present.items().stream()
                        .anyMatch(item -> item instanceof MetadataValue.Text(String value) && condition.test(value));
    }
}
