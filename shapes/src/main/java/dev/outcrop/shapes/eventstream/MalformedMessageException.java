package dev.outcrop.shapes.eventstream;

/** Bytes that are no message of an event stream. The stream cannot be read further. */
public final class MalformedMessageException extends RuntimeException {
    MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
