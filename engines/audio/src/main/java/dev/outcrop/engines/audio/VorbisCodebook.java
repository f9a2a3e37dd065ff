package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.util.Arrays;

/**
 * A code of words of different lengths, and the vector that each stands for.
 *
 * <p>Source: Vorbis I specification, section 3.
 */
final class VorbisCodebook {
    private static final int SYNC = 0x564342;
    private static final int LONGEST_WORD = 32;
    /** Words up to this length are found in one step. */
    private static final int FAST = 10;

    private static final int MOST_ENTRIES = 1 << 17;
    private static final int MOST_DIMENSIONS = 1024;
    private static final int MOST_VALUES = 1 << 20;

    private final int dimensions;
    private final int entries;
    private final int[] fast = new int[1 << FAST];
    /** Of each node the next ones after a zero and after a one: a node, or the complement of an entry; 0 where nothing is. */
    private int[] next = new int[64];

    private int nodes = 1;
    private final float[] vectors;

    VorbisCodebook(VorbisBits bits) {
        if (bits.number(24) != SYNC) {
            throw damaged("a codebook of the Vorbis stream does not begin as one");
        }
        dimensions = bits.number(16);
        entries = bits.number(24);
        if (dimensions == 0
                || dimensions > MOST_DIMENSIONS
                || entries == 0
                || entries > MOST_ENTRIES
                || dimensions * entries > MOST_VALUES) {
            throw damaged("a codebook of the Vorbis stream has no size that it may have");
        }
        assignWords(lengths(bits));
        vectors = vectors(bits);
        if (bits.ended()) {
            throw damaged("the Vorbis stream ends within its codebooks");
        }
    }

    int dimensions() {
        return dimensions;
    }

    int entries() {
        return entries;
    }

    boolean hasVectors() {
        return vectors.length > 0;
    }

    /** One value of an entry's vector. */
    float value(int entry, int dimension) {
        return vectors[entry * dimensions + dimension];
    }

    private int[] lengths(VorbisBits bits) {
        int[] lengths = new int[entries];
        if (bits.flag()) {
            int length = bits.number(5) + 1;
            for (int entry = 0; entry < entries; length++) {
                int count = bits.number(VorbisBits.width(entries - entry));
                if (count > entries - entry || length > LONGEST_WORD || bits.ended()) {
                    throw damaged("a codebook of the Vorbis stream has more words than entries");
                }
                Arrays.fill(lengths, entry, entry + count, length);
                entry += count;
            }
        } else {
            boolean sparse = bits.flag();
            for (int entry = 0; entry < entries; entry++) {
                if (!sparse || bits.flag()) {
                    lengths[entry] = bits.number(5) + 1;
                }
            }
        }
        return lengths;
    }

    /** Each entry in turn gets the first word of its length that no other begins. */
    private void assignWords(int[] lengths) {
        long[] free = new long[LONGEST_WORD + 1];
        int used = 0;
        for (int entry = 0; entry < entries; entry++) {
            int length = lengths[entry];
            if (length == 0) {
                continue;
            }
            used++;
            long word = free[length];
            if (word >> length != 0) {
                throw damaged("a codebook of the Vorbis stream has too many words");
            }
            put(word, length, entry);
            for (int shorter = length; shorter > 0; shorter--) {
                if ((free[shorter] & 1) != 0) {
                    free[shorter] = shorter == 1 ? free[1] + 1 : free[shorter - 1] << 1;
                    break;
                }
                free[shorter]++;
            }
            long taken = word;
            for (int longer = length + 1; longer <= LONGEST_WORD && free[longer] >> 1 == taken; longer++) {
                taken = free[longer];
                free[longer] = free[longer - 1] << 1;
            }
        }
        // A code of a single word is the only one that may leave words over.
        for (int length = 1; used != 1 && length <= LONGEST_WORD; length++) {
            if ((free[length] & ((1L << length) - 1)) != 0) {
                throw damaged("a codebook of the Vorbis stream has too few words");
            }
        }
    }

    private void put(long word, int length, int entry) {
        if (length <= FAST) {
            int reversed = (int) (Long.reverse(word) >>> (Long.SIZE - length));
            for (int i = reversed; i < fast.length; i += 1 << length) {
                fast[i] = entry << 5 | length;
            }
        }
        int node = 0;
        for (int bit = length - 1; bit >= 0; bit--) {
            int at = 2 * node + (int) (word >> bit & 1);
            if (bit == 0) {
                next[at] = ~entry;
            } else {
                if (next[at] == 0) {
                    if (2 * nodes + 2 > next.length) {
                        next = Arrays.copyOf(next, 2 * next.length);
                    }
                    next[at] = nodes++;
                }
                node = next[at];
            }
        }
    }

    private float[] vectors(VorbisBits bits) {
        int type = bits.number(4);
        if (type == 0) {
            return new float[0];
        }
        if (type > 2) {
            throw damaged("a codebook of the Vorbis stream has vectors of no kind that is known");
        }
        float smallest = real(bits.read(32));
        float step = real(bits.read(32));
        int width = bits.number(4) + 1;
        boolean sums = bits.flag();
        int[] multiplicands = new int[type == 1 ? root(entries, dimensions) : entries * dimensions];
        for (int i = 0; i < multiplicands.length; i++) {
            multiplicands[i] = bits.number(width);
        }
        float[] values = new float[entries * dimensions];
        for (int entry = 0; entry < entries; entry++) {
            float before = 0;
            long divisor = 1;
            for (int i = 0; i < dimensions; i++) {
                int at = type == 1 ? (int) (entry / divisor % multiplicands.length) : entry * dimensions + i;
                float value = multiplicands[at] * step + smallest + before;
                values[entry * dimensions + i] = value;
                before = sums ? value : 0;
                // Behind the last entry nothing changes any more.
                divisor = Math.min(divisor * multiplicands.length, Integer.MAX_VALUE);
            }
        }
        return values;
    }

    /** A number with 21 bits of mantissa, 10 of exponent and a sign. */
    private static float real(long bits) {
        double mantissa = bits & 0x1FFFFF;
        int exponent = (int) (bits >> 21 & 0x3FF) - 788;
        return (float) Math.scalb((bits & 0x80000000L) != 0 ? -mantissa : mantissa, exponent);
    }

    /** The largest number whose power is no more than {@code value}. */
    private static int root(int value, int power) {
        int root = (int) Math.floor(Math.pow(value, 1.0 / power)) + 1;
        while (Math.pow(root, power) > value) {
            root--;
        }
        return root;
    }

    /** The entry whose word comes next; −1 where the packet has ended or no word is there. */
    int decode(VorbisBits bits) {
        int found = fast[(int) bits.peek(FAST)];
        if (found != 0) {
            bits.skip(found & 31);
            return bits.ended() ? -1 : found >> 5;
        }
        int node = 0;
        while (!bits.ended()) {
            int following = next[2 * node + (int) bits.read(1)];
            if (bits.ended() || following == 0) {
                return -1;
            }
            if (following < 0) {
                return ~following;
            }
            node = following;
        }
        return -1;
    }
}
