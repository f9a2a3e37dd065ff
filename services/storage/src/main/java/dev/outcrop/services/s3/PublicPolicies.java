package dev.outcrop.services.s3;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells whether a bucket's policy lets the public in: it does unless everything that it allows is for principals without
 * wildcards, or under a condition that holds for nobody but those who are named.
 *
 * <p>Source: "The meaning of 'public'" in "Blocking public access to your Amazon S3 storage", Amazon S3 user guide.
 */
final class PublicPolicies {
    private static final Set<String> NARROWING = Set.of(
            "aws:principalorgid",
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceowner",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:userid",
            "s3:dataaccesspointaccount",
            "s3:x-amz-server-side-encryption-aws-kms-key-id");
    private static final Set<String> OPERATORS = Set.of(
            "stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "foranyvalue:stringequals");
    private static final int BROADEST_IPV4 = 8;
    private static final int BROADEST_IPV6 = 32;

    private PublicPolicies() {}

    /** Whether one of {@code statements}, which are well formed, lets the public in. */
    static boolean isPublic(List<Map<?, ?>> statements) {
        return statements.stream()
                .anyMatch(statement -> "Allow".equals(statement.get("Effect"))
                        && isForAnybody(statement)
                        && !isNarrowed(statement.get("Condition")));
    }

    private static boolean isForAnybody(Map<?, ?> statement) {
        Object principal = statement.get("Principal");
        if (principal instanceof Map<?, ?> kinds) {
            return kinds.values().stream()
                    .flatMap(names -> PolicyGrammar.texts(names).stream())
                    .anyMatch(Wildcards::has);
        }
        return true;
    }

    private static boolean isNarrowed(Object conditions) {
        if (!(conditions instanceof Map<?, ?> operators)) {
            return false;
        }
        return operators.entrySet().stream()
                .anyMatch(operator -> operator.getValue() instanceof Map<?, ?> keys
                        && keys.entrySet().stream()
                                .anyMatch(key -> narrows(
                                        lower(operator.getKey()),
                                        lower(key.getKey()),
                                        PolicyGrammar.texts(key.getValue()))));
    }

    private static String lower(Object name) {
        return String.valueOf(name).toLowerCase(Locale.ROOT);
    }

    private static boolean narrows(String operator, String key, List<String> values) {
        if (values.isEmpty()) {
            return false;
        }
        if (key.equals("aws:sourceip")) {
            return operator.equals("ipaddress") && values.stream().noneMatch(PublicPolicies::isBroad);
        }
        if (!OPERATORS.contains(operator)) {
            return false;
        }
        if (key.equals("s3:dataaccesspointarn")) {
            return values.stream().allMatch(PublicPolicies::namesAccount);
        }
        return NARROWING.contains(key) && values.stream().allMatch(value -> isFixed(key, value));
    }

    private static boolean isFixed(String key, String value) {
        // Whoever assumes a role names its session, so that what stands behind the role's id names nobody.
        return !value.contains("${")
                && !Wildcards.has(value)
                && !(key.equals("aws:userid") && value.matches("AROA[A-Z0-9]*:.*"));
    }

    /** The ARN of an access point may have wildcards behind its account. */
    private static boolean namesAccount(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 && parts[4].matches("[0-9]{12}");
    }

    private static boolean isBroad(String range) {
        int slash = range.indexOf('/');
        if (slash < 0) {
            return false;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(range.substring(0, slash));
            int bits = Integer.parseInt(range.substring(slash + 1));
            return bits < (address.getAddress().length == 4 ? BROADEST_IPV4 : BROADEST_IPV6);
        } catch (IllegalArgumentException malformed) {
            return true;
        }
    }
}
