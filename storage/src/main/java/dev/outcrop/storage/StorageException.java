package dev.outcrop.storage;

/** Storage could not do what was asked: it is broken, closed, or too slow. */
public final class StorageException extends RuntimeException {
    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
