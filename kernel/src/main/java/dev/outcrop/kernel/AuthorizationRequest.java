package dev.outcrop.kernel;

import dev.outcrop.kernel.policy.ResourcePolicy;
import java.util.List;
import java.util.Optional;

/**
 * What IAM is asked: may the principal do all of this? Nothing but the principal is worked out before a decision asks for
 * it, so that a decision that needs no more costs nothing more. Valid while the call is being answered, on its thread.
 */
public interface AuthorizationRequest {
    /** Who wants to. */
    Principal principal();

    /** The account that the call is made in. */
    String account();

    /** What the call needs, each of which must be allowed; never empty. */
    List<Access> accesses();

    /** The values of condition keys, as far as they have to do with {@code access}. */
    ConditionContext conditions(Access access);

    /** The policy of the access's resource itself, where it has one. */
    Optional<ResourcePolicy> resourcePolicy(Access access);

    /** Whether the service itself has given the right, beside all policies; what they deny stays denied. */
    boolean isGranted(Access access);

    /** The account of the access's resource, twelve digits. */
    String owner(Access access);

    /** Whether the service knows that there is no such resource. */
    default boolean isMissing(Access access) {
        return false;
    }
}
