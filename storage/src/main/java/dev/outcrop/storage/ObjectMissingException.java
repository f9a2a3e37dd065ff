package dev.outcrop.storage;

/** There is no object of that id. */
public final class ObjectMissingException extends RuntimeException {
    public ObjectMissingException(String message) {
        super(message);
    }
}
