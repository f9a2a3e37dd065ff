package dev.outcrop.engines.language.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Which texts nothing is trained on: every fifth by the first four digits of its SHA-256. */
public final class HeldOut {
    private HeldOut() {}

    /** Whether a text is for tests. */
    public static boolean contains(String text) {
        return Integer.parseInt(digest(text).substring(0, 4), 16) % 5 == 0;
    }

    /** The SHA-256 of a text's UTF-8, in hexadecimal. */
    public static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
