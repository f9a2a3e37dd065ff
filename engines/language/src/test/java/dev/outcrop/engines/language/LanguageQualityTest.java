package dev.outcrop.engines.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.language.training.LanguageFigures;
import dev.outcrop.engines.language.training.LanguageFigures.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the figures on texts that people marked, and that scores said of rules are those that are measured there. */
class LanguageQualityTest {
    private static final LanguageFigures FIGURES = new LanguageFigures(Path.of("data"));

    private static OnnxEmbeddingModel model;
    private static TargetedSentiment targeted;

    @BeforeAll
    static void open() {
        model = MiniLm.open();
        targeted = new TargetedSentiment(new EntityFinder(), new SentimentClassifier(() -> model));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theScoresOfRulesForEntitiesAreTheirPrecision() throws IOException {
        Map<EntityType, Counts> counts = FIGURES.entities();

        EntityFinder.PRECISIONS.forEach(
                (type, precision) -> assertThat(counts.get(type).precision())
                        .as("%s, %s", type, counts.get(type))
                        .isCloseTo(precision, within(0.006)));
    }

    @Test
    void theScoresOfMentionsAreTheirPrecision() throws IOException {
        List<Counts> references = FIGURES.references(targeted);
        Counts attributes = FIGURES.attributes(targeted);

        assertThat(attributes.precision()).as("%s", attributes).isCloseTo(TargetedSentiment.ATTRIBUTE, within(0.006));
        assertThat(references.getFirst().precision())
                .as("%s", references.getFirst())
                .isCloseTo(TargetedSentiment.PRONOUN, within(0.006));
        assertThat(references.getLast().precision())
                .as("%s", references.getLast())
                .isCloseTo(TargetedSentiment.PART_OF_NAME, within(0.006));
    }

    @Test
    void findsNamesDatesAndAmountsWithAnF1Of80OrMore() throws IOException {
        Map<EntityType, Counts> counts = FIGURES.entities();

        for (EntityType type : List.of(EntityType.PERSON, EntityType.LOCATION, EntityType.DATE, EntityType.QUANTITY)) {
            assertThat(counts.get(type).f1())
                    .as("%s, %s", type, counts.get(type))
                    .isGreaterThan(0.8);
        }
    }

    @Test
    void findsPhrasesAndOpinions() throws IOException {
        assertThat(FIGURES.phrases().f1()).as("%s", FIGURES.phrases()).isGreaterThan(0.78);
        assertThat(FIGURES.opinions(targeted).f1()).isGreaterThan(0.8);
    }
}
