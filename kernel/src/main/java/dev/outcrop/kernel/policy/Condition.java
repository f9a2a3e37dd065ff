package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One operator on one key of a statement's conditions.
 *
 * <p>Source: "Set operators for multivalued context keys" and "…IfExists condition operators" of the IAM user guide.
 *
 * @param narrows whether only callers from fixed places or of fixed names can meet it
 */
record Condition(
        ConditionOperator operator,
        Scope scope,
        boolean ifExists,
        String key,
        List<ConditionOperator.Test> tests,
        boolean narrows) {
    private static final String IF_EXISTS = "ifexists";
    private static final Set<ConditionOperator> POSITIVE = Set.of(
            ConditionOperator.STRING_EQUALS,
            ConditionOperator.STRING_EQUALS_IGNORE_CASE,
            ConditionOperator.STRING_LIKE,
            ConditionOperator.ARN_EQUALS,
            ConditionOperator.ARN_LIKE);
    private static final Set<String> NARROWING_KEYS = Set.of(
            "aws:sourcearn",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:sourceowner",
            "aws:sourceaccount",
            "aws:sourceorgid",
            "aws:userid",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principalorgid",
            "aws:principalorgpaths",
            "kms:calleraccount",
            "s3:dataaccesspointaccount",
            "s3:x-amz-server-side-encryption-aws-kms-key-id");
    private static final int BROADEST_IPV4 = 8;
    private static final int BROADEST_IPV6 = 32;

    /** How many of a key's values in the request must fit. */
    enum Scope {
        ONE_VALUE,
        ALL_VALUES,
        ANY_VALUE
    }

    /**
     * Compiles {@code values} for {@code key}.
     *
     * @param name what the policy writes, such as {@code ForAllValues:StringLikeIfExists}
     * @throws MalformedPolicyException if there is no such operator or it compares no such values
     */
    static Condition of(String name, String key, List<String> values, boolean variables) {
        String rest = name;
        Scope scope = Scope.ONE_VALUE;
        int colon = name.indexOf(':');
        if (colon >= 0) {
            scope = switch (name.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "forallvalues" -> Scope.ALL_VALUES;
                case "foranyvalue" -> Scope.ANY_VALUE;
                default -> throw unknown(name);
            };
            rest = name.substring(colon + 1);
        }
        boolean ifExists = rest.toLowerCase(Locale.ROOT).endsWith(IF_EXISTS);
        if (ifExists) {
            rest = rest.substring(0, rest.length() - IF_EXISTS.length());
        }
        ConditionOperator operator = ConditionOperator.named(rest).orElseThrow(() -> unknown(name));
        if (operator == ConditionOperator.NULL && (ifExists || scope != Scope.ONE_VALUE)) {
            throw unknown(name);
        }
        return new Condition(
                operator,
                scope,
                ifExists,
                key,
                values.stream().map(value -> operator.test(value, variables)).toList(),
                !ifExists && scope != Scope.ALL_VALUES && narrows(operator, key.toLowerCase(Locale.ROOT), values));
    }

    private static boolean narrows(ConditionOperator operator, String key, List<String> values) {
        if (values.isEmpty()) {
            return false;
        }
        if (key.equals("aws:sourceip")) {
            return operator == ConditionOperator.IP_ADDRESS && values.stream().noneMatch(Condition::isBroad);
        }
        if (!POSITIVE.contains(operator)) {
            return false;
        }
        if (key.equals("s3:dataaccesspointarn")) {
            return values.stream().allMatch(Condition::namesAccount);
        }
        return NARROWING_KEYS.contains(key) && values.stream().allMatch(value -> isFixed(key, value));
    }

    private static boolean isFixed(String key, String value) {
        // Whoever assumes a role names its session, so that what stands behind the role's id names nobody.
        return value.indexOf('*') < 0
                && value.indexOf('?') < 0
                && !value.contains("${")
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
            return range.contains("${");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(range.substring(0, slash));
            int bits = Integer.parseInt(range.substring(slash + 1));
            return bits < (address.getAddress().length == 4 ? BROADEST_IPV4 : BROADEST_IPV6);
        } catch (IllegalArgumentException malformed) {
            return true;
        }
    }

    private static MalformedPolicyException unknown(String name) {
        return new MalformedPolicyException("Invalid Condition type : " + name);
    }

    /** Whether it holds for a request. */
    boolean holds(ConditionContext context) {
        Optional<List<String>> given = context.values(key).filter(values -> !values.isEmpty());
        if (operator == ConditionOperator.NULL) {
            return fits(Boolean.toString(given.isEmpty()), context);
        }
        if (given.isEmpty()) {
            return switch (scope) {
                case ALL_VALUES -> true;
                case ANY_VALUE -> ifExists;
                case ONE_VALUE -> ifExists || operator.isNegated();
            };
        }
        boolean all = scope == Scope.ALL_VALUES || (scope == Scope.ONE_VALUE && operator.isNegated());
        for (String value : given.get()) {
            boolean holds = fits(value, context) != operator.isNegated();
            if (holds != all) {
                return holds;
            }
        }
        return all;
    }

    private boolean fits(String value, ConditionContext context) {
        for (ConditionOperator.Test test : tests) {
            if (test.fits(value, context)) {
                return true;
            }
        }
        return false;
    }
}
