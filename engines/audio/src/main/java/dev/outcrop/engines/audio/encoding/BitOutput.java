package dev.outcrop.engines.audio.encoding;

import java.util.Arrays;

/** Bits, the highest of each byte first. */
final class BitOutput {
    private byte[] bytes = new byte[256];
    private int bits;

    /** Appends the lowest {@code count} bits of a number. */
    void write(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            if (bits >> 3 == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
            bytes[bits >> 3] |= (byte) (((value >> i) & 1) << (7 - (bits & 7)));
            bits++;
        }
    }

    /** Appends zeros up to the end of a byte. */
    void align() {
        write(0, -bits & 7);
    }

    int length() {
        return bits;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, (bits + 7) >> 3);
    }
}
