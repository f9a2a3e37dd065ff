package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One operator on one key of a statement's conditions.
 *
 * <p>Source: "Set operators for multivalued context keys" and "…IfExists condition operators" of the IAM user guide.
 *
 * @param fixed whether its values are meant literally: no wildcards, no variables, not all addresses
 */
record Condition(
        ConditionOperator operator,
        Scope scope,
        boolean ifExists,
        String key,
        List<ConditionOperator.Test> tests,
        boolean fixed) {
    private static final String IF_EXISTS = "ifexists";
    private static final Set<ConditionOperator> POSITIVE = Set.of(
            ConditionOperator.STRING_EQUALS,
            ConditionOperator.STRING_EQUALS_IGNORE_CASE,
            ConditionOperator.STRING_LIKE,
            ConditionOperator.ARN_EQUALS,
            ConditionOperator.ARN_LIKE,
            ConditionOperator.IP_ADDRESS);
    private static final Set<String> NARROWING_KEYS = Set.of(
            "aws:sourceip",
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
            "s3:dataaccesspointarn");

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
                values.stream().noneMatch(Condition::isOpen));
    }

    private static boolean isOpen(String value) {
        return value.indexOf('*') >= 0 || value.indexOf('?') >= 0 || value.contains("${") || value.endsWith("/0");
    }

    /** Whether only callers from fixed places or of fixed names can meet it. */
    boolean narrows() {
        return fixed
                && !ifExists
                && scope != Scope.ALL_VALUES
                && POSITIVE.contains(operator)
                && NARROWING_KEYS.contains(key.toLowerCase(Locale.ROOT));
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
