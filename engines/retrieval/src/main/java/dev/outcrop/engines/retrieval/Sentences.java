package dev.outcrop.engines.retrieval;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A text's sentences. Ends are those of Unicode's text segmentation (UAX 29) and line ends, but not abbreviations,
 * initials and numbers of lists.
 */
public final class Sentences {
    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "vs", "etc", "e.g", "i.e", "fig", "figs", "inc", "ltd",
            "co", "corp", "jr", "sr", "approx", "dept", "est", "gen", "gov", "hon", "rev", "sen", "vol", "pp", "cf",
            "al");

    private Sentences() {}

    /**
     * Where a sentence stands in its text.
     *
     * @param start its first UTF-16 character
     * @param end   one behind its last
     */
    public record Span(int start, int end) {
        /** Its text. */
        public String of(String text) {
            return text.substring(start, end);
        }
    }

    /** The sentences of {@code text} in their order, without white space around them; together all else of the text. */
    public static List<Span> of(String text) {
        List<Span> sentences = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        int start = 0;
        for (int end = nextEnd(text, start, breaks); start < text.length(); end = nextEnd(text, start, breaks)) {
            add(text, start, end, sentences);
            start = end;
        }
        return sentences;
    }

    private static int nextEnd(String text, int start, BreakIterator breaks) {
        if (start >= text.length()) {
            return text.length();
        }
        int line = text.indexOf('\n', start);
        int lineEnd = line < 0 ? text.length() : line + 1;
        int end = breaks.following(start);
        while (end != BreakIterator.DONE && end < lineEnd && endsWithAbbreviation(text, start, end)) {
            end = breaks.following(end);
        }
        return end == BreakIterator.DONE ? lineEnd : Math.min(end, lineEnd);
    }

    private static void add(String text, int start, int end, List<Span> sentences) {
        int first = start;
        int last = end;
        while (first < last && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        while (last > first && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        if (first < last) {
            sentences.add(new Span(first, last));
        }
    }

    private static boolean endsWithAbbreviation(String text, int start, int end) {
        String sentence = text.substring(start, end).strip();
        if (!sentence.endsWith(".")) {
            return false;
        }
        String stripped = sentence.substring(0, sentence.length() - 1);
        int space = Math.max(stripped.lastIndexOf(' '), stripped.lastIndexOf('('));
        String word = stripped.substring(space + 1).toLowerCase(Locale.ROOT);
        boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0)) && space >= 0;
        boolean item = space < 0 && word.chars().allMatch(Character::isDigit) && word.length() <= 3;
        return ABBREVIATIONS.contains(word) || initial || item;
    }
}
