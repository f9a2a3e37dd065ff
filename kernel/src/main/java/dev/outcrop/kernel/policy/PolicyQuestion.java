package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import dev.outcrop.kernel.Principal;
import java.util.Locale;

/**
 * What policies are asked: may this principal do this there?
 *
 * @param principal   who
 * @param action      such as {@code s3:GetObject}
 * @param lowerAction the same in lower case
 * @param resource    an ARN, or {@code *}
 * @param owner       the account of the resource, twelve digits
 * @param conditions  values of condition keys
 */
public record PolicyQuestion(
        Principal principal,
        String action,
        String lowerAction,
        String resource,
        String owner,
        ConditionContext conditions) {
    public PolicyQuestion(
            Principal principal, String action, String resource, String owner, ConditionContext conditions) {
        this(principal, action, action.toLowerCase(Locale.ROOT), resource, owner, conditions);
    }

    /** The part of the action before the colon, in lower case. */
    String service() {
        int colon = lowerAction.indexOf(':');
        return colon < 0 ? lowerAction : lowerAction.substring(0, colon);
    }
}
