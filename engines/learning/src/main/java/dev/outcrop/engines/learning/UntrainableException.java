package dev.outcrop.engines.learning;

/** The examples are not such that anything can be learned from them; the message says why. */
public final class UntrainableException extends RuntimeException {
    public UntrainableException(String message) {
        super(message);
    }
}
