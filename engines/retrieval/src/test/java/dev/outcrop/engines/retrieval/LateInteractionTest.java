package dev.outcrop.engines.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("model")
@Timeout(300)
class LateInteractionTest {
    private static OnnxEmbeddingModel model;
    private static Reranker reranker;

    @BeforeAll
    static void open() {
        model = Examples.model();
        reranker = LateInteraction.over(model).orElseThrow();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void putsTheParagraphThatAnswersFirstMoreOftenThanSentenceVectorsDo() throws Exception {
        Examples examples = Examples.read();
        Reranker cached = new Remembering(model);
        int first = 0;
        int firstByVectors = 0;
        double reciprocal = 0;
        int count = 0;
        List<EmbeddingModel.Embedding> vectors = model.embed(examples.paragraphs(), Truncation.END);
        for (int q = 0; q < examples.questions().size(); q += 5) {
            Examples.Question question = examples.questions().get(q);
            int better = better(cached.scores(question.text(), examples.paragraphs()), question.paragraph());
            first += better == 0 ? 1 : 0;
            reciprocal += 1.0 / (better + 1);
            float[] asked = model.embed(List.of(question.text())).getFirst().vector();
            double[] cosines = vectors.stream()
                    .mapToDouble(paragraph -> cosine(asked, paragraph.vector()))
                    .toArray();
            firstByVectors += better(cosines, question.paragraph()) == 0 ? 1 : 0;
            count++;
        }

        assertThat(first).isGreaterThan(firstByVectors);
        assertThat((double) first / count).isGreaterThanOrEqualTo(0.9);
        assertThat(reciprocal / count).isGreaterThanOrEqualTo(0.94);
    }

    private static int better(double[] scores, int than) {
        return (int) Arrays.stream(scores).filter(score -> score > scores[than]).count();
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    @Test
    void turnsFewQuestionsAwayThatCanBeAnsweredAndMostThatCannot() throws Exception {
        Examples examples = Examples.read();
        Answerability answerability = new Answerability(Optional.of(new Remembering(model)));
        int wronglyRefused = 0;
        int refused = 0;
        int count = 0;
        for (int q = 0; q < examples.questions().size(); q += 5) {
            Examples.Question question = examples.questions().get(q);
            wronglyRefused += answerability.mayAnswer(question.text(), examples.paragraphs(question, true)) ? 0 : 1;
            refused += answerability.mayAnswer(question.text(), examples.paragraphs(question, false)) ? 0 : 1;
            count++;
        }

        assertThat((double) wronglyRefused / count).isLessThanOrEqualTo(0.015);
        assertThat((double) refused / count).isGreaterThanOrEqualTo(0.5);
    }

    @Test
    void scoresWhatSaysTheSameHigherAndBetweenZeroAndOne() {
        double[] scores = reranker.scores(
                "How hard is quartz?",
                List.of(
                        "Invoices are paid within thirty days.",
                        "On the scale of Mohs the hardness of quartz is seven.",
                        "",
                        "How hard is quartz?"));

        assertThat(scores[1]).isGreaterThan(scores[0]);
        assertThat(scores[2]).isZero();
        assertThat(scores[3]).isGreaterThan(0.999).isLessThanOrEqualTo(1);
        assertThat(reranker.name()).isEqualTo("late interaction over all-minilm-l6-v2");
    }

    @Test
    void readsManyPassagesInPieces() {
        List<String> passages = new ArrayList<>(Collections.nCopies(40, "Invoices are paid."));
        passages.set(33, "Quartz is hard.");

        double[] scores = reranker.scores("How hard is quartz?", passages);

        assertThat(scores).hasSize(40);
        assertThat(scores[33]).isGreaterThan(scores[32]);
        assertThat(scores[39]).isEqualTo(scores[0]);
    }

    /** Late interaction that keeps what it knows of a passage: the tests ask about the same ones again and again. */
    private static final class Remembering implements Reranker {
        private final Reranker reranker;
        private final Map<String, float[][]> known = new HashMap<>();

        Remembering(EmbeddingModel model) {
            var tokens = model.tokens().orElseThrow();
            reranker = LateInteraction.over(
                    "remembered",
                    (texts, truncation) -> texts.stream()
                            .map(text -> known.computeIfAbsent(
                                    text,
                                    one -> tokens.embed(List.of(one), Truncation.END)
                                            .getFirst()))
                            .toList());
        }

        @Override
        public String name() {
            return reranker.name();
        }

        @Override
        public double[] scores(String query, List<String> passages) {
            return reranker.scores(query, passages);
        }
    }
}
