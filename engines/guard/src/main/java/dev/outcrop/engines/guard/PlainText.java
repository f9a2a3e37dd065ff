package dev.outcrop.engines.guard;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A text as filters read it: compatibility forms folded, invisible characters dropped, letters that only look Latin made
 * Latin, spaced-out and numbered spelling undone, lowered, and cut into words and signs.
 *
 * @param folded the text, folded but not lowered
 * @param tokens its words, and its signs one by one, lowered
 */
record PlainText(String folded, List<String> tokens) {
    private static final Map<Character, Character> LOOK_ALIKES = lookAlikes(
            "асеорхуіјѕԁһвнкмтАВЕКМНОРСТХІЈЅαεοιρυνκτΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡ",
            "aceopxyijsdhbhkmtABEKMHOPCTXIJSaeoipuvktABEZHIKMNOPTYXig");
    private static final String NUMBERED = "0134578@$!";
    private static final String LETTERED = "oieastbasi";
    private static final int LONGEST_WORD = 40;

    static PlainText of(String text) {
        String folded = fold(text);
        return new PlainText(folded, List.copyOf(joined(cut(folded))));
    }

    /** Only the words. */
    List<String> words() {
        return tokens.stream()
                .filter(token -> Character.isLetterOrDigit(token.codePointAt(0)))
                .toList();
    }

    private static Map<Character, Character> lookAlikes(String foreign, String latin) {
        Map<Character, Character> pairs = java.util.HashMap.newHashMap(foreign.length());
        for (int i = 0; i < foreign.length(); i++) {
            pairs.put(foreign.charAt(i), latin.charAt(i));
        }
        return Map.copyOf(pairs);
    }

    private static String fold(String text) {
        String composed = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder folded = new StringBuilder(composed.length());
        int at = 0;
        while (at < composed.length()) {
            int character = composed.codePointAt(at);
            at += Character.charCount(character);
            if (character == 0x2019 || character == 0x2018) {
                folded.append('\'');
            } else if (character == 0x201C || character == 0x201D) {
                folded.append('"');
            } else if (Character.getType(character) != Character.FORMAT
                    && (character < 0xFE00 || character > 0xFE0F)
                    && (character < 0xE0100 || character > 0xE01EF)) {
                folded.appendCodePoint(character);
            }
        }
        return folded.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static List<String> cut(String folded) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < folded.length()) {
            int character = folded.codePointAt(at);
            int end = at + Character.charCount(character);
            if (isWord(character)) {
                while (end < folded.length() && end - at < LONGEST_WORD && inWord(folded, end)) {
                    end += Character.charCount(folded.codePointAt(end));
                }
                tokens.add(word(folded.substring(at, end)));
            } else if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                tokens.add(folded.substring(at, end));
            }
            at = end;
        }
        return tokens;
    }

    private static boolean isWord(int character) {
        return Character.isLetterOrDigit(character) && !Character.isIdeographic(character);
    }

    private static boolean inWord(String text, int at) {
        int character = text.codePointAt(at);
        if (isWord(character) || Character.getType(character) == Character.NON_SPACING_MARK) {
            return true;
        }
        return (character == '\'' || character == '@' || character == '$' || character == '!')
                && at + 1 < text.length()
                && Character.isLetter(text.codePointAt(at + 1))
                && Character.isLetterOrDigit(text.charAt(at - 1));
    }

    /** Lowers a word, makes look-alikes Latin where it has Latin letters too, and digits letters where it has both. */
    private static String word(String word) {
        boolean latin = false;
        boolean foreign = false;
        boolean numbered = false;
        int letters = 0;
        for (int i = 0; i < word.length(); i++) {
            char character = word.charAt(i);
            latin |= character < 0x80 && Character.isLetter(character);
            foreign |= LOOK_ALIKES.containsKey(character);
            numbered |= NUMBERED.indexOf(character) >= 0;
            letters += Character.isLetter(character) ? 1 : 0;
        }
        if (latin && (foreign || (numbered && letters >= 2))) {
            StringBuilder changed = new StringBuilder(word.length());
            for (int i = 0; i < word.length(); i++) {
                char character = word.charAt(i);
                int number = numbered && letters >= 2 ? NUMBERED.indexOf(character) : -1;
                changed.append(number >= 0 ? LETTERED.charAt(number) : LOOK_ALIKES.getOrDefault(character, character));
            }
            return changed.toString().toLowerCase(Locale.ROOT);
        }
        return word.toLowerCase(Locale.ROOT);
    }

    /** Joins four and more letters that stand alone one after the other: {@code i g n o r e}, {@code i-g-n-o-r-e}. */
    private static List<String> joined(List<String> tokens) {
        List<String> joined = new ArrayList<>(tokens.size());
        int at = 0;
        while (at < tokens.size()) {
            int end = at;
            List<String> letters = new ArrayList<>();
            while (end < tokens.size() && isLetter(tokens.get(end))) {
                letters.add(tokens.get(end));
                end++;
                if (end + 1 < tokens.size() && isSeparator(tokens.get(end)) && isLetter(tokens.get(end + 1))) {
                    end++;
                }
            }
            if (letters.size() >= 4) {
                joined.add(letters.stream().collect(Collectors.joining()));
                at = end;
            } else {
                joined.add(tokens.get(at));
                at++;
            }
        }
        return joined;
    }

    private static boolean isLetter(String token) {
        return token.length() == 1 && token.charAt(0) >= 'a' && token.charAt(0) <= 'z';
    }

    private static boolean isSeparator(String token) {
        return token.length() == 1 && "-._*|/".contains(token);
    }
}
