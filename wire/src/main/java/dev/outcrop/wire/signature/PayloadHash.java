package dev.outcrop.wire.signature;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of a body that a signature covers, and the markers that may stand in its place. */
public final class PayloadHash {
    /** Of a body without bytes. */
    public static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    /** Of a body that is not signed. */
    public static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    /** Of a body in signed chunks. */
    public static final String STREAMING_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    /** Of a body in signed chunks that ends with signed trailers. */
    public static final String STREAMING_SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    /** Of a body in chunks that are not signed, ending with trailers. */
    public static final String STREAMING_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    /** Of an event stream whose messages are signed one by one. */
    public static final String STREAMING_EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

    /** To be copied: a look-up among the security providers costs more than the hash of a short text. */
    private static final MessageDigest FRESH = fresh();

    private PayloadHash() {}

    /** SHA-256 of {@code body} in hexadecimal digits. */
    public static String of(byte[] body) {
        return body.length == 0 ? EMPTY : Hex.lower(sha256().digest(body));
    }

    static MessageDigest sha256() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 cannot be cloned", e);
        }
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether {@code declared} stands in the place of a hash. */
    public static boolean isMarker(String declared) {
        return switch (declared) {
            case UNSIGNED, STREAMING_SIGNED, STREAMING_SIGNED_TRAILER, STREAMING_UNSIGNED_TRAILER, STREAMING_EVENTS ->
                true;
            default -> false;
        };
    }

    /** Whether {@code declared} is the hash of a whole body, and no marker. */
    public static boolean isDigest(String declared) {
        if (declared.length() != 64) {
            return false;
        }
        for (int i = 0; i < 64; i++) {
            if (Character.digit(declared.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
