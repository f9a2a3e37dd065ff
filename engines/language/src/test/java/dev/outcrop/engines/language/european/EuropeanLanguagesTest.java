package dev.outcrop.engines.language.european;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.language.EntityFinder.Entity;
import dev.outcrop.engines.language.EntityType;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.SentimentScores;
import dev.outcrop.engines.language.SyntaxTagger.Tagged;
import dev.outcrop.engines.language.training.LanguageFigures;
import dev.outcrop.engines.language.training.LanguageFigures.Counts;
import dev.outcrop.engines.language.training.LanguageFigures.EuropeanFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EuropeanLanguagesTest {
    private static final LanguageFigures FIGURES = new LanguageFigures(Path.of("data"));

    @ParameterizedTest
    @EnumSource(Language.class)
    void findsEntitiesInSentencesThatNobodyLookedAt(Language language) throws IOException {
        Counts counts = FIGURES.european(language, true).allEntities();

        assertThat(counts.f1()).as("%s, %s", language, counts).isGreaterThan(0.7);
    }

    @ParameterizedTest
    @EnumSource(
            value = Language.class,
            names = {"GERMAN", "FRENCH"})
    void findsPhrasesInSentencesThatNobodyLookedAt(Language language) throws IOException {
        Counts counts = FIGURES.european(language, true).phrases();

        assertThat(counts.f1()).as("%s, %s", language, counts).isGreaterThan(0.7);
    }

    @Test
    void tellsHowMostSentencesFeelThatNobodyLookedAt() throws IOException {
        int felt = 0;
        int sentences = 0;
        for (Language language : Language.values()) {
            EuropeanFigures figures = FIGURES.european(language, true);
            felt += figures.felt();
            sentences += figures.sentences();
        }

        assertThat((double) felt / sentences).as("%s of %s", felt, sentences).isGreaterThan(0.7);
    }

    @Test
    void theScoresOfEntitiesAreTheirPrecision() throws IOException {
        List<EuropeanFigures> figures = new ArrayList<>();
        for (Language language : Language.values()) {
            figures.add(FIGURES.european(language, false));
            figures.add(FIGURES.european(language, true));
        }
        for (Map.Entry<EntityType, Double> precision : EuropeanEntityFinder.PRECISIONS.entrySet()) {
            Counts all = new Counts();
            figures.forEach(each -> all.add(each.entities().get(precision.getKey())));

            assertThat(all.precision())
                    .as("%s, %s", precision.getKey(), all)
                    .isCloseTo(precision.getValue(), within(0.006));
        }
    }

    @Test
    void namesDatesAndAmountsStandWhereTheySay() {
        String text = "😀 Ayer María López pagó 300 euros en Sevilla.";

        List<Entity> found = new EuropeanEntityFinder(Language.SPANISH).find(text);

        assertThat(found)
                .extracting(entity -> entity.type() + " " + text.substring(entity.start(), entity.end()))
                .containsExactly("DATE Ayer", "PERSON María López", "QUANTITY 300 euros", "LOCATION Sevilla");
    }

    @Test
    void aNegationTurnsAFeelingRoundAndAButWeighsItsSides() {
        SentimentScores good = EuropeanSentiment.of(Language.FRENCH).classify("Le repas était bon.");
        SentimentScores bad = EuropeanSentiment.of(Language.FRENCH).classify("Le repas n'était pas bon.");
        SentimentScores both =
                EuropeanSentiment.of(Language.SPANISH).classify("La comida es excelente, pero el servicio es pésimo.");

        assertThat(good.positive()).isGreaterThan(0.5);
        assertThat(bad.negative()).isGreaterThan(bad.positive());
        assertThat(both.mixed()).isGreaterThan(Math.max(both.positive(), both.negative()));
    }

    @Test
    void tellsGermanAndFrenchPartsOfSpeech() {
        assertThat(parts("Der alte Hund schläft im Garten.", Language.GERMAN))
                .containsExactly("DET", "ADJ", "NOUN", "VERB", "ADP", "NOUN", "PUNCT");
        assertThat(parts("L'enfant mange une pomme rouge.", Language.FRENCH))
                .containsExactly("DET", "NOUN", "VERB", "DET", "NOUN", "ADJ", "PUNCT");
    }

    private static List<String> parts(String text, Language language) {
        return EuropeanTagger.of(language).tag(text).stream()
                .map(Tagged::tag)
                .map(PartOfSpeech::name)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void readsLongMonotonousTextsInTime(Language language) {
        for (String piece : List.of("1.234 ", "A de ", "el 3 de ", "mil ", "de ", "L'", "\"", "😀")) {
            String text = piece.repeat(10_000 / piece.length());

            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                new EuropeanEntityFinder(language).find(text);
                EuropeanSentiment.of(language).classify(text);
            });
        }
    }
}
