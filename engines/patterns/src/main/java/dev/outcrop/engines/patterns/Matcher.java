package dev.outcrop.engines.patterns;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one field may be: one of the alternatives that a pattern lists for it. */
sealed interface Matcher {
    /** Whether a value that is neither an object nor an array is what is wanted. */
    boolean accepts(JsonValue value);

    /** Whether it is wanted that there be no value. */
    default boolean acceptsAbsence() {
        return false;
    }

    /** The very value; numbers as they are written. */
    record Exact(JsonValue wanted) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return wanted.equals(value);
        }
    }

    /** Any value, or none. */
    record Exists(boolean wanted) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return wanted;
        }

        @Override
        public boolean acceptsAbsence() {
            return !wanted;
        }
    }

    /** A string that begins so. */
    record Prefix(String prefix, boolean ignoreCase) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return value instanceof JsonValue.Text(String text)
                    && text.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
        }
    }

    /** A string that ends so. */
    record Suffix(String suffix, boolean ignoreCase) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return value instanceof JsonValue.Text(String text)
                    && text.regionMatches(ignoreCase, text.length() - suffix.length(), suffix, 0, suffix.length());
        }
    }

    /** A string of these letters, whatever their case. */
    record IgnoringCase(String wanted) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return value instanceof JsonValue.Text(String text) && text.equalsIgnoreCase(wanted);
        }
    }

    /** A string in which anything may stand where the wildcards are. */
    record Wild(Wildcards wildcards) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return value instanceof JsonValue.Text(String text) && wildcards.matches(text);
        }
    }

    /** Any value that none of {@code unwanted} accepts. */
    record AnythingBut(List<Matcher> unwanted) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            for (Matcher matcher : unwanted) {
                if (matcher.accepts(value)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Any value but these. */
    record NoneOf(Set<JsonValue> unwanted) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return !unwanted.contains(value);
        }
    }

    /** A number within bounds, each of them part of the range or not. */
    record Range(Optional<BigDecimal> bottom, boolean bottomIncluded, Optional<BigDecimal> top, boolean topIncluded)
            implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            Optional<BigDecimal> number = Numbers.read(value);
            return number.isPresent() && isAbove(number.get()) && isBelow(number.get());
        }

        private boolean isAbove(BigDecimal number) {
            return bottom.isEmpty() || number.compareTo(bottom.get()) > (bottomIncluded ? -1 : 0);
        }

        private boolean isBelow(BigDecimal number) {
            return top.isEmpty() || number.compareTo(top.get()) < (topIncluded ? 1 : 0);
        }
    }

    /** An address of IP in a network. */
    record InNetwork(Network network) implements Matcher {
        @Override
        public boolean accepts(JsonValue value) {
            return value instanceof JsonValue.Text(String text) && network.contains(text);
        }
    }
}
