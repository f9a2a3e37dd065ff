package dev.outcrop.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ids of 64 hexadecimal digits by which S3 names accounts.
 *
 * <p>Source: "AWS account identifiers" of the account management guide.
 */
public final class CanonicalUser {
    /** Of whoever did not sign. */
    public static final String ANONYMOUS = "65a011a29cdf8ec533ec3d1ccaae921c";

    private CanonicalUser() {}

    /** The id of {@code account}, twelve digits, or the empty string for {@link #ANONYMOUS}. */
    public static String id(String account) {
        if (account.isEmpty()) {
            return ANONYMOUS;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(("owner " + account).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
