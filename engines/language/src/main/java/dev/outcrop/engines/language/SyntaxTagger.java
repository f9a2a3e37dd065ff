package dev.outcrop.engines.language;

import dev.outcrop.engines.language.tagging.SequenceTagger;
import dev.outcrop.engines.language.tagging.WordFeatures;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the parts of speech of a text's words. English only. Safe for concurrent use.
 *
 * <p>Quality: see {@code training.SyntaxRecipe}, which trained it and prints its accuracy on sentences held out.
 */
public final class SyntaxTagger {
    private static final List<PartOfSpeech> TAGS = List.of(PartOfSpeech.values());

    private final SequenceTagger tagger;

    /**
     * A word with its part of speech.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how probable the tag is, 0 to 1
     */
    public record Tagged(int start, int end, PartOfSpeech tag, double score) {}

    /** A tagger of trained weights, whose tags stand in the order of {@link PartOfSpeech}. */
    public SyntaxTagger(SequenceTagger tagger) {
        this.tagger = tagger;
    }

    private static final class Holder {
        private static final SyntaxTagger SHIPPED =
                new SyntaxTagger(SequenceTagger.read(SyntaxTagger.class, "syntax.bin.gz", TAGS.size()));
    }

    /** The tagger that ships; read when it is first asked for. */
    public static SyntaxTagger shipped() {
        return Holder.SHIPPED;
    }

    /** The words of an English text, in their order. */
    public List<Tagged> tag(String text) {
        List<Tagged> tagged = new ArrayList<>();
        for (Sentences.Sentence sentence : Sentences.of(text)) {
            List<WordTokens.Token> tokens = WordTokens.of(text, sentence.start(), sentence.end());
            SequenceTagger.Tagging tagging = tagger.tag(new WordFeatures(WordTokens.texts(text, tokens)));
            for (int i = 0; i < tokens.size(); i++) {
                tagged.add(new Tagged(
                        tokens.get(i).start(),
                        tokens.get(i).end(),
                        TAGS.get(tagging.tags()[i]),
                        tagging.probabilities()[i]));
            }
        }
        return List.copyOf(tagged);
    }

    /** The tags of words that somebody else has cut. */
    public List<PartOfSpeech> tag(List<String> words) {
        int[] tags = tagger.tag(new WordFeatures(words)).tags();
        return java.util.Arrays.stream(tags).mapToObj(TAGS::get).toList();
    }
}
