package dev.outcrop.kernel;

/** What IAM answers. */
public sealed interface AuthorizationDecision {
    /** The call may go on. */
    AuthorizationDecision ALLOWED = new Allowed();

    /** The call may go on. */
    record Allowed() implements AuthorizationDecision {}

    /**
     * The call may not go on.
     *
     * @param resource the first resource that was refused
     * @param reason   the end of AWS's sentence, such as {@code no identity-based policy allows the sts:AssumeRole action}
     */
    record Denied(String resource, String reason) implements AuthorizationDecision {}
}
