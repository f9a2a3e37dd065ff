package dev.outcrop.engines.language;

import java.util.ArrayList;
import java.util.List;

/** Cuts texts into sentences: after full stops, question and exclamation marks before white space, and at line breaks. */
public final class Sentences {
    /** No sentence is longer than this, in UTF-16 units; where one would be, it is cut at white space. */
    public static final int LONGEST = 300;

    private Sentences() {}

    /** A sentence and where it stands, in UTF-16 units, {@code end} exclusive. */
    public record Sentence(String text, int start, int end) {}

    /** The sentences of a text, in their order. */
    public static List<Sentence> of(String text) {
        List<Sentence> sentences = new ArrayList<>();
        int start = 0;
        int space = -1;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (Character.isWhitespace(character)) {
                space = at;
            }
            boolean ends = character == '\n'
                    || "。！？".indexOf(character) >= 0
                    || (".!?".indexOf(character) >= 0
                            && at + 1 < text.length()
                            && Character.isWhitespace(text.charAt(at + 1))
                            && !abbreviates(text, start, at));
            if (ends) {
                add(sentences, text, start, at + 1);
                start = at + 1;
            } else if (at - start >= LONGEST) {
                int cut = space > start ? space : at;
                if (cut == at && Character.isLowSurrogate(character)) {
                    cut--;
                }
                add(sentences, text, start, cut);
                start = cut;
            }
        }
        add(sentences, text, start, text.length());
        return sentences;
    }

    private static boolean abbreviates(String text, int start, int stop) {
        if (text.charAt(stop) != '.') {
            return false;
        }
        int from = stop;
        while (from > start && Character.isLetter(text.charAt(from - 1))) {
            from--;
        }
        String word = text.substring(from, stop);
        return word.length() == 1
                || List.of("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "vs", "No").contains(word);
    }

    private static void add(List<Sentence> sentences, String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (to > from) {
            sentences.add(new Sentence(text.substring(from, to), from, to));
        }
    }
}
