package dev.outcrop.engines.vectors;

import java.util.List;

/** What a key of an entry's metadata stands for. */
public sealed interface MetadataValue {
    /** A string. */
    record Text(String value) implements MetadataValue {}

    /** A number; whole ones are exact up to 2⁵³. */
    record Numeric(double value) implements MetadataValue {
        /** Negative zero is the number zero. */
        public Numeric {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("metadata must be finite numbers, but has " + value);
            }
            value += 0.0;
        }
    }

    /** True or false. */
    record Flag(boolean value) implements MetadataValue {}

    /** A list of values that are no lists. */
    record Items(List<MetadataValue> values) implements MetadataValue {
        public Items {
            values = List.copyOf(values);
            if (values.stream().anyMatch(Items.class::isInstance)) {
                throw new IllegalArgumentException("a list in metadata must not hold lists");
            }
        }
    }

    /** A string. */
    static MetadataValue of(String value) {
        return new Text(value);
    }

    /** A number. */
    static MetadataValue of(double value) {
        return new Numeric(value);
    }

    /** True or false. */
    static MetadataValue of(boolean value) {
        return new Flag(value);
    }

    /** A list of strings. */
    static MetadataValue of(List<String> values) {
        return new Items(values.stream().map(MetadataValue::of).toList());
    }

    /** The values that a condition compares: the items of a list, and else the value itself. */
    default List<MetadataValue> items() {
        return this instanceof Items(List<MetadataValue> values) ? values : List.of(this);
    }
}
