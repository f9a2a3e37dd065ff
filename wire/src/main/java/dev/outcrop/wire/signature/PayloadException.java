package dev.outcrop.wire.signature;

import java.io.IOException;

/**
 * A body that is not what its headers promised: read to its end it would have been another one. An {@link IOException},
 * because whoever reads the body meets it there.
 */
public final class PayloadException extends IOException {
    private final String code;
    private final int status;

    PayloadException(String code, int status, String message) {
        super(message);
        this.code = code;
        this.status = status;
    }

    /** A body that ended, or stopped coming, before its length was reached. */
    public static PayloadException brokenOff() {
        return new PayloadException("IncompleteBody", 400, "The request body terminated unexpectedly");
    }

    /** The refusal of a signature, met while reading. */
    PayloadException(AuthenticationException cause) {
        super(cause.getMessage(), cause);
        code = cause.code();
        status = cause.status();
    }

    /** What clients tell the error by. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
