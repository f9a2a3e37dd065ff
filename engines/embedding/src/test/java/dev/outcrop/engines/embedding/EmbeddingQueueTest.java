package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingQueueTest {
    private final List<List<Integer>> ran = Collections.synchronizedList(new ArrayList<>());

    private float[][] lengths(List<int[]> texts) {
        ran.add(texts.stream().map(ids -> ids.length).toList());
        return texts.stream().map(ids -> new float[] {ids.length}).toArray(float[][]::new);
    }

    private EmbeddingQueue queue(boolean together) {
        return new EmbeddingQueue("model", MiniLm.settings(1, 100, Duration.ofSeconds(10)), together, this::lengths);
    }

    private static List<int[]> texts(int... lengths) {
        List<int[]> texts = new ArrayList<>();
        for (int length : lengths) {
            texts.add(new int[length]);
        }
        return texts;
    }

    @Test
    void answersInOrderThoughOnlyTextsOfNearlyOneLengthRunTogether() {
        try (EmbeddingQueue queue = queue(true)) {
            List<float[]> vectors = queue.run(texts(100, 10, 102, 10, 98, 300, 107));

            assertThat(vectors).extracting(vector -> (int) vector[0]).containsExactly(100, 10, 102, 10, 98, 300, 107);
        }
        assertThat(ran).containsExactly(List.of(100, 102, 98), List.of(10, 10), List.of(300), List.of(107));
    }

    @Test
    void runsEachTextAloneWhereNeighboursWouldChangeIt() {
        try (EmbeddingQueue queue = queue(false)) {
            queue.run(texts(10, 10, 10));
        }

        assertThat(ran).containsExactly(List.of(10), List.of(10), List.of(10));
    }

    @Test
    void limitsWhatRunsTogether() {
        try (EmbeddingQueue queue = queue(true)) {
            queue.run(texts(500, 500, 500, 500, 500));
        }

        assertThat(ran).containsExactly(List.of(500, 500, 500), List.of(500, 500));
    }

    @Test
    void tellsEveryCallerOfAFailure() {
        EmbeddingQueue.Runner broken = texts -> {
            throw new IllegalStateException("broken");
        };
        try (EmbeddingQueue queue =
                new EmbeddingQueue("model", MiniLm.settings(1, 100, Duration.ofSeconds(10)), true, broken)) {

            assertThatThrownBy(() -> queue.run(texts(1, 2)))
                    .isInstanceOf(EmbeddingException.class)
                    .hasMessageContaining("broken");
            assertThatThrownBy(() -> queue.run(texts(1)))
                    .as("the worker lives on")
                    .hasMessageContaining("broken");
        }
    }
}
