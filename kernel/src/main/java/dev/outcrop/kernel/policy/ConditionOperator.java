package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The operators of conditions. One whose name says Not holds where none of the policy's values fits, and where the
 * request has no such key.
 *
 * <p>Source: "IAM JSON policy elements: Condition operators" of the IAM user guide.
 */
enum ConditionOperator {
    STRING_EQUALS("StringEquals", false),
    STRING_NOT_EQUALS("StringNotEquals", true),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true),
    STRING_LIKE("StringLike", false),
    STRING_NOT_LIKE("StringNotLike", true),
    NUMERIC_EQUALS("NumericEquals", false),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true),
    NUMERIC_LESS_THAN("NumericLessThan", false),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false),
    NUMERIC_GREATER_THAN("NumericGreaterThan", false),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false),
    DATE_EQUALS("DateEquals", false),
    DATE_NOT_EQUALS("DateNotEquals", true),
    DATE_LESS_THAN("DateLessThan", false),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", false),
    DATE_GREATER_THAN("DateGreaterThan", false),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false),
    BOOL("Bool", false),
    BINARY_EQUALS("BinaryEquals", false),
    IP_ADDRESS("IpAddress", false),
    NOT_IP_ADDRESS("NotIpAddress", true),
    ARN_EQUALS("ArnEquals", false),
    ARN_NOT_EQUALS("ArnNotEquals", true),
    ARN_LIKE("ArnLike", false),
    ARN_NOT_LIKE("ArnNotLike", true),
    NULL("Null", false);

    private final String written;
    private final boolean negated;

    ConditionOperator(String written, boolean negated) {
        this.written = written;
        this.negated = negated;
    }

    /** The operator that a policy writes as {@code name}; case does not matter. */
    static Optional<ConditionOperator> named(String name) {
        return Arrays.stream(values())
                .filter(operator -> operator.written.equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether it holds where no value fits. */
    boolean isNegated() {
        return negated;
    }

    /**
     * What tells whether a value of the request fits {@code text} of the policy, leaving negation aside.
     *
     * @throws MalformedPolicyException if {@code text} is nothing that the operator compares with
     */
    Test test(String text, boolean variables) {
        return switch (this) {
            case STRING_EQUALS, STRING_NOT_EQUALS -> WildcardPattern.of(text, false, variables)::matches;
            case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE ->
                WildcardPattern.of(text, false, variables)::matchesIgnoringCase;
            case STRING_LIKE, STRING_NOT_LIKE -> WildcardPattern.of(text, true, variables)::matches;
            case NUMERIC_EQUALS, NUMERIC_NOT_EQUALS -> number(text, order -> order == 0);
            case NUMERIC_LESS_THAN -> number(text, order -> order < 0);
            case NUMERIC_LESS_THAN_EQUALS -> number(text, order -> order <= 0);
            case NUMERIC_GREATER_THAN -> number(text, order -> order > 0);
            case NUMERIC_GREATER_THAN_EQUALS -> number(text, order -> order >= 0);
            case DATE_EQUALS, DATE_NOT_EQUALS -> date(text, order -> order == 0);
            case DATE_LESS_THAN -> date(text, order -> order < 0);
            case DATE_LESS_THAN_EQUALS -> date(text, order -> order <= 0);
            case DATE_GREATER_THAN -> date(text, order -> order > 0);
            case DATE_GREATER_THAN_EQUALS -> date(text, order -> order >= 0);
            case BOOL, NULL -> truth(text);
            case BINARY_EQUALS -> binary(text);
            case IP_ADDRESS, NOT_IP_ADDRESS -> AddressRange.parse(text);
            case ARN_EQUALS, ARN_NOT_EQUALS, ARN_LIKE, ARN_NOT_LIKE -> arn(text, variables);
        };
    }

    private static Test number(String text, IntPredicate order) {
        BigDecimal limit = decimal(text)
                .orElseThrow(() -> new MalformedPolicyException("Invalid numeric value in Condition: " + text));
        return (value, context) -> decimal(value)
                .filter(number -> order.test(number.compareTo(limit)))
                .isPresent();
    }

    private static Optional<BigDecimal> decimal(String text) {
        if (text.length() > 64) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(text.strip());
            // An exponent of millions would make a comparison costly.
            return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Test date(String text, IntPredicate order) {
        Instant limit =
                instant(text).orElseThrow(() -> new MalformedPolicyException("Invalid date in Condition: " + text));
        return (value, context) -> instant(value)
                .filter(instant -> order.test(instant.compareTo(limit)))
                .isPresent();
    }

    /** A date of ISO 8601 as the W3C profiles it, or seconds since 1970. */
    static Optional<Instant> instant(String text) {
        String date = text.strip();
        try {
            if (date.matches("-?[0-9]{5,12}")) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(date)));
            }
            if (date.matches("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")) {
                String complete = date + "-01-01".substring(date.length() == 4 ? 0 : date.length() == 7 ? 3 : 6);
                return Optional.of(
                        LocalDate.parse(complete).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(OffsetDateTime.parse(date).toInstant());
        } catch (DateTimeParseException notADate) {
            return Optional.empty();
        }
    }

    private static Test truth(String text) {
        String expected = text.toLowerCase(Locale.ROOT);
        if (!expected.equals("true") && !expected.equals("false")) {
            throw new MalformedPolicyException("Invalid boolean value in Condition: " + text);
        }
        return (value, context) -> value.equalsIgnoreCase(expected);
    }

    private static Test binary(String text) {
        byte[] expected = bytes(text)
                .orElseThrow(() -> new MalformedPolicyException("Invalid binary value in Condition: " + text));
        return (value, context) ->
                bytes(value).filter(given -> Arrays.equals(given, expected)).isPresent();
    }

    private static Optional<byte[]> bytes(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Test arn(String text, boolean variables) {
        if (text.equals("*")) {
            return (value, context) -> true;
        }
        Optional<List<WildcardPattern>> parts = WildcardPattern.ofArn(text, variables);
        if (parts.isEmpty()) {
            return (value, context) -> false;
        }
        List<WildcardPattern> patterns = parts.get();
        return (value, context) -> {
            String[] given = value.split(":", 6);
            if (given.length != 6) {
                return false;
            }
            for (int part = 0; part < 6; part++) {
                if (!patterns.get(part).matches(given[part], context)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** Whether a value of the request fits a value of the policy. */
    @FunctionalInterface
    interface Test {
        boolean fits(String value, ConditionContext context);
    }

    /** The addresses that begin with the same bits. */
    private record AddressRange(byte[] address, int bits) implements Test {
        static AddressRange parse(String text) {
            int slash = text.indexOf('/');
            Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
            int bits = slash < 0 ? Integer.MAX_VALUE : length(text.substring(slash + 1));
            if (address.isEmpty() || bits < 0 || (slash >= 0 && bits > address.get().length * 8)) {
                throw new MalformedPolicyException("Invalid IP address in Condition: " + text);
            }
            return new AddressRange(address.get(), Math.min(bits, address.get().length * 8));
        }

        private static int length(String text) {
            return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        }

        private static Optional<byte[]> address(String text) {
            try {
                return text.indexOf('%') >= 0
                        ? Optional.empty()
                        : Optional.of(InetAddress.ofLiteral(text).getAddress());
            } catch (IllegalArgumentException notAnAddress) {
                return Optional.empty();
            }
        }

        @Override
        public boolean fits(String value, ConditionContext context) {
            return address(value).filter(this::contains).isPresent();
        }

        private boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
