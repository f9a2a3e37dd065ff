package dev.outcrop.engines.patterns;

/** A text that is no pattern. The message says what is wrong, and on a second line where. */
public final class InvalidPatternException extends RuntimeException {
    InvalidPatternException(String message) {
        super(message);
    }
}
