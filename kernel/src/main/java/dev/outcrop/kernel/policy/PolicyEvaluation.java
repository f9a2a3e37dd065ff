package dev.outcrop.kernel.policy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.policy.PrincipalElement.Match;
import java.util.List;
import java.util.Optional;

/**
 * AWS's order of evaluation: an explicit deny anywhere, service control policies, the policy of the resource, policies of
 * the identity, the permissions boundary, session policies.
 *
 * <p>Source: "Policy evaluation logic", "Policy evaluation for requests within a single account" and "Cross-account policy
 * evaluation logic" of the IAM user guide.
 */
public final class PolicyEvaluation {
    private PolicyEvaluation() {}

    /** Decides {@code question} by {@code sources}. */
    public static Verdict evaluate(PolicyQuestion question, PolicySources sources) {
        Principal principal = question.principal();
        Optional<Verdict> refused = refusedAbove(question, sources);
        if (refused.isPresent()) {
            return refused.get();
        }
        Match granted = sources.resource()
                .map(resource -> resource.policy().allowed(question))
                .orElse(Match.NONE);
        if (!isIdentity(principal)) {
            return granted == Match.NONE ? Verdict.NOT_ALLOWED_BY_RESOURCE_POLICY : Verdict.ALLOWED;
        }
        if (!principal.account().equals(question.owner())) {
            return granted == Match.NONE ? notGranted(question, sources) : byIdentity(question, sources);
        }
        boolean decisive = sources.resource().filter(ResourcePolicy::decisive).isPresent();
        return switch (granted) {
            case DIRECT -> Verdict.ALLOWED;
            case ISSUER -> within(question, sources);
            case ACCOUNT -> byIdentity(question, sources);
            case NONE -> decisive ? Verdict.NOT_ALLOWED_BY_RESOURCE_POLICY : byIdentity(question, sources);
        };
    }

    /**
     * Decides {@code question} where the service itself has granted the right, as KMS does by grants: what is denied stays
     * denied, and a session has no more than its own policies leave it.
     */
    public static Verdict evaluateGranted(PolicyQuestion question, PolicySources sources) {
        return refusedAbove(question, sources).orElseGet(() -> switch (question.principal()
                .kind()) {
            case ASSUMED_ROLE, FEDERATED -> within(question, sources);
            case USER -> question.principal().session().isPresent() ? within(question, sources) : Verdict.ALLOWED;
            case ROOT, SERVICE, ANONYMOUS -> Verdict.ALLOWED;
        });
    }

    private static boolean isIdentity(Principal principal) {
        return principal.kind() != Principal.Kind.SERVICE && principal.kind() != Principal.Kind.ANONYMOUS;
    }

    /** What nothing overrules: an explicit deny, and what the organization does not allow. */
    private static Optional<Verdict> refusedAbove(PolicyQuestion question, PolicySources sources) {
        Optional<Verdict> denied = explicitDeny(question, sources);
        if (denied.isPresent()) {
            return denied;
        }
        for (List<Policy> level : sources.serviceControl()) {
            if (isIdentity(question.principal()) && !anyAllows(level, question)) {
                return Optional.of(Verdict.NOT_ALLOWED_BY_SERVICE_CONTROL_POLICY);
            }
        }
        return Optional.empty();
    }

    private static Optional<Verdict> explicitDeny(PolicyQuestion question, PolicySources sources) {
        if (question.principal().kind() != Principal.Kind.SERVICE) {
            for (List<Policy> level : sources.serviceControl()) {
                if (anyDenies(level, question)) {
                    return Optional.of(Verdict.DENIED_BY_SERVICE_CONTROL_POLICY);
                }
            }
        }
        if (sources.resource()
                .filter(resource -> resource.policy().denies(question))
                .isPresent()) {
            return Optional.of(Verdict.DENIED_BY_RESOURCE_POLICY);
        }
        if (anyDenies(sources.identity(), question)) {
            return Optional.of(Verdict.DENIED_BY_IDENTITY_POLICY);
        }
        if (sources.boundary().filter(boundary -> boundary.denies(question)).isPresent()) {
            return Optional.of(Verdict.DENIED_BY_BOUNDARY);
        }
        if (sources.session().filter(session -> anyDenies(session, question)).isPresent()) {
            return Optional.of(Verdict.DENIED_BY_SESSION_POLICY);
        }
        return Optional.empty();
    }

    /** Where both sides refuse, the caller is told of its own side first. */
    private static Verdict notGranted(PolicyQuestion question, PolicySources sources) {
        Verdict own = byIdentity(question, sources);
        return own == Verdict.ALLOWED ? Verdict.NOT_ALLOWED_BY_RESOURCE_POLICY : own;
    }

    private static Verdict byIdentity(PolicyQuestion question, PolicySources sources) {
        if (question.principal().kind() == Principal.Kind.ROOT) {
            return Verdict.ALLOWED;
        }
        return anyAllows(sources.identity(), question)
                ? within(question, sources)
                : Verdict.NOT_ALLOWED_BY_IDENTITY_POLICY;
    }

    /** What narrows a right: the boundary and the session. */
    private static Verdict within(PolicyQuestion question, PolicySources sources) {
        if (sources.boundary().filter(boundary -> !boundary.allows(question)).isPresent()) {
            return Verdict.NOT_ALLOWED_BY_BOUNDARY;
        }
        if (sources.session().filter(session -> !anyAllows(session, question)).isPresent()) {
            return Verdict.NOT_ALLOWED_BY_SESSION_POLICY;
        }
        return Verdict.ALLOWED;
    }

    private static boolean anyAllows(List<Policy> policies, PolicyQuestion question) {
        for (Policy policy : policies) {
            if (policy.allows(question)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyDenies(List<Policy> policies, PolicyQuestion question) {
        for (Policy policy : policies) {
            if (policy.denies(question)) {
                return true;
            }
        }
        return false;
    }
}
