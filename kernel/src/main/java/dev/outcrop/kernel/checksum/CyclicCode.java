package dev.outcrop.kernel.checksum;

/**
 * The arithmetic of a cyclic redundancy check with reflected bits, ones at the start and inverted at the end.
 *
 * <p>A checksum followed by {@code n} zero bytes is the checksum times x to the power of 8n, modulo the polynomial; that of
 * two pieces is the first one's, moved by the length of the second, plus the second one's. Costs O(width log n) shifts.
 *
 * @param polynomial reflected, without its highest term
 * @param width      in bits, 32 or 64
 */
record CyclicCode(long polynomial, int width) {
    long combine(long first, long second, long secondLength) {
        return multiply(power(secondLength), first) ^ second;
    }

    /** x to the power of 8 times {@code bytes}. */
    private long power(long bytes) {
        long result = 1L << (width - 1); // One: the highest bit is the lowest power.
        long square = 1L << (width - 1 - 8); // x to the power of 8.
        for (long left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    private long multiply(long a, long b) {
        long product = 0;
        long shifted = b;
        for (int bit = width - 1; bit >= 0; bit--) {
            if ((a >>> bit & 1) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ polynomial;
        }
        return product;
    }
}
