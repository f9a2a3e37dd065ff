package dev.outcrop.storage;

/** Storage could not do what was asked: it is broken, closed, or too slow. */
public sealed class StorageException extends RuntimeException permits StorageUnavailableException {
    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
