package dev.outcrop.kernel.policy;

/** A policy document that AWS's grammar refuses; the message is what {@code MalformedPolicyDocument} says. */
public final class MalformedPolicyException extends RuntimeException {
    public MalformedPolicyException(String message) {
        super(message);
    }
}
