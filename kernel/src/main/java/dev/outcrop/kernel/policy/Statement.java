package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.ConditionContext;
import java.util.List;
import java.util.Optional;

/**
 * A compiled statement.
 *
 * @param id          its {@code Sid}, or the empty string
 * @param denies      whether its effect is Deny
 * @param principal   whom it speaks to; only in policies of resources
 * @param actions     which actions it names
 * @param notActions  whether it is about all actions but those
 * @param resources   which resources it names; empty in trust policies, which are about their role
 * @param notResources whether it is about all resources but those
 * @param conditions  all of which must hold
 */
record Statement(
        String id,
        boolean denies,
        Optional<PrincipalElement> principal,
        List<WildcardPattern> actions,
        boolean notActions,
        List<WildcardPattern> resources,
        boolean notResources,
        List<Condition> conditions) {
    /** Whether it is about a question, leaving aside who asks. */
    boolean applies(PolicyQuestion question) {
        return isAboutAction(question) && isAboutResource(question) && conditionsHold(question);
    }

    private boolean isAboutAction(PolicyQuestion question) {
        return names(question.lowerAction(), question.conditions());
    }

    /** Whether it is about an action, in lower case. */
    boolean names(String lowerAction, ConditionContext conditions) {
        for (WildcardPattern action : actions) {
            if (action.matches(lowerAction, conditions)) {
                return !notActions;
            }
        }
        return notActions;
    }

    private boolean isAboutResource(PolicyQuestion question) {
        if (resources.isEmpty()) {
            return true;
        }
        for (WildcardPattern resource : resources) {
            if (resource.matches(question.resource(), question.conditions())) {
                return !notResources;
            }
        }
        return notResources;
    }

    private boolean conditionsHold(PolicyQuestion question) {
        for (Condition condition : conditions) {
            if (!condition.holds(question.conditions())) {
                return false;
            }
        }
        return true;
    }
}
