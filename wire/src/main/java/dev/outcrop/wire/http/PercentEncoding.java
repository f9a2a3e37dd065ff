package dev.outcrop.wire.http;

import java.nio.charset.StandardCharsets;

/** Percent-encoding as RFC 3986 has it and as AWS signs it: only unreserved characters stay as they are. */
public final class PercentEncoding {
    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();
    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            UNRESERVED[c] = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
        }
    }

    private PercentEncoding() {}

    /** Appends {@code text} encoded, leaving slashes alone when {@code keepSlashes}. */
    public static void encode(CharSequence text, boolean keepSlashes, StringBuilder out) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 128) {
                if (UNRESERVED[c] || (keepSlashes && c == '/')) {
                    out.append(c);
                } else {
                    octet(c, out);
                }
            } else {
                int end = i + 1;
                while (end < length && text.charAt(end) >= 128) {
                    end++;
                }
                byte[] octets = text.subSequence(i, end).toString().getBytes(StandardCharsets.UTF_8);
                for (byte octet : octets) {
                    octet(octet & 0xff, out);
                }
                i = end - 1;
            }
        }
    }

    /** {@code text} with every octet but the unreserved ones encoded. */
    public static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        encode(text, false, out);
        return out.toString();
    }

    private static void octet(int octet, StringBuilder out) {
        out.append('%').append(DIGITS[octet >> 4]).append(DIGITS[octet & 15]);
    }

    /**
     * The text that {@code encoded} stands for, read as UTF-8; octets that are no UTF-8 become U+FFFD.
     *
     * @param plusIsSpace whether a plus sign stands for a space, as in query strings and forms
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
     */
    public static String decode(String encoded, boolean plusIsSpace) {
        int length = encoded.length();
        int first = 0;
        while (first < length) {
            char c = encoded.charAt(first);
            if (c == '%' || (plusIsSpace && c == '+')) {
                break;
            }
            first++;
        }
        if (first == length) {
            return encoded;
        }
        byte[] source = encoded.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[source.length];
        int size = 0;
        for (int i = 0; i < source.length; i++) {
            byte octet = source[i];
            if (octet == '%') {
                int high = i + 2 < source.length ? Character.digit(source[i + 1], 16) : -1;
                int low = i + 2 < source.length ? Character.digit(source[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException(
                            "a percent sign must be followed by two hexadecimal digits, but is not in \"" + encoded
                                    + "\"");
                }
                decoded[size++] = (byte) (high << 4 | low);
                i += 2;
            } else if (plusIsSpace && octet == '+') {
                decoded[size++] = ' ';
            } else {
                decoded[size++] = octet;
            }
        }
        return new String(decoded, 0, size, StandardCharsets.UTF_8);
    }
}
