package dev.outcrop.services.cloudwatch;

/** An expression that cannot be read, or that makes no sense; the message is for whoever wrote it. */
final class InvalidExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidExpressionException(String message) {
        super(message, null, false, false);
    }
}
