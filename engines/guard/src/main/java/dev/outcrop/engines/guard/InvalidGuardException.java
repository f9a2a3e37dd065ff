package dev.outcrop.engines.guard;

/** Something that a guard cannot be made of, such as a malformed regular expression. The message says what, and why. */
public final class InvalidGuardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidGuardException(String message) {
        super(message);
    }

    public InvalidGuardException(String message, Throwable cause) {
        super(message, cause);
    }
}
