package dev.outcrop.kernel;

/** Decides whether a call may be made. Safe for concurrent use; asked at every call, so it answers from memory. */
@FunctionalInterface
public interface Authorization {
    AuthorizationDecision decide(AuthorizationRequest request);

    /** An account's root may do everything in it and nobody else anything: all there is to say until IAM holds policies. */
    Authorization ROOT_ONLY = request -> {
        Principal principal = request.principal();
        boolean root = principal.kind() == Principal.Kind.ROOT || principal.kind() == Principal.Kind.SERVICE;
        if (root && principal.account().equals(request.account())) {
            return AuthorizationDecision.ALLOWED;
        }
        Access first = request.accesses().getFirst();
        return new AuthorizationDecision.Denied(
                first, "because no identity-based policy allows the " + first.action() + " action");
    };
}
