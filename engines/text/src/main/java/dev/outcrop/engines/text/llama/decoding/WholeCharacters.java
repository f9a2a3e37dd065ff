package dev.outcrop.engines.text.llama.decoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns the bytes of tokens into text, keeping back those of a character that is not complete. */
final class WholeCharacters {
    private byte[] held = {};

    /** The characters that are complete now. Bytes that are no UTF-8 become replacement characters. */
    String accept(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        int whole = all.length - incompleteAtEnd(all);
        held = Arrays.copyOfRange(all, whole, all.length);
        return new String(all, 0, whole, StandardCharsets.UTF_8);
    }

    /** What was kept back, once nothing follows. */
    String finish() {
        String rest = new String(held, StandardCharsets.UTF_8);
        held = new byte[0];
        return rest;
    }

    /** How many bytes at the end begin a character whose rest is missing. */
    private static int incompleteAtEnd(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int value = bytes[bytes.length - back] & 0xff;
            if (value >= 0xc0) {
                int length = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
            if (value < 0x80) {
                return 0;
            }
        }
        return 0;
    }
}
