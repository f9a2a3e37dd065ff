package dev.outcrop.engines.voice.english.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says which sounds each letter of a word stands for: none, one or two. How likely a letter stands for what is found by
 * expectation maximisation.
 *
 * <p>Source: Bisani and Ney, "Joint-sequence models for grapheme-to-phoneme conversion", 2008, section 3.
 */
final class Alignment {
    private static final int MOST_SOUNDS = 2;
    private static final int ROUNDS = 8;
    private static final double SMALLEST = 1e-9;

    private Map<String, Double> probabilities = new HashMap<>();

    /** A word and its sounds. */
    record Entry(String letters, List<String> sounds) {
        boolean isPossible() {
            return sounds.size() <= MOST_SOUNDS * letters.length();
        }
    }

    /** Learns from words that are {@linkplain Entry#isPossible() possible}. */
    static Alignment learn(List<Entry> entries) {
        Alignment alignment = new Alignment();
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, Double> counts = new HashMap<>();
            for (Entry entry : entries) {
                alignment.expect(entry, counts);
            }
            Map<Character, Double> sums = new HashMap<>();
            counts.forEach((pair, count) -> sums.merge(pair.charAt(0), count, Double::sum));
            counts.replaceAll((pair, count) -> count / sums.get(pair.charAt(0)));
            alignment.probabilities = counts;
        }
        return alignment;
    }

    static String pair(char letter, List<String> sounds) {
        return letter + String.join(" ", sounds);
    }

    private double probability(Entry entry, int letter, int from, int to) {
        if (probabilities.isEmpty()) {
            return 1;
        }
        return Math.max(
                SMALLEST,
                probabilities.getOrDefault(pair(entry.letters.charAt(letter), entry.sounds.subList(from, to)), 0.0));
    }

    private void expect(Entry entry, Map<String, Double> counts) {
        int letters = entry.letters.length();
        int sounds = entry.sounds.size();
        double[][] forward = new double[letters + 1][sounds + 1];
        double[][] backward = new double[letters + 1][sounds + 1];
        forward[0][0] = 1;
        backward[letters][sounds] = 1;
        for (int i = 0; i < letters; i++) {
            for (int j = 0; j <= sounds; j++) {
                for (int k = 0; forward[i][j] > 0 && k <= MOST_SOUNDS && j + k <= sounds; k++) {
                    forward[i + 1][j + k] += forward[i][j] * probability(entry, i, j, j + k);
                }
            }
        }
        for (int i = letters - 1; i >= 0; i--) {
            for (int j = 0; j <= sounds; j++) {
                for (int k = 0; k <= MOST_SOUNDS && j + k <= sounds; k++) {
                    backward[i][j] += backward[i + 1][j + k] * probability(entry, i, j, j + k);
                }
            }
        }
        double whole = forward[letters][sounds];
        if (whole <= 0) {
            return;
        }
        for (int i = 0; i < letters; i++) {
            for (int j = 0; j <= sounds; j++) {
                for (int k = 0; forward[i][j] > 0 && k <= MOST_SOUNDS && j + k <= sounds; k++) {
                    double share = forward[i][j] * probability(entry, i, j, j + k) * backward[i + 1][j + k] / whole;
                    if (share > 0) {
                        counts.merge(pair(entry.letters.charAt(i), entry.sounds.subList(j, j + k)), share, Double::sum);
                    }
                }
            }
        }
    }

    /** The likeliest pairs of a word, a pair a letter. */
    List<String> pairs(Entry entry) {
        int letters = entry.letters.length();
        int sounds = entry.sounds.size();
        double[][] best = new double[letters + 1][sounds + 1];
        int[][] taken = new int[letters + 1][sounds + 1];
        for (double[] row : best) {
            Arrays.fill(row, Double.NEGATIVE_INFINITY);
        }
        best[0][0] = 0;
        for (int i = 0; i < letters; i++) {
            for (int j = 0; j <= sounds; j++) {
                for (int k = 0; best[i][j] > Double.NEGATIVE_INFINITY && k <= MOST_SOUNDS && j + k <= sounds; k++) {
                    double value = best[i][j] + Math.log(probability(entry, i, j, j + k));
                    if (value > best[i + 1][j + k]) {
                        best[i + 1][j + k] = value;
                        taken[i + 1][j + k] = k;
                    }
                }
            }
        }
        List<String> pairs = new ArrayList<>();
        int at = sounds;
        for (int i = letters; i > 0; i--) {
            int from = at - taken[i][at];
            pairs.addFirst(pair(entry.letters.charAt(i - 1), entry.sounds.subList(from, at)));
            at = from;
        }
        return pairs;
    }
}
