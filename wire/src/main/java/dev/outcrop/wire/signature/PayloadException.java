package dev.outcrop.wire.signature;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A body that is not what its headers promised: read to its end it would have been another one. An {@link IOException},
 * because whoever reads the body meets it there.
 */
public final class PayloadException extends IOException {
    private final String code;
    private final int status;
    private final Map<String, String> details;

    PayloadException(String code, int status, String message) {
        this(code, status, message, Map.of());
    }

    PayloadException(String code, int status, String message, Map<String, String> details) {
        super(message);
        this.code = code;
        this.status = status;
        this.details = details;
    }

    /** The refusal of a signature, met while reading. */
    PayloadException(AuthenticationException cause) {
        super(cause.getMessage(), cause);
        code = cause.code();
        status = cause.status();
        details = cause.details();
    }

    /** A body that ended, or stopped coming, before its length was reached, or whose encoding is broken. */
    public static PayloadException brokenOff() {
        return new PayloadException("IncompleteBody", 400, "The request body terminated unexpectedly");
    }

    /** A body that decodes to another length than {@code X-Amz-Decoded-Content-Length} says. */
    static PayloadException lengthMismatch(long expected, long provided) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("NumberBytesExpected", Long.toString(expected));
        details.put("NumberBytesProvided", Long.toString(provided));
        return new PayloadException(
                "IncompleteBody",
                400,
                "You did not provide the number of bytes specified by the Content-Length HTTP header",
                details);
    }

    /** A file that is longer than the policy of its form allows. */
    public static PayloadException tooLarge(long length, long most) {
        return new PayloadException(
                "EntityTooLarge",
                400,
                "Your proposed upload exceeds the maximum allowed size",
                sizes(length, "MaxSizeAllowed", most));
    }

    /** A file that is shorter than the policy of its form wants it. */
    public static PayloadException tooSmall(long length, long least) {
        return new PayloadException(
                "EntityTooSmall",
                400,
                "Your proposed upload is smaller than the minimum allowed size",
                sizes(length, "MinSizeAllowed", least));
    }

    private static Map<String, String> sizes(long length, String bound, long allowed) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("ProposedSize", Long.toString(length));
        details.put(bound, Long.toString(allowed));
        return details;
    }

    /** A chunk that is too small to be followed by the one that is the {@code next}, counted from 1. */
    static PayloadException smallChunk(int next, long size) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("Chunk", Integer.toString(next));
        details.put("BadChunkSize", Long.toString(size));
        return new PayloadException(
                "InvalidChunkSizeError",
                400,
                "Only the last chunk is allowed to have a size less than 8192 bytes",
                details);
    }

    /** Trailers that cannot be read, or are not those that were announced. */
    static PayloadException malformedTrailer() {
        return new PayloadException(
                "MalformedTrailerError",
                400,
                "The request contained trailing data that was not well-formed or did not conform to our published"
                        + " schema.");
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
