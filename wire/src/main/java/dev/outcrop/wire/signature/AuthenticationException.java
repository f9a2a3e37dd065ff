package dev.outcrop.wire.signature;

import java.util.Map;

/** A request whose sender was not recognised, in the words of the family of services that it was meant for. */
public final class AuthenticationException extends RuntimeException {
    private final String code;
    private final int status;
    private final Map<String, String> details;

    AuthenticationException(String code, int status, String message) {
        this(code, status, message, Map.of());
    }

    AuthenticationException(String code, int status, String message, Map<String, String> details) {
        super(message);
        this.code = code;
        this.status = status;
        this.details = details;
    }

    /** What clients tell the error by. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What S3 adds to the error's XML, in the order in which it writes it. */
    public Map<String, String> details() {
        return details;
    }
}
