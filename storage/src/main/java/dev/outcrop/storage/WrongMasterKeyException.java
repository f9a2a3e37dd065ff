package dev.outcrop.storage;

/** What is stored was encrypted under another master key than the one at hand. */
public final class WrongMasterKeyException extends RuntimeException {
    public WrongMasterKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
