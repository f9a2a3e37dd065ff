package dev.outcrop.engines.models;

import java.io.IOException;

/** A source could not give a file. The message is one line and says what to do where something can be done. */
final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
        super(message);
    }

    SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
