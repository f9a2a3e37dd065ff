package dev.outcrop.wire.signature;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code Content-MD5} of an upload, which S3 compares with what it receives (RFC 1864; "Checking object integrity" in
 * S3's user guide).
 */
public final class ContentMd5 {
    private static final int OCTETS = 16;

    private final String declared;
    private final MessageDigest digest;

    private ContentMd5(String declared) {
        this.declared = declared;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /**
     * A digest that a body must come to.
     *
     * @param declared the header
     * @throws PayloadException if it is no base64 of 16 octets
     */
    public static ContentMd5 of(String declared) throws PayloadException {
        try {
            if (Base64.getDecoder().decode(declared).length == OCTETS) {
                return new ContentMd5(declared);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new PayloadException(
                "InvalidDigest", 400, "The Content-MD5 you specified was invalid.", Map.of("Content-MD5", declared));
    }

    void update(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
    }

    void verify() throws PayloadException {
        String computed = Base64.getEncoder().encodeToString(digest.digest());
        if (!computed.equals(declared)) {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("ExpectedDigest", declared);
            details.put("CalculatedDigest", computed);
            throw new PayloadException(
                    "BadDigest", 400, "The Content-MD5 you specified did not match what we received.", details);
        }
    }
}
