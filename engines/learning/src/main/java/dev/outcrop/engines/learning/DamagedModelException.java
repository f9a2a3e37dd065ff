package dev.outcrop.engines.learning;

/** The bytes are not those of a model that was written here. */
public final class DamagedModelException extends RuntimeException {
    public DamagedModelException(String message) {
        super(message);
    }

    public DamagedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
