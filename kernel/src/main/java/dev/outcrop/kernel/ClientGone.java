package dev.outcrop.kernel;

/** The reader of a stream has gone or takes nothing any more: whatever was being made for it can stop. */
public final class ClientGone extends RuntimeException {
    public ClientGone(String message) {
        super(message);
    }
}
