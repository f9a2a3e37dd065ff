package dev.outcrop.engines.learning;

import java.util.Arrays;

/**
 * The n-grams of a text and how often each occurs: words and pairs of words in the lower half of the places that they are
 * hashed into, pieces of three to five characters of words, ends marked, in the upper half.
 *
 * @param places in ascending order, each once
 * @param counts how often each occurs
 */
record NGrams(int[] places, int[] counts) {
    /** How many places there are. */
    static final int PLACES = 1 << 20;
    /** From here on the places are of pieces of words. */
    static final int PIECES = PLACES / 2;

    private static final int LONGEST_TEXT = 200_000;
    private static final int SHORTEST_PIECE = 3;
    private static final int LONGEST_PIECE = 5;

    /** @param pieces whether pieces of words are wanted */
    static NGrams of(String text, boolean pieces) {
        Words words = Words.of(text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text);
        Collected collected = new Collected(words.size() * (pieces ? 16 : 2) + 16);
        int before = 0;
        for (String written : words.texts()) {
            String word = Words.lowered(written);
            int hash = word.hashCode();
            collected.add(Hashing.of(1, hash, 0) & (PIECES - 1));
            collected.add(Hashing.of(2, before, hash) & (PIECES - 1));
            before = hash;
            if (pieces && Words.isWord(word.codePointAt(0))) {
                pieces(word, collected);
            }
        }
        collected.add(Hashing.of(2, before, 0) & (PIECES - 1));
        return collected.counted();
    }

    private static void pieces(String word, Collected collected) {
        String ended = "<" + word + ">";
        for (int from = 0; from < ended.length(); from++) {
            int longest = Math.min(LONGEST_PIECE, ended.length() - from);
            for (int length = SHORTEST_PIECE; length <= longest; length++) {
                int hash = Hashing.of(3, Hashing.of(ended, from, from + length), length);
                collected.add(PIECES | (hash & (PIECES - 1)));
            }
        }
    }

    int size() {
        return places.length;
    }

    private static final class Collected {
        private int[] places;
        private int size;

        Collected(int expected) {
            places = new int[expected];
        }

        void add(int place) {
            if (size == places.length) {
                places = Arrays.copyOf(places, 2 * size);
            }
            places[size++] = place;
        }

        NGrams counted() {
            Arrays.sort(places, 0, size);
            int[] distinct = new int[size];
            int[] counts = new int[size];
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (kept > 0 && distinct[kept - 1] == places[i]) {
                    counts[kept - 1]++;
                } else {
                    distinct[kept] = places[i];
                    counts[kept++] = 1;
                }
            }
            return new NGrams(Arrays.copyOf(distinct, kept), Arrays.copyOf(counts, kept));
        }
    }
}
