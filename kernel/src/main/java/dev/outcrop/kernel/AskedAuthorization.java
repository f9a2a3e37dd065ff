package dev.outcrop.kernel;

import dev.outcrop.kernel.policy.ResourcePolicy;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The authorization request of one access that a service or an endpoint asks for by itself while it answers.
 *
 * @param within the request of the operation being answered, where one is
 */
record AskedAuthorization(CallContext context, Access access, Optional<CallAuthorization> within)
        implements AuthorizationRequest {
    @Override
    public Principal principal() {
        return context.principal();
    }

    @Override
    public String account() {
        return context.account();
    }

    @Override
    public List<Access> accesses() {
        return List.of(access);
    }

    @Override
    public ConditionContext conditions(Access asked) {
        return within.map(call -> call.conditions(asked))
                .orElse(key -> CallAuthorization.ofCall(context, key.toLowerCase(Locale.ROOT), key, asked));
    }

    @Override
    public Optional<ResourcePolicy> resourcePolicy(Access asked) {
        return within.flatMap(call -> call.resourcePolicy(asked));
    }

    @Override
    public boolean isGranted(Access asked) {
        return within.filter(call -> call.isGranted(asked)).isPresent();
    }

    @Override
    public String owner(Access asked) {
        return within.map(call -> call.owner(asked))
                .orElseGet(() -> CallAuthorization.accountOf(asked.resource(), context.account()));
    }
}
