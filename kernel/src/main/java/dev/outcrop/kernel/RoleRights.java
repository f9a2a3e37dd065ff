package dev.outcrop.kernel;

import dev.outcrop.kernel.policy.ResourcePolicy;
import java.util.List;
import java.util.Optional;

/** What a role may do that a service was given for work that no call waits for. */
@FunctionalInterface
public interface RoleRights {
    /**
     * Whether a role may do something in its own account. The policies of resources are not asked, so that nothing is
     * allowed in another account.
     *
     * @param roleArn ARN of the role
     * @param service that acts as the role, such as {@code s3.amazonaws.com}
     * @param owner   the account of the resource
     */
    boolean allows(String roleArn, String service, String action, String resource, String owner);

    /** As {@code authorization} decides about sessions of roles. */
    static RoleRights of(Authorization authorization, RoleSessions sessions) {
        return (roleArn, service, action, resource, owner) -> {
            Question question = new Question(sessions.open(roleArn, service), new Access(action, resource), owner);
            return authorization.decide(question) instanceof AuthorizationDecision.Allowed;
        };
    }

    /**
     * A question that no call asks.
     *
     * @param access what it is about
     * @param owner  the account of its resource
     */
    record Question(Principal principal, Access access, String owner) implements AuthorizationRequest {
        @Override
        public String account() {
            return principal.account();
        }

        @Override
        public List<Access> accesses() {
            return List.of(access);
        }

        @Override
        public ConditionContext conditions(Access asked) {
            return _ -> Optional.empty();
        }

        @Override
        public Optional<ResourcePolicy> resourcePolicy(Access asked) {
            return Optional.empty();
        }

        @Override
        public boolean isGranted(Access asked) {
            return false;
        }

        @Override
        public String owner(Access asked) {
            return owner;
        }
    }
}
