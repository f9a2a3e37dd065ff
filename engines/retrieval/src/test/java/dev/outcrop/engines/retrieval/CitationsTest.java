package dev.outcrop.engines.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CitationsTest {
    private static final Citations BY_WORDS = new Citations(Optional.empty());

    /** An answer, its passages, and which of these support its sentences, in their order. */
    private record Labelled(List<String> passages, List<String> sentences, List<Set<Integer>> support) {
        static List<Labelled> all() throws IOException {
            List<Labelled> all = new ArrayList<>();
            Labelled present = new Labelled(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    CitationsTest.class.getResourceAsStream("citations.txt"), StandardCharsets.UTF_8))) {
                for (String line : (Iterable<String>) lines.lines()::iterator) {
                    if (line.startsWith("P ")) {
                        if (!present.sentences.isEmpty()) {
                            all.add(present);
                            present = new Labelled(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
                        }
                        present.passages.add(line.substring(2));
                    } else if (line.contains(" > ") && !line.startsWith("#")) {
                        String[] parts = line.split(" > ", 2);
                        present.sentences.add(parts[1]);
                        present.support.add(
                                parts[0].equals("-")
                                        ? Set.of()
                                        : Arrays.stream(parts[0].split(",", -1))
                                                .map(number -> Integer.parseInt(number) - 1)
                                                .collect(Collectors.toSet()));
                    }
                }
            }
            all.add(present);
            return all;
        }
    }

    /**
     * How right citations are.
     *
     * @param given  how many there were
     * @param right  how many of them the labels have, too
     * @param wanted how many the labels have
     */
    private record Quality(int given, int right, int wanted) {
        double precision() {
            return (double) right / given;
        }

        double recall() {
            return (double) right / wanted;
        }

        static Quality of(Citations citations, boolean withMarkers) throws IOException {
            int given = 0;
            int right = 0;
            int wanted = 0;
            for (Labelled labelled : Labelled.all()) {
                int sentence = 0;
                for (String written : labelled.sentences) {
                    MarkedText answer = MarkedText.of(written, labelled.passages.size());
                    if (!withMarkers) {
                        answer = new MarkedText(answer.text(), List.of());
                    }
                    Set<Integer> support = labelled.support.get(sentence++);
                    wanted += support.size();
                    for (Citations.Citation citation : citations.of(answer, labelled.passages)) {
                        given += citation.passages().size();
                        right += (int) citation.passages().stream()
                                .filter(support::contains)
                                .count();
                    }
                }
            }
            return new Quality(given, right, wanted);
        }
    }

    @Test
    void pointsToTheRightPassagesByWordsAlone() throws IOException {
        Quality quality = Quality.of(BY_WORDS, false);

        assertThat(quality.precision()).isGreaterThanOrEqualTo(0.95);
        assertThat(quality.recall()).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    @Tag("model")
    @Timeout(300)
    void pointsToTheRightPassagesThoughSomeMarkersAreWrong() throws IOException {
        try (OnnxEmbeddingModel model = Examples.model()) {
            Citations citations = new Citations(LateInteraction.over(model));

            Quality marked = Quality.of(citations, true);
            Quality unmarked = Quality.of(citations, false);

            assertThat(marked.precision()).isGreaterThanOrEqualTo(0.95);
            assertThat(marked.recall()).isGreaterThanOrEqualTo(0.95);
            assertThat(unmarked.precision()).isGreaterThanOrEqualTo(0.95);
            assertThat(unmarked.recall()).isGreaterThanOrEqualTo(0.9);
        }
    }

    @Test
    void coversWholeSentencesOfTheAnswerWithoutItsMarkers() {
        List<String> passages = List.of("The pump weighs 12 kg and is made of steel.", "The pump costs 90 euros.");

        MarkedText answer = MarkedText.of(
                "  The pump is made of steel [1]. Dr. Smith sells it. The pump costs 90 euros. [2]", passages.size());
        List<Citations.Citation> citations = BY_WORDS.of(answer, passages);

        assertThat(answer.text()).isEqualTo("The pump is made of steel. Dr. Smith sells it. The pump costs 90 euros.");
        assertThat(citations)
                .extracting(citation -> citation.span().of(answer.text()))
                .containsExactly("The pump is made of steel.", "The pump costs 90 euros.");
        assertThat(citations).extracting(Citations.Citation::passages).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void believesNoMarkerThatPointsToAPassageAboutSomethingElse() {
        List<String> passages = List.of("Invoices are paid within thirty days.", "Marble is a metamorphic rock.");

        assertThat(BY_WORDS.of(MarkedText.of("Cats sleep for most of the day [1][2].", 2), passages))
                .isEmpty();
    }

    @Test
    void citesNoPassageWithOtherNumbers() {
        assertThat(BY_WORDS.of(
                        MarkedText.of("Refunds are paid within 30 days [1].", 1),
                        List.of("Refunds are paid within 14 days.")))
                .isEmpty();
    }

    @Test
    void takesMarkersOfAllFormsAndLeavesOtherBracketsAlone() {
        MarkedText text = MarkedText.of("One [1]. Two [1, 3]. Three %[2]%. Four [source 2]. Five [9]. Six [a] [].", 3);

        assertThat(text.text()).isEqualTo("One. Two. Three. Four. Five. Six [a] [].");
        assertThat(text.markers()).extracting(MarkedText.Marker::passage).containsExactly(0, 0, 2, 1, 1);
    }

    @Test
    void isFastOnTextMadeToBeSlow() {
        String blanks = " ".repeat(100_000) + "[1" + ", 1".repeat(100_000);

        assertThat(MarkedText.of(blanks, 2).markers()).isEmpty();
        assertThat(BY_WORDS.of(MarkedText.of("a.".repeat(20_000), 2), List.of("b", "c")))
                .isEmpty();
    }
}
