package dev.outcrop.engines.text.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Grammar expressions for the numbers between two bounds. */
final class NumberRange {
    /** Numbers are written with at most this many digits before the point. */
    private static final int DIGITS = 16;
    /** Between a bound that is no integer and the next integer, at most this many values are listed. */
    private static final int LISTED = 200;

    private NumberRange() {}

    /**
     * The integers from {@code least} to {@code most}.
     *
     * @param least absent: no bound
     * @return alternatives; none if there is no such integer
     */
    static List<String> integers(Optional<BigInteger> least, Optional<BigInteger> most) {
        BigInteger limit = BigInteger.TEN.pow(DIGITS).subtract(BigInteger.ONE);
        // Bounds beyond the digits that are written by themselves get all the digits they need.
        BigInteger low = least.orElse(most.orElse(limit).min(limit.negate()));
        BigInteger high = most.orElse(least.orElse(limit.negate()).max(limit));
        List<String> alternatives = new ArrayList<>();
        if (low.compareTo(high) > 0) {
            return alternatives;
        }
        if (low.signum() < 0) {
            BigInteger from = high.signum() < 0 ? high.negate() : BigInteger.ONE;
            String digits = String.join(" | ", positive(from, low.negate()));
            alternatives.add("\"-\" ( " + digits + " )");
        }
        if (high.signum() >= 0) {
            alternatives.addAll(positive(low.max(BigInteger.ZERO), high));
        }
        return alternatives;
    }

    private static List<String> positive(BigInteger low, BigInteger high) {
        List<String> alternatives = new ArrayList<>();
        String least = low.toString();
        String most = high.toString();
        for (int length = least.length(); length <= most.length(); length++) {
            String from = length == least.length() ? least : "1" + "0".repeat(length - 1);
            String to = length == most.length() ? most : "9".repeat(length);
            alternatives.add(sameLength(from, to));
        }
        return alternatives;
    }

    /** The numbers from {@code from} to {@code to}, both of the same number of digits. */
    private static String sameLength(String from, String to) {
        if (from.equals(to)) {
            return GrammarRules.literal(from);
        }
        int common = 0;
        while (from.charAt(common) == to.charAt(common)) {
            common++;
        }
        String prefix = common == 0 ? "" : GrammarRules.literal(from.substring(0, common)) + " ";
        int rest = from.length() - common - 1;
        char first = from.charAt(common);
        char last = to.charAt(common);
        String fromRest = from.substring(common + 1);
        String toRest = to.substring(common + 1);
        boolean fullFrom = fromRest.chars().allMatch(digit -> digit == '0');
        boolean fullTo = toRest.chars().allMatch(digit -> digit == '9');
        List<String> alternatives = new ArrayList<>();
        if (!fullFrom) {
            alternatives.add("\"" + first + "\" " + sameLength(fromRest, "9".repeat(rest)));
        }
        char middleFrom = fullFrom ? first : (char) (first + 1);
        char middleTo = fullTo ? last : (char) (last - 1);
        if (middleFrom <= middleTo) {
            String range = middleFrom == middleTo ? "[" + middleFrom + "]" : "[" + middleFrom + "-" + middleTo + "]";
            alternatives.add(range + (rest == 0 ? "" : " [0-9]{" + rest + "}"));
        }
        if (!fullTo) {
            alternatives.add("\"" + last + "\" " + sameLength("0".repeat(rest), toRest));
        }
        return prefix
                + (alternatives.size() == 1 ? alternatives.getFirst() : "( " + String.join(" | ", alternatives) + " )");
    }

    /**
     * A bound.
     *
     * @param exclusive whether the value itself is out
     */
    record Bound(BigDecimal value, boolean exclusive) {
        BigInteger leastInteger() {
            BigInteger ceiling = value.setScale(0, RoundingMode.CEILING).toBigInteger();
            return exclusive && isInteger() ? ceiling.add(BigInteger.ONE) : ceiling;
        }

        BigInteger mostInteger() {
            BigInteger floor = value.setScale(0, RoundingMode.FLOOR).toBigInteger();
            return exclusive && isInteger() ? floor.subtract(BigInteger.ONE) : floor;
        }

        private boolean isInteger() {
            return value.stripTrailingZeros().scale() <= 0;
        }
    }

    /** Numbers between two bounds: the integers, those with up to 16 decimals between them, and some near the bounds. */
    static List<String> numbers(Optional<Bound> least, Optional<Bound> most) {
        List<String> alternatives =
                new ArrayList<>(integers(least.map(Bound::leastInteger), most.map(Bound::mostInteger)));
        // n.ddd lies in [n, n + 1), and −n.ddd in (−n − 1, −n].
        Optional<BigInteger> low = least.map(Bound::leastInteger);
        Optional<BigInteger> high =
                most.map(bound -> bound.value().setScale(0, RoundingMode.FLOOR).toBigInteger());
        String decimals = " \".\" [0-9]{1,16}";
        BigInteger positiveFrom = low.orElse(BigInteger.ZERO).max(BigInteger.ZERO);
        List<String> positive = integers(Optional.of(positiveFrom), high.map(value -> value.subtract(BigInteger.ONE)));
        if (!positive.isEmpty() && (high.isEmpty() || high.get().signum() > 0)) {
            alternatives.add("( " + String.join(" | ", positive) + " )" + decimals);
        }
        Optional<BigInteger> lowFloor = least.map(
                bound -> bound.value().setScale(0, RoundingMode.CEILING).toBigInteger());
        Optional<BigInteger> negativeTo = lowFloor.map(value -> value.negate().subtract(BigInteger.ONE));
        BigInteger negativeFrom = most.map(Bound::mostInteger)
                .map(BigInteger::negate)
                .orElse(BigInteger.ZERO)
                .max(BigInteger.ZERO);
        List<String> negative = negativeTo.isPresent() && negativeTo.get().signum() < 0
                ? List.of()
                : integers(Optional.of(negativeFrom), negativeTo);
        if (!negative.isEmpty()) {
            alternatives.add("\"-\" ( " + String.join(" | ", negative) + " )" + decimals);
        }
        listed(least, most).ifPresent(alternatives::add);
        return alternatives;
    }

    /** Values between a bound that is no integer and the nearest integer inside, or the other bound. */
    private static Optional<String> listed(Optional<Bound> least, Optional<Bound> most) {
        List<String> values = new ArrayList<>();
        least.filter(bound -> !bound.isInteger()).ifPresent(bound -> {
            BigDecimal stop = bound.value().setScale(0, RoundingMode.CEILING);
            list(bound, most.filter(other -> other.value().compareTo(stop) < 0).orElse(new Bound(stop, true)), values);
        });
        most.filter(bound -> !bound.isInteger()).ifPresent(bound -> {
            BigDecimal start = bound.value().setScale(0, RoundingMode.FLOOR);
            if (least.filter(other -> other.value().compareTo(start) > 0).isEmpty()) {
                list(new Bound(start, true), bound, values);
            }
        });
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(
                        " | ", values.stream().map(GrammarRules::literal).toList()));
    }

    private static void list(Bound from, Bound to, List<String> values) {
        int decimals = Math.max(
                from.value().stripTrailingZeros().scale(),
                to.value().stripTrailingZeros().scale());
        int scale = Math.clamp(decimals, 2, DIGITS);
        BigDecimal step = BigDecimal.ONE.movePointLeft(scale);
        BigDecimal range = to.value().subtract(from.value());
        while (range.divide(step, 0, RoundingMode.UP).compareTo(BigDecimal.valueOf(LISTED)) > 0) {
            step = step.multiply(BigDecimal.TEN);
        }
        BigDecimal value = from.value().divide(step, 0, RoundingMode.UP).multiply(step);
        if (from.value().signum() < 0) {
            value = from.value().divide(step, 0, RoundingMode.CEILING).multiply(step);
        }
        for (; value.compareTo(to.value()) <= 0; value = value.add(step)) {
            boolean in = (!from.exclusive() || value.compareTo(from.value()) > 0)
                    && (!to.exclusive() || value.compareTo(to.value()) < 0)
                    && value.compareTo(from.value()) >= 0;
            if (in) {
                values.add(value.setScale(scale, RoundingMode.UNNECESSARY).toPlainString());
            }
        }
    }
}
