package dev.outcrop.engines.voice;

import dev.outcrop.engines.voice.markup.Lexicon;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what lexicons have in a text: whole words as they are written, the longest first. */
final class LexiconWords {
    private LexiconWords() {}

    /** An entry, and where it stands. */
    record Match(int start, int end, Lexicon.Entry entry) {}

    /** From left to right; none overlaps another. */
    static List<Match> find(String text, List<Lexicon> lexicons) {
        Map<String, Lexicon.Entry> entries = new HashMap<>();
        for (Lexicon lexicon : lexicons) {
            lexicon.entries().forEach(entries::putIfAbsent);
        }
        // By the first character, so that most places cost one look.
        Map<Character, List<String>> byFirst = new HashMap<>();
        entries.keySet()
                .forEach(written -> byFirst.computeIfAbsent(written.charAt(0), _ -> new ArrayList<>())
                        .add(written));
        byFirst.values().forEach(all -> all.sort((one, other) -> other.length() - one.length()));
        List<Match> matches = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            String found = begins(text, at) ? longest(text, at, byFirst.getOrDefault(text.charAt(at), List.of())) : "";
            if (!found.isEmpty()) {
                matches.add(new Match(at, at + found.length(), entries.get(found)));
            }
            at += Math.max(1, found.length());
        }
        return matches;
    }

    private static boolean begins(String text, int at) {
        return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    }

    private static String longest(String text, int at, List<String> candidates) {
        for (String candidate : candidates) {
            int end = at + candidate.length();
            boolean whole = end >= text.length()
                    || !Character.isLetterOrDigit(text.charAt(end))
                    || !Character.isLetterOrDigit(text.charAt(end - 1));
            if (whole && text.startsWith(candidate, at)) {
                return candidate;
            }
        }
        return "";
    }
}
