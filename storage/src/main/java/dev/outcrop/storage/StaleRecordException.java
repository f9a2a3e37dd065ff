package dev.outcrop.storage;

/** A record was changed or removed since it was read. */
public final class StaleRecordException extends RuntimeException {
    public StaleRecordException(String message) {
        super(message);
    }
}
