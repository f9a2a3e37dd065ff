package dev.outcrop.services.cloudwatchlogs.filter;

/** A text is no filter pattern; the message says why, to whoever wrote it. */
public final class InvalidPatternException extends Exception {
    InvalidPatternException(String message) {
        super(message);
    }
}
