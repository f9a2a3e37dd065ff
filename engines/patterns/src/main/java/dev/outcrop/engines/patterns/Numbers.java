package dev.outcrop.engines.patterns;

import java.math.BigDecimal;
import java.util.Optional;

/** The numbers that patterns compare: from -5.0e9 to 5.0e9, to six places behind the point. */
final class Numbers {
    private static final double LARGEST = 5.0e9;
    private static final int LONGEST = 64;

    private Numbers() {}

    /** The number that a value is, if it is one that can be compared. */
    static Optional<BigDecimal> read(JsonValue value) {
        return value instanceof JsonValue.Numeral(String literal) ? read(literal) : Optional.empty();
    }

    static Optional<BigDecimal> read(String literal) {
        double approximate = Double.parseDouble(literal);
        // What is too long or too small to be told apart is not worth a number of any length.
        if (Math.abs(approximate) > LARGEST || literal.length() > LONGEST) {
            return Optional.empty();
        }
        return Optional.of(approximate == 0 ? BigDecimal.ZERO : new BigDecimal(literal));
    }
}
