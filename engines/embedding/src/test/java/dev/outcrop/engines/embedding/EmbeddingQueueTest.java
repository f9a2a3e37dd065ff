package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.embedding.EmbeddingQueue.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddingQueueTest {
    private final List<List<Integer>> ran = Collections.synchronizedList(new ArrayList<>());

    private float[][] lengths(List<int[]> texts, Wanted wanted) {
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
            List<float[]> vectors = queue.run(texts(100, 10, 102, 10, 98, 300, 107), Wanted.TEXT);

            assertThat(vectors).extracting(vector -> (int) vector[0]).containsExactly(100, 10, 102, 10, 98, 300, 107);
        }
        assertThat(ran).containsExactly(List.of(100, 102, 98), List.of(10, 10), List.of(300), List.of(107));
    }

    @Test
    void runsEachTextAloneWhereNeighboursWouldChangeIt() {
        try (EmbeddingQueue queue = queue(false)) {
            queue.run(texts(10, 10, 10), Wanted.TEXT);
        }

        assertThat(ran).containsExactly(List.of(10), List.of(10), List.of(10));
    }

    @Test
    void limitsWhatRunsTogether() {
        try (EmbeddingQueue queue = queue(true)) {
            queue.run(texts(500, 500, 500, 500, 500), Wanted.TEXT);
        }

        assertThat(ran).containsExactly(List.of(500, 500, 500), List.of(500, 500));
    }

    @Test
    void runsTokensAndTextsOfOneLengthApart() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        List<Wanted> wanted = new CopyOnWriteArrayList<>();
        EmbeddingQueue.Runner waiting = (texts, what) -> {
            wanted.add(what);
            begun.release();
            go.acquireUninterruptibly();
            return texts.stream().map(_ -> new float[1]).toArray(float[][]::new);
        };
        try (EmbeddingQueue queue =
                new EmbeddingQueue("model", MiniLm.settings(1, 100, Duration.ofSeconds(60)), true, waiting)) {
            Thread first = Thread.ofVirtual().start(() -> queue.run(texts(10), Wanted.TEXT));
            assertThat(begun.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            Thread second = Thread.ofVirtual().start(() -> queue.run(texts(10), Wanted.TOKENS));
            Thread third = Thread.ofVirtual().start(() -> queue.run(texts(10), Wanted.TEXT));
            go.release(3);
            for (Thread caller : List.of(first, second, third)) {
                assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
            }
        }

        assertThat(wanted).containsExactlyInAnyOrder(Wanted.TEXT, Wanted.TOKENS, Wanted.TEXT);
    }

    @Test
    void tellsEveryCallerOfAFailure() {
        EmbeddingQueue.Runner broken = (_, _) -> {
            throw new IllegalStateException("broken");
        };
        try (EmbeddingQueue queue =
                new EmbeddingQueue("model", MiniLm.settings(1, 100, Duration.ofSeconds(10)), true, broken)) {

            assertThatThrownBy(() -> queue.run(texts(1, 2), Wanted.TEXT))
                    .isInstanceOf(EmbeddingException.class)
                    .hasMessageContaining("broken");
            assertThatThrownBy(() -> queue.run(texts(1), Wanted.TEXT))
                    .as("the worker lives on")
                    .hasMessageContaining("broken");
        }
    }
}
