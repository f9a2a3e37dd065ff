package dev.outcrop.services.bedrockagent;

/** The database of a knowledge base cannot be reached or read; the message says why. */
public final class StructuredStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StructuredStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
