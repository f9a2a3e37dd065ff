package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.embedding.EmbeddingException.Category;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import dev.outcrop.engines.embedding.EmbeddingQueue.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEmbeddingModelTest {
    private static final String LONG = "word ".repeat(600);

    private static OnnxEmbeddingModel model;

    @BeforeAll
    static void open() {
        model = MiniLm.open();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** The stack of a virtual thread's carrier is too small for ONNX Runtime: this killed the process. */
    @Test
    void opensOnAVirtualThread() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            OnnxEmbeddingModel opened = executor.submit(() -> MiniLm.open()).get(60, TimeUnit.SECONDS);

            assertThat(opened.description().dimension()).isEqualTo(384);
            opened.close();
        }
    }

    @Test
    void equalsPythonsOnnxRuntimeToACosineAbovePoint9999() throws IOException {
        for (Reference reference : Reference.all()) {
            Embedding ours = model.embed(List.of(reference.text())).getFirst();

            assertThat(Reference.cosine(ours.vector(), reference.vector()))
                    .as(reference.text())
                    .isGreaterThan(0.9999);
            assertThat(ours.tokens()).isEqualTo(reference.ids().length);
        }
    }

    @Test
    void findsTheParagraphThatAnswersWithRecallAt1Of87AndAt5Of98AndReciprocalRankOf92Percent() throws IOException {
        Retrieval retrieval = Retrieval.of(model);

        assertThat(retrieval.recallAt1()).isGreaterThanOrEqualTo(0.87);
        assertThat(retrieval.recallAt5()).isGreaterThanOrEqualTo(0.98);
        assertThat(retrieval.meanReciprocalRank()).isGreaterThanOrEqualTo(0.92);
    }

    @Test
    void theVectorsOfTokensAddUpToThatOfTheText() {
        String text = "Quartzite is a hard rock.";

        float[][] tokens = model.tokens()
                .orElseThrow()
                .embed(List.of(text), Truncation.NONE)
                .getFirst();

        assertThat(tokens).hasNumberOfRows(model.countTokens(text) - 2);
        double[] sum = new double[384];
        for (float[] token : tokens) {
            assertThat(Reference.cosine(token, token)).isCloseTo(1, within(1e-5));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += token[i];
            }
        }
        assertThat(Reference.cosine(
                        Vectors.unit(sum), model.embed(List.of(text)).getFirst().vector()))
                .isGreaterThan(0.95);
    }

    @Test
    void givesVectorsOfUnitLengthInTheOrderOfTheTexts() {
        List<Embedding> together = model.embed(List.of("a cat", "a much longer text about a dog", "a cat"));

        assertThat(together.get(0).vector())
                .hasSize(384)
                .isEqualTo(together.get(2).vector());
        assertThat(together.get(1).vector()).isNotEqualTo(together.get(0).vector());
        double square = 0;
        for (float value : together.get(1).vector()) {
            square += value * value;
        }
        assertThat(square).isCloseTo(1, within(1e-5));
    }

    @Test
    void leavesPaddingOutOfTheMeanWhereTextsRunTogether() {
        Tokenizer tokenizer = Tokenizer.read(MiniLm.installed().file("tokenizer.json"));
        int[] shorter = tokenizer.encode("Where does the river rise?");
        int[] longer = tokenizer.encode("Where does the river rise that flows through the old town and the new one?");

        float[] together = model.run(List.of(shorter, longer), Wanted.TEXT)[0];

        // The scale that these weights share when they run together costs this much; padding that counted, far more.
        assertThat(Reference.cosine(together, model.run(List.of(shorter), Wanted.TEXT)[0]))
                .isGreaterThan(0.98);
    }

    @Test
    void givesTheSameVectorWhoeverElseCalls() throws Exception {
        float[] alone = model.embed(List.of("the same text")).getFirst().vector();
        List<Future<float[]>> vectors = new ArrayList<>();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 50; caller++) {
                String other = "another text ".repeat(caller % 7);
                vectors.add(callers.submit(() ->
                        model.embed(List.of(other, "the same text")).get(1).vector()));
            }
        }

        for (Future<float[]> vector : vectors) {
            assertThat(vector.get()).isEqualTo(alone);
        }
    }

    @Test
    void refusesATextThatIsTooLongAndSaysHowLong() {
        assertThatThrownBy(() -> model.embed(List.of("short", LONG)))
                .isInstanceOfSatisfying(
                        EmbeddingException.class, e -> assertThat(e.category()).isEqualTo(Category.TOO_LONG))
                .hasMessage("a text has 602 tokens, but all-minilm-l6-v2 reads at most 512");
    }

    @Test
    void cutsTheEndOrTheStartWhereTheCallerAllowsIt() {
        Embedding end = model.embed(List.of("start " + LONG), Truncation.END).getFirst();
        Embedding start = model.embed(List.of(LONG + " end"), Truncation.START).getFirst();

        assertThat(end.tokens()).isEqualTo(512);
        assertThat(end.vector())
                .isEqualTo(model.embed(List.of("start " + "word ".repeat(509)))
                        .getFirst()
                        .vector());
        assertThat(start.vector())
                .isEqualTo(model.embed(List.of("word ".repeat(509) + "end"))
                        .getFirst()
                        .vector());
    }

    @Test
    void countsTokensBeyondTheLimit() {
        assertThat(model.countTokens(LONG)).isEqualTo(602);
        assertThat(model.countTokens("")).isEqualTo(2);
    }

    @Test
    void answersNothingForNoTexts() {
        assertThat(model.embed(List.of())).isEmpty();
    }

    @Test
    void refusesMoreThanMayWait() {
        try (OnnxEmbeddingModel small = MiniLm.open(MiniLm.settings(1, 10, Duration.ofMinutes(1)))) {
            assertThatThrownBy(() -> small.embed(Collections.nCopies(11, "text")))
                    .isInstanceOfSatisfying(
                            EmbeddingException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED))
                    .hasMessageContaining("takes at most 10");

            assertThat(small.embed(Collections.nCopies(10, "text"))).hasSize(10);
        }
    }

    @Test
    void givesUpInTimeAndForgetsWhatWaited() {
        String text = "word ".repeat(500);
        try (OnnxEmbeddingModel slow = MiniLm.open(MiniLm.settings(1, 4096, Duration.ofSeconds(3)))) {
            slow.embed(List.of("warm"));

            assertThatThrownBy(() -> slow.embed(Collections.nCopies(2000, text)))
                    .isInstanceOfSatisfying(
                            EmbeddingException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.TIMED_OUT));

            assertThat(slow.embed(List.of("next"))).hasSize(1);
        }
    }

    @Test
    void stopsWhenTheCallerIsInterrupted() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                model.embed(Collections.nCopies(2000, "word ".repeat(500)));
            } catch (EmbeddingException e) {
                failure.set(e);
            }
        });
        TimeUnit.MILLISECONDS.sleep(100);

        caller.interrupt();
        caller.join(5_000);

        assertThat(failure.get()).hasMessageContaining("was cancelled");
        assertThat(model.embed(List.of("next"))).hasSize(1);
    }

    @Test
    void refusesCallsOnceClosed() {
        OnnxEmbeddingModel closed = MiniLm.open();
        closed.close();

        assertThatThrownBy(() -> closed.embed(List.of("text")))
                .isInstanceOf(EmbeddingException.class)
                .hasMessage("all-minilm-l6-v2 was closed");
    }

    @Test
    void refusesWhatIsNoModel(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "no model");
        Path tokenizer = MiniLm.installed().file("tokenizer.json");

        assertThatThrownBy(() -> OnnxEmbeddingModel.open(
                        "broken", file, tokenizer, OnnxEmbeddingModel.Settings.usual(Pooling.MEAN, 512)))
                .isInstanceOf(EmbeddingException.class)
                .hasMessageContaining("cannot be opened");
    }
}
