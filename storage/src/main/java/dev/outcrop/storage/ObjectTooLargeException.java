package dev.outcrop.storage;

/** A content is longer than what is taken. */
public final class ObjectTooLargeException extends RuntimeException {
    public ObjectTooLargeException(String message) {
        super(message);
    }
}
