package dev.outcrop.server;

/** What the process ends with, so that scripts can tell failures apart. Follows BSD's sysexits where it has a word. */
final class ExitCode {
    /** Done. */
    static final int DONE = 0;

    /** Something else failed; the last line says what. */
    static final int FAILED = 1;

    /** The command line is wrong. */
    static final int USAGE = 64;

    /** No such model, or no such thing. */
    static final int NOT_FOUND = 66;

    /** The server cannot be reached, or refused for now. */
    static final int UNAVAILABLE = 69;

    /** The port or the data folder is in use. */
    static final int IN_USE = 75;

    /** The configuration is wrong. */
    static final int CONFIGURATION = 78;

    private ExitCode() {}
}
