package dev.outcrop.engines.voice.english;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Words that are written alike and said differently, told apart by the words beside them: after a determiner or an
 * adjective stands a noun, after "to", a modal verb or a pronoun a verb.
 */
final class Homographs {
    private static final Set<String> BEFORE_NOUNS = Set.of(
            "a", "an", "the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our", "their",
            "some", "any", "no", "every", "each", "of", "new", "old", "good", "bad", "great", "first", "last", "own",
            "same", "in", "for", "with", "on", "by", "at", "such", "one", "two", "many", "more", "world", "free",
            "from");
    private static final Set<String> BEFORE_VERBS = Set.of(
            "to", "will", "would", "can", "could", "shall", "should", "may", "might", "must", "i", "you", "we", "they",
            "who", "not", "cannot", "can't", "won't", "don't", "didn't", "doesn't", "let's", "please", "always",
            "never", "also");
    private static final Set<String> BEFORE_PARTICIPLES = Set.of(
            "have", "has", "had", "having", "was", "were", "been", "is", "are", "i've", "he's", "she's", "they've",
            "we've", "you've", "be", "being", "get", "got");

    /** A word as a noun or adjective, and as a verb. */
    private record Readings(String noun, String verb) {}

    private static final Map<String, Readings> WORDS = Map.ofEntries(
            entry("record", "R EH1 K ER0 D", "R AH0 K AO1 R D"),
            entry("records", "R EH1 K ER0 D Z", "R AH0 K AO1 R D Z"),
            entry("present", "P R EH1 Z AH0 N T", "P R IY0 Z EH1 N T"),
            entry("presents", "P R EH1 Z AH0 N T S", "P R IY0 Z EH1 N T S"),
            entry("object", "AA1 B JH EH0 K T", "AH0 B JH EH1 K T"),
            entry("objects", "AA1 B JH EH0 K T S", "AH0 B JH EH1 K T S"),
            entry("project", "P R AA1 JH EH0 K T", "P R AH0 JH EH1 K T"),
            entry("projects", "P R AA1 JH EH0 K T S", "P R AH0 JH EH1 K T S"),
            entry("subject", "S AH1 B JH IH0 K T", "S AH0 B JH EH1 K T"),
            entry("content", "K AA1 N T EH0 N T", "K AH0 N T EH1 N T"),
            entry("contract", "K AA1 N T R AE2 K T", "K AH0 N T R AE1 K T"),
            entry("contracts", "K AA1 N T R AE2 K T S", "K AH0 N T R AE1 K T S"),
            entry("conduct", "K AA1 N D AH0 K T", "K AH0 N D AH1 K T"),
            entry("conflict", "K AA1 N F L IH0 K T", "K AH0 N F L IH1 K T"),
            entry("contest", "K AA1 N T EH0 S T", "K AH0 N T EH1 S T"),
            entry("convert", "K AA1 N V ER0 T", "K AH0 N V ER1 T"),
            entry("desert", "D EH1 Z ER0 T", "D IH0 Z ER1 T"),
            entry("export", "EH1 K S P AO0 R T", "IH0 K S P AO1 R T"),
            entry("exports", "EH1 K S P AO0 R T S", "IH0 K S P AO1 R T S"),
            entry("extract", "EH1 K S T R AE2 K T", "IH0 K S T R AE1 K T"),
            entry("import", "IH1 M P AO2 R T", "IH0 M P AO1 R T"),
            entry("imports", "IH1 M P AO2 R T S", "IH0 M P AO1 R T S"),
            entry("increase", "IH1 N K R IY2 S", "IH0 N K R IY1 S"),
            entry("increases", "IH1 N K R IY2 S IH0 Z", "IH0 N K R IY1 S IH0 Z"),
            entry("decrease", "D IY1 K R IY2 S", "D IH0 K R IY1 S"),
            entry("insult", "IH1 N S AH2 L T", "IH0 N S AH1 L T"),
            entry("invite", "IH1 N V AY0 T", "IH0 N V AY1 T"),
            entry("minute", "M IH1 N AH0 T", "M IH1 N AH0 T"),
            entry("perfect", "P ER1 F IH0 K T", "P ER0 F EH1 K T"),
            entry("permit", "P ER1 M IH2 T", "P ER0 M IH1 T"),
            entry("permits", "P ER1 M IH2 T S", "P ER0 M IH1 T S"),
            entry("produce", "P R OW1 D UW0 S", "P R AH0 D UW1 S"),
            entry("progress", "P R AA1 G R EH2 S", "P R AH0 G R EH1 S"),
            entry("protest", "P R OW1 T EH2 S T", "P R AH0 T EH1 S T"),
            entry("protests", "P R OW1 T EH2 S T S", "P R AH0 T EH1 S T S"),
            entry("rebel", "R EH1 B AH0 L", "R IH0 B EH1 L"),
            entry("refuse", "R EH1 F Y UW2 Z", "R AH0 F Y UW1 Z"),
            entry("reject", "R IY1 JH EH0 K T", "R IH0 JH EH1 K T"),
            entry("research", "R IY1 S ER0 CH", "R IH0 S ER1 CH"),
            entry("suspect", "S AH1 S P EH2 K T", "S AH0 S P EH1 K T"),
            entry("transfer", "T R AE1 N S F ER0", "T R AE0 N S F ER1"),
            entry("transport", "T R AE1 N S P AO0 R T", "T R AE0 N S P AO1 R T"),
            entry("upset", "AH1 P S EH2 T", "AH0 P S EH1 T"),
            entry("use", "Y UW1 S", "Y UW1 Z"),
            entry("close", "K L OW1 S", "K L OW1 Z"),
            entry("house", "HH AW1 S", "HH AW1 Z"),
            entry("excuse", "IH0 K S K Y UW1 S", "IH0 K S K Y UW1 Z"),
            entry("abuse", "AH0 B Y UW1 S", "AH0 B Y UW1 Z"),
            entry("live", "L AY1 V", "L IH1 V"),
            entry("lives", "L AY1 V Z", "L IH1 V Z"),
            entry("tear", "T IH1 R", "T EH1 R"),
            entry("tears", "T IH1 R Z", "T EH1 R Z"),
            entry("wind", "W IH1 N D", "W AY1 N D"),
            entry("lead", "L IY1 D", "L IY1 D"),
            entry("separate", "S EH1 P ER0 IH0 T", "S EH1 P ER0 EY2 T"),
            entry("estimate", "EH1 S T AH0 M AH0 T", "EH1 S T AH0 M EY2 T"),
            entry("graduate", "G R AE1 JH AH0 W AH0 T", "G R AE1 JH AH0 W EY2 T"),
            entry("duplicate", "D UW1 P L AH0 K AH0 T", "D UW1 P L AH0 K EY2 T"),
            entry("alternate", "AO1 L T ER0 N AH0 T", "AO1 L T ER0 N EY2 T"),
            entry("deliberate", "D IH0 L IH1 B ER0 AH0 T", "D IH0 L IH1 B ER0 EY2 T"),
            entry("moderate", "M AA1 D ER0 AH0 T", "M AA1 D ER0 EY2 T"));

    private static final Set<String> USUALLY_VERBS = Set.of(
            "use",
            "close",
            "live",
            "lives",
            "refuse",
            "reject",
            "convert",
            "extract",
            "produce",
            "invite",
            "excuse",
            "separate");

    private Homographs() {}

    private static Map.Entry<String, Readings> entry(String word, String noun, String verb) {
        return Map.entry(word, new Readings(noun, verb));
    }

    /**
     * How a word is said; empty if it is no homograph.
     *
     * @param role what it is as SSML's element {@code w} says, such as {@code amazon:VB}, or nothing
     */
    static Optional<String> find(String word, String before, String after, String role) {
        if (word.equals("read")) {
            boolean past = role.equals("amazon:VBD") || (role.isEmpty() && BEFORE_PARTICIPLES.contains(before));
            return Optional.of(past ? "R EH1 D" : "R IY1 D");
        }
        if (word.equals("bass") && role.equals("amazon:SENSE_1")) {
            return Optional.of("B AE1 S");
        }
        Readings readings = WORDS.get(word);
        if (readings == null) {
            return Optional.empty();
        }
        boolean verb = switch (role) {
            case "amazon:VB", "amazon:VBD" -> true;
            case "amazon:NN", "amazon:DT", "amazon:IN", "amazon:JJ" -> false;
            default -> isVerb(word, before, after);
        };
        return Optional.of(verb ? readings.verb : readings.noun);
    }

    private static boolean isVerb(String word, String before, String after) {
        if (BEFORE_VERBS.contains(before)) {
            return true;
        }
        if (BEFORE_NOUNS.contains(before)) {
            return false;
        }
        if (word.equals("close") && after.equals("to")) {
            return false;
        }
        return USUALLY_VERBS.contains(word)
                || Set.of("the", "a", "an", "it", "them", "him", "me", "us").contains(after);
    }
}
