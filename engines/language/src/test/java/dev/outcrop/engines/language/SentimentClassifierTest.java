package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentimentClassifierTest {
    private static OnnxEmbeddingModel model;
    private static SentimentClassifier classifier;

    @BeforeAll
    static void open() {
        model = MiniLm.open();
        classifier = new SentimentClassifier(() -> model);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POSITIVE | I love this camera, the pictures are wonderful.",
                "POSITIVE | A charming and funny film with great actors.",
                "NEGATIVE | The battery died after two days and nobody answered my mails. Terrible.",
                "NEGATIVE | This is not a good movie.",
                "NEUTRAL | The river flows through three countries.",
                "MIXED | The screen is beautiful and bright, but the battery is awful and dies within hours."
            })
    void tellsHowATextFeels(String wanted, String text) {
        SentimentScores scores = classifier.classify(text);

        assertThat(prevailing(scores)).isEqualTo(wanted);
        assertThat(scores.positive() + scores.negative() + scores.neutral() + scores.mixed())
                .isBetween(0.999, 1.001);
    }

    @Test
    void feelsNothingInNothing() {
        assertThat(prevailing(classifier.classify(" \n "))).isEqualTo("NEUTRAL");
    }

    @Test
    void tellsWhatIsFeltAboutWhat() {
        String text = "The soup was delicious, but the waiter was very rude. Sarah Miller loved her dessert.";

        List<TargetedSentiment.Target> targets = new TargetedSentiment(new EntityFinder(), classifier).find(text);

        assertThat(prevailing(mention(targets, text, "soup").sentiment())).isEqualTo("POSITIVE");
        assertThat(prevailing(mention(targets, text, "waiter").sentiment())).isEqualTo("NEGATIVE");
        assertThat(targets.stream()
                        .filter(target -> target.mentions().size() == 2)
                        .flatMap(target -> target.mentions().stream())
                        .map(mention -> text.substring(mention.start(), mention.end())))
                .containsExactly("Sarah Miller", "her");
    }

    private static TargetedSentiment.Mention mention(List<TargetedSentiment.Target> targets, String text, String word) {
        return targets.stream()
                .flatMap(target -> target.mentions().stream())
                .filter(mention ->
                        text.substring(mention.start(), mention.end()).equals(word))
                .findFirst()
                .orElseThrow();
    }

    private static String prevailing(SentimentScores scores) {
        double most =
                Math.max(Math.max(scores.positive(), scores.negative()), Math.max(scores.neutral(), scores.mixed()));
        if (most == scores.positive()) {
            return "POSITIVE";
        }
        if (most == scores.negative()) {
            return "NEGATIVE";
        }
        return most == scores.neutral() ? "NEUTRAL" : "MIXED";
    }
}
