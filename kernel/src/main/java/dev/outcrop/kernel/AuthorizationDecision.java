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
     * @param access the first access that was refused
     * @param reason the end of AWS's sentence, such as {@code because no identity-based policy allows the sts:AssumeRole
     *               action} or {@code with an explicit deny in a resource-based policy}
     */
    record Denied(Access access, String reason) implements AuthorizationDecision {}
}
