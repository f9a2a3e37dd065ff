package dev.outcrop.engines.sql;

/** A text is no statement that may be run; the message says why, to whoever wrote it. */
public final class RefusedSqlException extends Exception {
    /** Refused for the reason that {@code message} tells. */
    public RefusedSqlException(String message) {
        super(message);
    }
}
