package dev.outcrop.services.guardrails;

/** What a guardrail does about a finding. */
enum Verdict {
    /** Nothing; it is only told. */
    NONE,
    /** Its place is masked. */
    ANONYMIZED,
    /** The whole text is stopped. */
    BLOCKED
}
