package dev.outcrop.engines.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds the noun phrases of English texts: a noun with the words before it that say which or what kind, its article
 * among them. Built on {@link SyntaxTagger}. Safe for concurrent use.
 */
public final class KeyPhraseFinder {
    private static final Set<String> POSSESSIVES = Set.of("my", "your", "his", "her", "its", "our", "their", "whose");
    private static final Set<String> FILLERS = Set.of("that", "this", "there", "it", "etc", "i", "http");

    /** These are phrases of their own. */
    private static final Set<String> DAYS = Set.of("today", "tomorrow", "yesterday", "tonight");

    private final SyntaxTagger tagger;

    /**
     * A phrase.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how sure it is, 0 to 1
     */
    public record Phrase(int start, int end, double score) {}

    /** A finder over a tagger. */
    public KeyPhraseFinder(SyntaxTagger tagger) {
        this.tagger = tagger;
    }

    /** The phrases of a text, in the order of their places; they do not overlap. */
    public List<Phrase> find(String text) {
        return phrases(text, tagger.tag(text));
    }

    /** The phrases of a text whose words are tagged already. */
    public static List<Phrase> phrases(String text, List<SyntaxTagger.Tagged> words) {
        List<Phrase> phrases = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            int end = opens(text, words, at) ? end(text, words, at) : at;
            if (end > at) {
                phrases.add(phrase(words, at, end));
                at = end;
            } else {
                at++;
            }
        }
        return List.copyOf(phrases);
    }

    private static Phrase phrase(List<SyntaxTagger.Tagged> words, int from, int to) {
        double score = 0;
        for (int i = from; i < to; i++) {
            score += words.get(i).score() / (to - from);
        }
        return new Phrase(words.get(from).start(), words.get(to - 1).end(), score);
    }

    private static boolean opens(String text, List<SyntaxTagger.Tagged> words, int at) {
        return switch (words.get(at).tag()) {
            case DET, NOUN, PROPN, NUM, ADJ, SYM -> true;
            case PRON -> POSSESSIVES.contains(word(text, words.get(at)));
            case VERB -> modifies(text, words, at);
            default -> false;
        };
    }

    /** Where the phrase ends that begins at a word, behind its last noun; the beginning if it has none. */
    private static int end(String text, List<SyntaxTagger.Tagged> words, int from) {
        int noun = from;
        int at = from;
        boolean goesOn = true;
        while (goesOn && at < words.size()) {
            SyntaxTagger.Tagged word = words.get(at);
            boolean near = at == from
                    || text.substring(words.get(at - 1).end(), word.start()).indexOf('\n') < 0;
            boolean behindNoun = noun == at && at > from;
            goesOn = near
                    && switch (word.tag()) {
                        case NOUN, PROPN -> at == from || !DAYS.contains(word(text, word));
                        case NUM -> !behindNoun || !counts(words, at);
                        case SYM -> true;
                        case ADJ -> !behindNoun;
                        case DET -> at == from || words.get(at - 1).tag() == PartOfSpeech.DET;
                        case PRON -> POSSESSIVES.contains(word(text, word)) && noun == from;
                        case ADV ->
                            at + 1 < words.size()
                                    && at > from
                                    && words.get(at + 1).tag() == PartOfSpeech.ADJ
                                    && noun == from;
                        case VERB -> noun == from && modifies(text, words, at);
                        case PART -> noun == at && word(text, word).matches("['’]s?");
                        case PUNCT -> joins(text, words, at);
                        default -> false;
                    };
            if (goesOn) {
                boolean name = word.tag() == PartOfSpeech.NOUN || word.tag() == PartOfSpeech.PROPN;
                PartOfSpeech before = at > from ? words.get(at - 1).tag() : PartOfSpeech.X;
                boolean amount = (word.tag() == PartOfSpeech.NUM
                                && (before == PartOfSpeech.SYM || behindNoun || isYear(text, word)))
                        || (word.tag() == PartOfSpeech.SYM && before == PartOfSpeech.NUM);
                if ((name && !FILLERS.contains(word(text, word))) || amount) {
                    noun = at + 1;
                }
                at++;
            }
        }
        return noun;
    }

    /** Whether what a number counts follows it. */
    private static boolean counts(List<SyntaxTagger.Tagged> words, int at) {
        return at + 1 < words.size()
                && (words.get(at + 1).tag() == PartOfSpeech.NOUN
                        || words.get(at + 1).tag() == PartOfSpeech.SYM);
    }

    private static boolean isYear(String text, SyntaxTagger.Tagged word) {
        return word(text, word).matches("(?:1[5-9]|20)\\d\\d");
    }

    /** A hyphen between words that touch it. */
    private static boolean joins(String text, List<SyntaxTagger.Tagged> words, int at) {
        SyntaxTagger.Tagged word = words.get(at);
        return text.substring(word.start(), word.end()).equals("-")
                && at > 0
                && at + 1 < words.size()
                && words.get(at - 1).end() == word.start()
                && words.get(at + 1).start() == word.end();
    }

    /** A participle right before a noun, such as in "the broken window". */
    private static boolean modifies(String text, List<SyntaxTagger.Tagged> words, int at) {
        String word = word(text, words.get(at));
        boolean participle = word.endsWith("ed") || word.endsWith("ing") || word.endsWith("en");
        boolean before = at > 0
                && (words.get(at - 1).tag() == PartOfSpeech.DET
                        || words.get(at - 1).tag() == PartOfSpeech.ADJ
                        || POSSESSIVES.contains(word(text, words.get(at - 1))));
        return participle
                && before
                && at + 1 < words.size()
                && (words.get(at + 1).tag() == PartOfSpeech.NOUN
                        || words.get(at + 1).tag() == PartOfSpeech.PROPN);
    }

    private static String word(String text, SyntaxTagger.Tagged tagged) {
        return text.substring(tagged.start(), tagged.end()).toLowerCase(Locale.ROOT);
    }
}
