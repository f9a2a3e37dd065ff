package dev.outcrop.engines.guard;

import java.util.List;
import java.util.Set;

/** Finds words and phrases that were forbidden. Safe for concurrent use. */
public final class WordFilter {
    private final WordTree tree;

    /** Where a forbidden word came from. */
    public enum Origin {
        /** It was given. */
        CUSTOM,
        /** It stands on the list of profanities that ships. */
        PROFANITY
    }

    /**
     * What was found.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param word  the word as it was forbidden
     */
    public record Match(int start, int end, String word, Origin origin) {}

    /**
     * Forbids words.
     *
     * @param words     words and phrases; matched as whole words, whatever their case, and whatever white space is
     *                  between those of a phrase
     * @param profanity whether the profanities that ship are forbidden, too
     */
    public WordFilter(List<String> words, boolean profanity) {
        tree = new WordTree();
        words.forEach(word -> tree.add(word, Origin.CUSTOM));
        if (profanity) {
            profanities().forEach(word -> tree.add(word, Origin.PROFANITY));
        }
    }

    /** The profanities that ship. */
    public static Set<String> profanities() {
        return Profanities.WORDS;
    }

    /** The forbidden words in {@code text}, in the order of their places, the longest where several begin. */
    public List<Match> find(String text) {
        return tree.find(text);
    }
}
