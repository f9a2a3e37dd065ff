package dev.outcrop.engines.logs;

/** Events could not be written or read. */
public final class LogStoreException extends RuntimeException {
    public LogStoreException(String message) {
        super(message);
    }

    public LogStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
