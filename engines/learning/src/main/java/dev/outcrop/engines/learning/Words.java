package dev.outcrop.engines.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A text cut into words, numbers and single signs, with their places in UTF-16 units. Words go on over apostrophes and
 * hyphens between letters; scripts without spaces are cut into single characters.
 *
 * @param texts  the words as they are written
 * @param starts where they begin
 */
record Words(List<String> texts, int[] starts) {
    private static final int LONGEST = 60;

    static Words of(String text) {
        List<String> texts = new ArrayList<>();
        int[] starts = new int[Math.max(16, text.length() / 3)];
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int end = at + Character.charCount(character);
            if (isWord(character) && !standsAlone(character)) {
                while (end < text.length() && end - at < LONGEST && continues(text, end)) {
                    end += Character.charCount(text.codePointAt(end));
                }
            }
            if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                if (texts.size() == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * starts.length);
                }
                starts[texts.size()] = at;
                texts.add(text.substring(at, end));
            }
            at = end;
        }
        return new Words(List.copyOf(texts), Arrays.copyOf(starts, texts.size()));
    }

    static boolean isWord(int character) {
        return Character.isLetterOrDigit(character)
                || Character.getType(character) == Character.NON_SPACING_MARK
                || Character.getType(character) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean standsAlone(int character) {
        return Character.isIdeographic(character)
                || Character.UnicodeScript.of(character) == Character.UnicodeScript.HIRAGANA;
    }

    private static boolean continues(String text, int at) {
        int character = text.codePointAt(at);
        if (isWord(character)) {
            return !standsAlone(character);
        }
        return (character == '\'' || character == '\u2019')
                && at + 1 < text.length()
                && Character.isLetter(text.codePointAt(at - 1))
                && Character.isLetter(text.codePointAt(at + 1));
    }

    int size() {
        return texts.size();
    }

    int end(int word) {
        return starts[word] + texts.get(word).length();
    }

    static String lowered(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** The form of a word: capitals X, small letters x, digits 0, others themselves; at most two of a kind in a row. */
    static String shape(String word) {
        StringBuilder shape = new StringBuilder();
        char last = 0;
        int same = 0;
        for (int i = 0; i < Math.min(16, word.length()); i++) {
            char character = word.charAt(i);
            char kind;
            if (Character.isUpperCase(character)) {
                kind = 'X';
            } else if (Character.isLetter(character)) {
                kind = 'x';
            } else if (Character.isDigit(character)) {
                kind = '0';
            } else {
                kind = character;
            }
            same = kind == last ? same + 1 : 0;
            last = kind;
            if (same < (kind == '0' ? 8 : 2)) {
                shape.append(kind);
            }
        }
        return shape.toString();
    }
}
