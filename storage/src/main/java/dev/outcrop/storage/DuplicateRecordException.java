package dev.outcrop.storage;

/** A record of that id or name exists already. */
public final class DuplicateRecordException extends RuntimeException {
    public DuplicateRecordException(String message) {
        super(message);
    }
}
