package dev.outcrop.services.cloudwatchlogs.filter;

import java.math.BigDecimal;
import java.util.Optional;

/** What a value is compared with, and how. */
interface Comparison {
    int LONGEST_NUMBER = 64;

    /** Whether a value fits that is written so, a string or a number. */
    boolean fits(String value);

    /** Reads an operator and what stands behind it, up to a character of {@code ends}. */
    static Comparison read(PatternScanner scanner, String ends) throws InvalidPatternException {
        boolean negated = scanner.take("!=");
        if (negated || scanner.take("=")) {
            Comparison equal = equality(scanner, ends);
            return negated ? value -> !equal.fits(value) : equal;
        }
        int least;
        int most;
        if (scanner.take(">=")) {
            least = 0;
            most = 1;
        } else if (scanner.take("<=")) {
            least = -1;
            most = 0;
        } else if (scanner.take(">")) {
            least = 1;
            most = 1;
        } else if (scanner.take("<")) {
            least = -1;
            most = -1;
        } else {
            throw new InvalidPatternException("expected an operator at position " + scanner.position());
        }
        scanner.skipSpace();
        String text = scanner.until(ends);
        BigDecimal bound = number(text)
                .orElseThrow(
                        () -> new InvalidPatternException("'" + text + "' is not a number, and cannot be compared"));
        return value -> number(value)
                .map(given -> given.compareTo(bound))
                .filter(order -> order >= least && order <= most)
                .isPresent();
    }

    private static Comparison equality(PatternScanner scanner, String ends) throws InvalidPatternException {
        scanner.skipSpace();
        if (scanner.peek() == '%') {
            return TextMatch.regex(scanner.quoted('%'))::matches;
        }
        if (scanner.peek() == '"') {
            return TextMatch.like(scanner.quoted('"'))::matches;
        }
        String text = scanner.until(ends);
        if (text.isEmpty()) {
            throw new InvalidPatternException("expected a value at position " + scanner.position());
        }
        Optional<BigDecimal> number = number(text);
        TextMatch like = TextMatch.like(text);
        return number.isEmpty()
                ? like::matches
                : value -> number(value)
                        .map(given -> given.compareTo(number.get()) == 0)
                        .orElse(false);
    }

    /** The number that a text is, if it is one and not so large that it would take long to compare. */
    static Optional<BigDecimal> number(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NUMBER || Character.isLetter(text.charAt(0))) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
