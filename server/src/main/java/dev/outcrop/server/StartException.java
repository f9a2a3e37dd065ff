package dev.outcrop.server;

/** The server, or a command that needs it, cannot start; the message says in one line why and what to do. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public StartException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
