package dev.outcrop.engines.learning;

import java.util.List;

/** What {@link EntityRecognizer} sees of each word: it and those around it, their forms and ends, and known phrases. */
final class RecognitionFeatures {
    private static final int REACH = 2;
    private static final int LONGEST_AFFIX = 4;

    private final int places;
    private final List<String> texts;
    private final int[] words;
    private final int[] shapes;
    private final int[] known;
    private final int[] found = new int[64];
    private int size;

    /** @param places how many places features are hashed into, a power of 2 */
    RecognitionFeatures(Words text, int[] known, int places) {
        this.places = places;
        this.known = known;
        texts = text.texts();
        words = new int[text.size()];
        shapes = new int[text.size()];
        for (int at = 0; at < words.length; at++) {
            words[at] = withoutDigits(Words.lowered(texts.get(at))).hashCode();
            shapes[at] = Words.shape(texts.get(at)).hashCode();
        }
    }

    /** Of numbers only the length tells. */
    private static String withoutDigits(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!Character.isDigit(word.charAt(i))) {
                return word;
            }
        }
        return "0".repeat(word.length());
    }

    /** The places of a word's features, good until the next call; {@link #size()} says how many. */
    int[] of(int word) {
        size = 0;
        add(0, 0, 0);
        for (int by = -REACH; by <= REACH; by++) {
            int at = word + by;
            add(10 + by, word(at), 0);
            add(20 + by, shape(at), 0);
            add(30 + by, known(at), 0);
            if (by < REACH) {
                add(40 + by, word(at), word(at + 1));
                add(50 + by, shape(at), shape(at + 1));
            }
        }
        add(60, word(word - 1), shapes[word]);
        add(61, word(word + 1), shapes[word]);
        add(62, known[word], shapes[word]);
        add(63, word(word - 3), 0);
        add(64, word(word + 3), 0);
        add(65, word == 0 ? 1 : 0, shapes[word]);
        String lowered = Words.lowered(texts.get(word));
        int length = lowered.length();
        for (int part = 1; part <= LONGEST_AFFIX && part <= length; part++) {
            add(70 + part, Hashing.of(lowered, 0, part), 0);
            add(80 + part, Hashing.of(lowered, length - part, length), 0);
        }
        return found;
    }

    int size() {
        return size;
    }

    private int word(int at) {
        return at < 0 || at >= words.length ? 1 : words[at];
    }

    private int shape(int at) {
        return at < 0 || at >= words.length ? 1 : shapes[at];
    }

    private int known(int at) {
        return at < 0 || at >= words.length ? 0 : known[at];
    }

    private void add(int kind, int left, int right) {
        found[size++] = Hashing.of(kind, left, right) & (places - 1);
    }
}
