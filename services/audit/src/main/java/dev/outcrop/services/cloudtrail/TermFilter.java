package dev.outcrop.services.cloudtrail;

import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Says of terms whether they may be in a set; of those in it, always. Less than one term in a hundred that is not in the set
 * passes.
 *
 * <p>Source: Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970; both hashes from one, as in Kirsch
 * and Mitzenmacher, "Less hashing, same performance", 2006.
 */
final class TermFilter {
    private static final int BITS_A_TERM = 12;
    private static final int PROBES = 7;

    private final long[] bits;

    private TermFilter(long[] bits) {
        this.bits = bits;
    }

    /** A filter of terms given by their {@link #hash}es. */
    static TermFilter of(Collection<Long> hashes) {
        int words = Integer.highestOneBit(Math.max(1, hashes.size() * BITS_A_TERM / Long.SIZE)) * 2;
        TermFilter filter = new TermFilter(new long[words]);
        for (long hash : hashes) {
            for (int probe = 0; probe < PROBES; probe++) {
                int bit = filter.bit(hash, probe);
                filter.bits[bit >>> 6] |= 1L << bit;
            }
        }
        return filter;
    }

    static TermFilter read(ByteBuffer bytes) {
        long[] bits = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(bits);
        return new TermFilter(bits);
    }

    void write(ByteBuffer bytes) {
        for (long word : bits) {
            bytes.putLong(word);
        }
    }

    int bytes() {
        return bits.length * Long.BYTES;
    }

    boolean mayHold(long hash) {
        for (int probe = 0; probe < PROBES; probe++) {
            int bit = bit(hash, probe);
            if ((bits[bit >>> 6] & (1L << bit)) == 0) {
                return false;
            }
        }
        return true;
    }

    private int bit(long hash, int probe) {
        int step = (int) (hash >>> 32) | 1;
        return ((int) hash + probe * step) & (bits.length * Long.SIZE - 1);
    }

    /** A hash of {@code text}, different for each {@code seed}. Steele, Lea and Flood's mixing of SplitMix64. */
    static long hash(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
