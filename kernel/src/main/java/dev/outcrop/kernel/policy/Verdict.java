package dev.outcrop.kernel.policy;

/** What evaluation comes to. */
public enum Verdict {
    ALLOWED("", ""),
    DENIED_BY_IDENTITY_POLICY("with an explicit deny in an identity-based policy", ""),
    DENIED_BY_RESOURCE_POLICY("with an explicit deny in a resource-based policy", ""),
    DENIED_BY_BOUNDARY("with an explicit deny in a permissions boundary", ""),
    DENIED_BY_SESSION_POLICY("with an explicit deny in a session policy", ""),
    DENIED_BY_SERVICE_CONTROL_POLICY("with an explicit deny in a service control policy", ""),
    NOT_ALLOWED_BY_SERVICE_CONTROL_POLICY("because no service control policy allows the ", " action"),
    NOT_ALLOWED_BY_RESOURCE_POLICY("because no resource-based policy allows the ", " action"),
    NOT_ALLOWED_BY_IDENTITY_POLICY("because no identity-based policy allows the ", " action"),
    NOT_ALLOWED_BY_BOUNDARY("because no permissions boundary allows the ", " action"),
    NOT_ALLOWED_BY_SESSION_POLICY("because no session policy allows the ", " action");

    private final String before;
    private final String after;

    Verdict(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** Whether a statement denies it, rather than none allowing it. */
    public boolean isExplicitDeny() {
        return this != ALLOWED && after.isEmpty();
    }

    /** The end of AWS's sentence about a refusal of {@code action}. */
    public String reason(String action) {
        return after.isEmpty() ? before : before + action + after;
    }
}
