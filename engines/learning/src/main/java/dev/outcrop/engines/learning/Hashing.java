package dev.outcrop.engines.learning;

/** Feature hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009. */
final class Hashing {
    private Hashing() {}

    /** A hash of a feature of a kind with two parts; all its bits may be used. */
    static int of(int kind, int left, int right) {
        int hash = (kind * 0x9E3779B1) ^ (left * 0x85EBCA6B) ^ Integer.rotateLeft(right * 0xC2B2AE35, 13);
        hash ^= hash >>> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >>> 12;
        hash *= 0x297A2D39;
        return hash ^ (hash >>> 15);
    }

    /** The hash of a part of a word, as that of a string of its own. */
    static int of(CharSequence text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
