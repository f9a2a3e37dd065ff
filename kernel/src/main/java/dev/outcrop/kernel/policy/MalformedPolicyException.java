package dev.outcrop.kernel.policy;

/** A policy document that AWS's grammar refuses; the message is what {@code MalformedPolicyDocument} says. */
public final class MalformedPolicyException extends RuntimeException {
    private final Flaw flaw;

    public MalformedPolicyException(String message) {
        this(Flaw.OTHER, message);
    }

    MalformedPolicyException(Flaw flaw, String message) {
        super(message);
        this.flaw = flaw;
    }

    /** What is wrong, for services that say it in other words than IAM. */
    public Flaw flaw() {
        return flaw;
    }

    /** What services have words of their own for. */
    public enum Flaw {
        /** The text is no JSON. */
        JSON,
        /** An element is missing, unknown, or not made of what it should be. */
        SYNTAX,
        /** A principal is none. */
        PRINCIPAL,
        /** Anything else, which the message says. */
        OTHER
    }
}
