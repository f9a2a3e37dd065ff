package dev.outcrop.engines.audio;

/** Bits of a FLAC stream, the most significant first, and the checksums of what was read. */
final class BitInput {
    private static final int[] CRC16 = table();

    private final Bytes in;
    private int current;
    private int bitsLeft;
    private int crc8;
    private int crc16;

    BitInput(Bytes in) {
        this.in = in;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 0x8000) != 0 ? value << 1 ^ 0x8005 : value << 1;
            }
            table[i] = value & 0xFFFF;
        }
        return table;
    }

    /** Begins the checksums anew with two bytes that were read already. */
    void begin(int first, int second) {
        bitsLeft = 0;
        crc8 = 0;
        crc16 = 0;
        count(first);
        count(second);
    }

    private void count(int next) {
        crc16 = (crc16 << 8 ^ CRC16[crc16 >> 8 ^ next]) & 0xFFFF;
        crc8 ^= next;
        for (int bit = 0; bit < 8; bit++) {
            crc8 = ((crc8 & 0x80) != 0 ? crc8 << 1 ^ 0x07 : crc8 << 1) & 0xFF;
        }
    }

    int crc8() {
        return crc8;
    }

    int crc16() {
        return crc16;
    }

    private void fill() {
        current = in.u8();
        count(current);
        bitsLeft = 8;
    }

    /** An unsigned number of up to 32 bits. */
    long unsigned(int bits) {
        long result = 0;
        int wanted = bits;
        while (wanted > 0) {
            if (bitsLeft == 0) {
                fill();
            }
            int taken = Math.min(wanted, bitsLeft);
            result = result << taken | (current >> (bitsLeft - taken) & ((1 << taken) - 1));
            bitsLeft -= taken;
            wanted -= taken;
        }
        return result;
    }

    /** A number in two's complement of up to 33 bits. */
    long signed(int bits) {
        if (bits == 0) {
            return 0;
        }
        long value = unsigned(bits);
        return value << (64 - bits) >> (64 - bits);
    }

    /** How many zeros stand before the next one, which is read, too. */
    int unary(int most) {
        int zeros = 0;
        while (true) {
            if (bitsLeft == 0) {
                fill();
            }
            int rest = current & ((1 << bitsLeft) - 1);
            if (rest == 0) {
                zeros += bitsLeft;
                bitsLeft = 0;
            } else {
                int leading = Integer.numberOfLeadingZeros(rest) - (32 - bitsLeft);
                bitsLeft -= leading + 1;
                zeros += leading;
                return zeros;
            }
            if (zeros > most) {
                throw UnreadableAudioException.damaged("a number in the FLAC stream is too large");
            }
        }
    }

    /** Leaves out what is left of a byte. */
    void align() {
        bitsLeft = 0;
    }
}
