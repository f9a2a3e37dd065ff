package dev.outcrop.wire.signature;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Hexadecimal digits as signatures are written in. */
final class Hex {
    private static final HexFormat LOWER = HexFormat.of();
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private Hex() {}

    static String lower(byte[] octets) {
        return LOWER.formatHex(octets);
    }

    /** The octets of {@code text} with spaces between, as S3 shows what it signed. */
    static String spaced(String text) {
        return SPACED.formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
