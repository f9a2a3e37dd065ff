package dev.outcrop.engines.speech;

import java.util.List;
import java.util.Optional;

/**
 * How to recognise.
 *
 * @param language       code of the language spoken; it is identified where none is given
 * @param candidates     languages to choose from when it is identified; empty for all
 * @param boostedPhrases words and phrases to prefer to others that sound alike, such as names
 * @param alternatives   how many other readings of each segment are wanted, 0 to 9
 * @param wordTimes      whether words need their own times; without, they share their segment's evenly, and it is faster
 * @param prompt         text as it may have been said before, for its spelling and style; empty for none
 */
public record RecognitionOptions(
        Optional<String> language,
        List<String> candidates,
        List<BoostedPhrase> boostedPhrases,
        int alternatives,
        boolean wordTimes,
        String prompt) {
    /** The most alternatives that can be asked for. */
    public static final int MAXIMUM_ALTERNATIVES = 9;

    /** Language to be identified among all, word times, nothing else. */
    public static final RecognitionOptions DEFAULT =
            new RecognitionOptions(Optional.empty(), List.of(), List.of(), 0, true, "");

    public RecognitionOptions {
        candidates = List.copyOf(candidates);
        boostedPhrases = List.copyOf(boostedPhrases);
        if (alternatives < 0 || alternatives > MAXIMUM_ALTERNATIVES) {
            throw new IllegalArgumentException(
                    "alternatives must be between 0 and " + MAXIMUM_ALTERNATIVES + ", but is " + alternatives);
        }
    }

    /** The same for speech in a language that is known. */
    public RecognitionOptions withLanguage(String code) {
        return new RecognitionOptions(Optional.of(code), candidates, boostedPhrases, alternatives, wordTimes, prompt);
    }

    /** The same for speech in one of several languages. */
    public RecognitionOptions withCandidates(List<String> codes) {
        return new RecognitionOptions(language, codes, boostedPhrases, alternatives, wordTimes, prompt);
    }

    /** The same with phrases to prefer. */
    public RecognitionOptions withBoostedPhrases(List<BoostedPhrase> phrases) {
        return new RecognitionOptions(language, candidates, phrases, alternatives, wordTimes, prompt);
    }

    /** The same with so many other readings of each segment. */
    public RecognitionOptions withAlternatives(int count) {
        return new RecognitionOptions(language, candidates, boostedPhrases, count, wordTimes, prompt);
    }

    /** The same after a text. */
    public RecognitionOptions withPrompt(String text) {
        return new RecognitionOptions(language, candidates, boostedPhrases, alternatives, wordTimes, text);
    }

    /**
     * A word or phrase to prefer.
     *
     * @param text  as it is to be written
     * @param bonus what each of its tokens gains, in units of the natural logarithm of probability, 0 to 10. With 2, 7 of
     *              13 rare names were written right where 2 were without; with 1 it was 4, and with 4 only 3, since what
     *              only begins like a name then crowds out the rest
     */
    public record BoostedPhrase(String text, double bonus) {
        /** The gain that raises rare names without inventing them. */
        public static final double USUAL_BONUS = 2;

        /** With the usual gain. */
        public static BoostedPhrase of(String text) {
            return new BoostedPhrase(text, USUAL_BONUS);
        }
    }
}
