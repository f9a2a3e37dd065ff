package dev.outcrop.engines.language.entities;

import java.util.ArrayList;
import java.util.List;

/**
 * A text cut into words, numbers, signs and ends of lines, with their places in UTF-16 units.
 *
 * @param texts  the tokens as they are written; an end of a line is {@code "\n"}
 * @param starts where they begin
 */
record Tokens(List<String> texts, int[] starts) {
    private static final int LONGEST = 60;

    static Tokens of(String text) {
        List<String> texts = new ArrayList<>();
        int[] starts = new int[Math.max(16, text.length() / 2)];
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int end = at + Character.charCount(character);
            if (isWord(character)) {
                boolean digit = Character.isDigit(character);
                while (end < text.length() && end - at < LONGEST && continues(text, end, digit)) {
                    end += Character.charCount(text.codePointAt(end));
                }
            }
            if (character == '\n' || (!Character.isWhitespace(character) && !Character.isSpaceChar(character))) {
                if (texts.size() == starts.length) {
                    starts = java.util.Arrays.copyOf(starts, 2 * starts.length);
                }
                starts[texts.size()] = at;
                texts.add(text.substring(at, end));
            }
            at = end;
        }
        return new Tokens(texts, java.util.Arrays.copyOf(starts, texts.size()));
    }

    private static boolean isWord(int character) {
        return Character.isLetterOrDigit(character)
                || Character.getType(character) == Character.NON_SPACING_MARK
                || Character.getType(character) == Character.COMBINING_SPACING_MARK;
    }

    /** Words go on over apostrophes between letters; numbers and words are one where they touch. */
    private static boolean continues(String text, int at, boolean digit) {
        int character = text.codePointAt(at);
        if (isWord(character)) {
            return true;
        }
        return !digit
                && (character == '\'' || character == '\u2019')
                && at + 1 < text.length()
                && Character.isLetter(text.codePointAt(at + 1))
                && !text.startsWith("s ", at + 1);
    }

    int size() {
        return texts.size();
    }

    int end(int token) {
        return starts[token] + texts.get(token).length();
    }
}
