package dev.outcrop.engines.language.sentiment;

import dev.outcrop.engines.language.WordTokens;
import dev.outcrop.engines.language.WordVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A sentence as hashed features: words, pairs and triples of them, words under a negation, pieces of words, clusters, and
 * what a lexicon says of its words.
 */
public final class SentimentFeatures {
    /** The number of places. */
    public static final int SIZE = 1 << 18;

    private static final int MOST = 8_000;

    private final int[] places = new int[MOST];
    private int size;

    private SentimentFeatures() {}

    /** The places of the features of a sentence, ascending, each once. */
    public static int[] of(String text) {
        List<String> words = new ArrayList<>();
        int shouted = 0;
        for (WordTokens.Token token : WordTokens.of(text)) {
            String word = token.in(text);
            shouted += word.length() > 2
                            && word.equals(word.toUpperCase(Locale.ROOT))
                            && !word.equals(word.toLowerCase(Locale.ROOT))
                    ? 1
                    : 0;
            words.add(plain(word));
        }
        SentimentFeatures features = new SentimentFeatures();
        features.words(words);
        features.lexicon(words);
        features.add(50, Math.min(3, shouted), 0);
        return features.distinct();
    }

    /** Lowered; names of people and addresses are not what feelings are about. */
    private static String plain(String word) {
        if (word.length() > 1 && word.charAt(0) == '@') {
            return "@user";
        }
        if (word.startsWith("http")) {
            return "http";
        }
        return word.toLowerCase(Locale.ROOT);
    }

    private void words(List<String> words) {
        boolean[] negated = Valences.negated(words);
        int count = words.size();
        int[] hashes = new int[count];
        int[] clusters = new int[count];
        for (int at = 0; at < count; at++) {
            hashes[at] = words.get(at).hashCode() * 31 + (negated[at] ? 7 : 0);
            clusters[at] = WordVectors.shipped().cluster(words.get(at));
        }
        for (int at = 0; at < count; at++) {
            add(1, hashes[at], 0);
            add(2, words.get(at).hashCode(), 0);
            if (at + 1 < count) {
                add(3, hashes[at], hashes[at + 1]);
                add(7, clusters[at], hashes[at + 1]);
                add(8, hashes[at], clusters[at + 1]);
            }
            if (at + 2 < count) {
                add(4, hashes[at] * 31 + hashes[at + 1], hashes[at + 2]);
                add(5, hashes[at], hashes[at + 2]);
            }
            add(6, clusters[at] * 2 + (negated[at] ? 1 : 0), 0);
            pieces(words.get(at), negated[at]);
        }
        if (count > 0) {
            add(30, hashes[0], 0);
            add(31, hashes[count - 1], 0);
        }
    }

    private void pieces(String word, boolean negated) {
        String padded = "^" + word + "$";
        for (int length = 3; length <= 5; length++) {
            for (int from = 0; from + length <= padded.length(); from++) {
                add(10 + length, padded.substring(from, from + length).hashCode(), negated ? 1 : 0);
            }
        }
    }

    private void lexicon(List<String> words) {
        boolean[] negated = Valences.negated(words);
        float pleasant = 0;
        float unpleasant = 0;
        float last = 0;
        for (int at = 0; at < words.size(); at++) {
            float valence = Valences.of(words.get(at)) * (negated[at] ? -0.7f : 1);
            pleasant += Math.max(0, valence);
            unpleasant -= Math.min(0, valence);
            last = valence == 0 ? last : valence;
        }
        add(40, Math.min(12, Math.round(pleasant)), 0);
        add(41, Math.min(12, Math.round(unpleasant)), 0);
        add(42, Math.clamp(Math.round(pleasant - unpleasant), -8, 8), 0);
        add(43, Math.round(Math.signum(last)), 0);
        add(44, Math.min(3, Math.round(pleasant)), Math.min(3, Math.round(unpleasant)));
        add(45, Math.clamp(Math.round(pleasant - unpleasant), -8, 8), Math.min(6, words.size() / 6));
    }

    private void add(int kind, int left, int right) {
        if (size == places.length) {
            return;
        }
        int hash = kind * 0x9E3779B1 ^ left * 0x85EBCA6B ^ Integer.rotateLeft(right * 0xC2B2AE35, 13);
        hash ^= hash >>> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >>> 12;
        hash *= 0x297A2D39;
        hash ^= hash >>> 15;
        places[size++] = hash & (SIZE - 1);
    }

    private int[] distinct() {
        Arrays.sort(places, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || places[i] != places[i - 1]) {
                places[kept++] = places[i];
            }
        }
        return Arrays.copyOf(places, kept);
    }
}
