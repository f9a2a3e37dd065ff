package dev.outcrop.services.compatible;

/** A request names a model that there is not. */
final class NoSuchModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchModelException(String message) {
        super(message);
    }
}
