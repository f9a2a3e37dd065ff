package dev.outcrop.engines.vectors;

/** A store that cannot be reached, read or written. */
public final class VectorStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VectorStoreException(String message) {
        super(message);
    }

    public VectorStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
