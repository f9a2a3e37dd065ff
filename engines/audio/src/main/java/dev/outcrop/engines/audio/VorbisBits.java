package dev.outcrop.engines.audio;

/**
 * Bits of a Vorbis packet, the least significant first. What is read behind the end is zero, and is remembered: a packet of
 * sound may end early, and what it leaves out is silence.
 */
final class VorbisBits {
    private final byte[] packet;
    private long at;
    private boolean ended;

    VorbisBits(byte[] packet, int from) {
        this.packet = packet;
        at = 8L * from;
    }

    /** Whether more was asked for than there is. */
    boolean ended() {
        return ended;
    }

    /** An unsigned number of up to 32 bits. */
    long read(int bits) {
        long value = peek(bits);
        skip(bits);
        return ended ? 0 : value;
    }

    /** The same of up to 24 bits. */
    int number(int bits) {
        return (int) read(bits);
    }

    boolean flag() {
        return read(1) != 0;
    }

    /** The next bits without going behind them; zeros follow the end. */
    long peek(int bits) {
        long value = 0;
        int first = (int) (at >> 3);
        int shift = (int) (at & 7);
        for (int i = 0; 8 * i < bits + shift && first + i < packet.length; i++) {
            value |= (packet[first + i] & 0xFFL) << (8 * i);
        }
        return value >>> shift & ((1L << bits) - 1);
    }

    void skip(int bits) {
        at += bits;
        if (at > 8L * packet.length) {
            at = 8L * packet.length;
            ended = true;
        }
    }

    /** How many bits a number up to {@code value} needs. */
    static int width(int value) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(value);
    }
}
