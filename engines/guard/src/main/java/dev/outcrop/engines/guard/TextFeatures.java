package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.WordVectors;
import java.util.Arrays;
import java.util.List;

/**
 * A text as a set of features, each hashed into one of {@link #SIZE} places: words, pairs and triples of them, pairs with
 * one or two words between, pairs of a word and the cluster of a later one, pieces of words, and what its form shows.
 *
 * <p>Source: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009.
 */
public final class TextFeatures {
    /** The number of places. */
    public static final int SIZE = 1 << 16;

    private static final int CLUSTER_REACH = 4;
    private static final int MOST = 60_000;

    private final int[] places;
    private int size;

    private TextFeatures(int tokens) {
        places = new int[Math.min(MOST, 24 * tokens + 64)];
    }

    /** The places of the features of a text, in ascending order, each once. */
    public static int[] of(String text) {
        return of(PlainText.of(text));
    }

    static int[] of(PlainText text) {
        List<String> tokens = text.tokens();
        TextFeatures features = new TextFeatures(tokens.size());
        features.words(tokens);
        features.form(text);
        return features.distinct();
    }

    private void words(List<String> tokens) {
        WordVectors vectors = WordVectors.shipped();
        int count = tokens.size();
        int[] hashes = new int[count];
        int[] clusters = new int[count];
        boolean[] profane = new boolean[count];
        for (int at = 0; at < count; at++) {
            String token = tokens.get(at);
            hashes[at] = token.hashCode();
            clusters[at] = vectors.cluster(token);
            profane[at] = Profanities.WORDS.contains(token);
        }
        boolean addressed = false;
        for (int at = 0; at < count; at++) {
            String token = tokens.get(at);
            add(1, hashes[at], 0);
            if (at + 1 < count) {
                add(2, hashes[at], hashes[at + 1]);
            }
            if (at + 2 < count) {
                add(3, hashes[at] * 31 + hashes[at + 1], hashes[at + 2]);
                add(4, hashes[at], hashes[at + 2]);
            }
            if (at + 3 < count) {
                add(4, hashes[at], hashes[at + 3]);
            }
            if (clusters[at] >= 0) {
                add(5, clusters[at], 0);
            }
            for (int later = at + 1; later < Math.min(count, at + 1 + CLUSTER_REACH); later++) {
                if (clusters[later] >= 0) {
                    add(6, hashes[at], clusters[later]);
                    if (clusters[at] >= 0 && later == at + 1) {
                        add(7, clusters[at], clusters[later]);
                    }
                }
            }
            addressed |= token.startsWith("you") || token.equals("u") || token.equals("ur");
            if (profane[at]) {
                add(8, 1, 0);
                if (addressed) {
                    add(8, 2, 0);
                }
            }
            pieces(token);
        }
        if (count > 0) {
            add(9, hashes[0], 0);
            add(9, hashes[0], count > 1 ? hashes[1] : 0);
            add(10, hashes[count - 1], 0);
        }
    }

    private void pieces(String token) {
        int length = token.length();
        if (length < 4) {
            return;
        }
        for (int from = 0; from + 4 <= length; from++) {
            add(11, token.substring(from, from + 4).hashCode(), 0);
        }
        add(12, token.substring(0, 3).hashCode(), 0);
        add(13, token.substring(length - 3).hashCode(), 0);
    }

    private void form(PlainText text) {
        String folded = text.folded();
        int capitals = 0;
        int letters = 0;
        int lines = 1;
        for (int i = 0; i < folded.length(); i++) {
            char character = folded.charAt(i);
            capitals += Character.isUpperCase(character) ? 1 : 0;
            letters += Character.isLetter(character) ? 1 : 0;
            lines += character == '\n' ? 1 : 0;
        }
        add(14, letters == 0 ? 0 : 10 * capitals / letters, 0);
        add(15, 32 - Integer.numberOfLeadingZeros(text.tokens().size()), 0);
        add(16, Math.min(8, 32 - Integer.numberOfLeadingZeros(lines)), 0);
    }

    private void add(int kind, int left, int right) {
        if (size == places.length) {
            return;
        }
        int hash = kind * 0x9E3779B1 ^ left * 0x85EBCA6B ^ Integer.rotateLeft(right * 0xC2B2AE35, 13);
        hash ^= hash >>> 15;
        hash *= 0x2C1B3C6D;
        hash ^= hash >>> 12;
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
