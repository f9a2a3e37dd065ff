package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SyntaxTaggerTest {
    @Test
    void tagsASentence() {
        String text = "The old house in Berlin doesn't look very nice.";

        List<SyntaxTagger.Tagged> tagged = SyntaxTagger.shipped().tag(text);

        assertThat(tagged)
                .extracting(SyntaxTagger.Tagged::tag)
                .containsExactly(
                        PartOfSpeech.DET,
                        PartOfSpeech.ADJ,
                        PartOfSpeech.NOUN,
                        PartOfSpeech.ADP,
                        PartOfSpeech.PROPN,
                        PartOfSpeech.AUX,
                        PartOfSpeech.PART,
                        PartOfSpeech.VERB,
                        PartOfSpeech.ADV,
                        PartOfSpeech.ADJ,
                        PartOfSpeech.PUNCT);
        assertThat(tagged).allSatisfy(word -> assertThat(word.score()).isBetween(0.0, 1.0));
    }

    @Test
    void findsPhrasesWithTheirArticles() {
        String text = "The quick brown fox jumped over my neighbour's lazy dog near the old town hall of Vienna.";

        assertThat(new KeyPhraseFinder(SyntaxTagger.shipped())
                        .find(text).stream().map(phrase -> text.substring(phrase.start(), phrase.end())))
                .containsExactly("The quick brown fox", "my neighbour's lazy dog", "the old town hall", "Vienna");
    }

    @Test
    void saysNothingOfNothing() {
        assertThat(SyntaxTagger.shipped().tag(" \n ")).isEmpty();
        assertThat(new KeyPhraseFinder(SyntaxTagger.shipped()).find("")).isEmpty();
    }
}
