package dev.outcrop.engines.sources;

/** Why a source, or one document of it, cannot be read. The message is fit to be shown: it holds no credentials. */
public final class SourceException extends RuntimeException {
    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
