package dev.outcrop.bench;

import java.util.List;
import java.util.Locale;

/** How many words of what was heard are wrong. Case, punctuation and figures for small numbers make no difference. */
final class WordErrors {
    private static final List<String> NUMBERS = List.of(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty");

    private WordErrors() {}

    /** Words inserted, left out and replaced, a word that was said. */
    static double rate(List<String> said, List<String> heard) {
        int errors = 0;
        int words = 0;
        for (int i = 0; i < said.size(); i++) {
            String[] expected = words(said.get(i));
            errors += distance(expected, words(heard.get(i)));
            words += expected.length;
        }
        return (double) errors / words;
    }

    private static String[] words(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9' ]", " ")
                .replaceAll(" +", " ")
                .strip();
        String[] words = plain.isEmpty() ? new String[0] : plain.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (words[i].matches("[0-9]{1,2}") && Integer.parseInt(words[i]) < NUMBERS.size()) {
                words[i] = NUMBERS.get(Integer.parseInt(words[i]));
            }
        }
        return words;
    }

    /** The fewest changes that make one list of words the other (Levenshtein). */
    static int distance(String[] one, String[] other) {
        int[] before = new int[other.length + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length; i++) {
            int[] row = new int[other.length + 1];
            row[0] = i;
            for (int j = 1; j <= other.length; j++) {
                int replaced = before[j - 1] + (one[i - 1].equals(other[j - 1]) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[other.length];
    }
}
