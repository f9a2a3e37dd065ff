package dev.outcrop.engines.retrieval;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The words of a text that say what it is about: in lower case, without accents and English endings, and without common
 * English words. Scripts that put no spaces between words give one word a character.
 *
 * @param all     all of them
 * @param numbers those that are numbers or have digits
 */
record Words(Set<String> all, Set<String> numbers) {
    private static final Set<String> COMMON = Set.of(
            ("a about above after again against all also am an and any are as at be because been before being below"
                            + " between both but by can could did do does doing down during each either few for from"
                            + " further had has have having he her here hers him his how i if in into is it its itself"
                            + " just may me might more most must my no nor not now of off on once one only or other our"
                            + " ours out over own per same shall she should so some such than that the their theirs them"
                            + " then there these they this those through to too under until up upon very was we were"
                            + " what when where which while who whom whose why will with within would you your yours")
                    .split(" "));
    private static final Map<String, String> NUMERALS = Map.ofEntries(
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"),
            Map.entry("eleven", "11"),
            Map.entry("twelve", "12"));
    private static final int SHORTEST_STEM = 3;

    Words {
        all = Set.copyOf(all);
        numbers = Set.copyOf(numbers);
    }

    static Words of(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        Set<String> all = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        StringBuilder word = new StringBuilder();
        for (int at = 0; at <= plain.length(); ) {
            int character = at < plain.length() ? plain.codePointAt(at) : ' ';
            int next = at + Character.charCount(character);
            boolean alone = Character.isIdeographic(character)
                    || Character.UnicodeScript.of(character) == Character.UnicodeScript.HIRAGANA
                    || Character.UnicodeScript.of(character) == Character.UnicodeScript.KATAKANA;
            if (Character.isLetterOrDigit(character) && !alone) {
                word.appendCodePoint(character);
            } else if (isInsideNumber(plain, at, character, word)) {
                // 1,000 is 1000; 3.5 stays what it is.
                if (character == '.') {
                    word.append('.');
                }
            } else if (Character.getType(character) != Character.NON_SPACING_MARK) {
                add(word.toString(), all, numbers);
                word.setLength(0);
                if (alone) {
                    all.add(Character.toString(character));
                }
            }
            at = next;
        }
        return new Words(all, numbers);
    }

    private static boolean isInsideNumber(String text, int at, int character, StringBuilder word) {
        return (character == '.' || character == ',')
                && !word.isEmpty()
                && Character.isDigit(word.charAt(word.length() - 1))
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at + 1));
    }

    private static void add(String written, Set<String> all, Set<String> numbers) {
        String word = NUMERALS.getOrDefault(written, written);
        if (word.isEmpty() || COMMON.contains(word)) {
            return;
        }
        if (word.chars().anyMatch(Character::isDigit)) {
            numbers.add(word);
            all.add(word);
        } else {
            all.add(stem(word));
        }
    }

    /** Without the endings of plurals and verbs; what is left need not be a word. */
    private static String stem(String word) {
        for (String ending : new String[] {"ingly", "edly", "ies", "ing", "ed", "es", "ly", "s", "e", "y"}) {
            if (word.endsWith(ending) && word.length() - ending.length() >= SHORTEST_STEM && !word.endsWith("ss")) {
                String stem = word.substring(0, word.length() - ending.length());
                int last = stem.length() - 1;
                boolean doubled = last > SHORTEST_STEM - 1 && stem.charAt(last) == stem.charAt(last - 1);
                return doubled ? stem.substring(0, last) : stem;
            }
        }
        return word;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The share of these words that {@code others} have, too; 0 if there are none. */
    double shareIn(Words others) {
        if (all.isEmpty()) {
            return 0;
        }
        return (double) all.stream().filter(others.all::contains).count() / all.size();
    }

    /** Whether {@code others} have all of these numbers. */
    boolean numbersIn(Words others) {
        return others.numbers.containsAll(numbers);
    }
}
