package dev.outcrop.engines.embedding;

import dev.outcrop.engines.embedding.EmbeddingException.Category;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Texts of all callers, waiting for the few threads that run them. Oldest first, so that nobody starves; what runs
 * together with the oldest is of nearly its length.
 */
final class EmbeddingQueue implements AutoCloseable {
    private static final int MOST_TOGETHER = 16;
    private static final int MOST_TOKENS_TOGETHER = 2048;
    private static final long CLOSE_LIMIT_MILLIS = 30_000;

    private final String model;
    private final OnnxEmbeddingModel.Settings settings;
    private final boolean together;
    private final Runner runner;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    /** Makes vectors of texts that run together. */
    @FunctionalInterface
    interface Runner {
        float[][] run(List<int[]> texts, Wanted wanted);
    }

    /** What is wanted of a text. */
    enum Wanted {
        /** One vector. */
        TEXT,
        /** The vectors of its tokens, one behind the other. */
        TOKENS
    }

    private record Waiting(int[] ids, Wanted wanted, CompletableFuture<float[]> vector) {}

    EmbeddingQueue(String model, OnnxEmbeddingModel.Settings settings, boolean together, Runner runner) {
        this.model = model;
        this.settings = settings;
        this.together = together;
        this.runner = runner;
        for (int i = 0; i < settings.workers(); i++) {
            // Platform threads: native code holds its carrier for the whole run.
            workers.add(Thread.ofPlatform()
                    .name("embedding-" + model + "-" + i)
                    .daemon()
                    .start(this::work));
        }
    }

    /** The vectors of {@code texts}, in their order. */
    List<float[]> run(List<int[]> texts, Wanted wanted) {
        long until = System.nanoTime() + settings.timeout().toNanos();
        List<Waiting> mine = enqueue(texts, wanted);
        try {
            List<float[]> vectors = new ArrayList<>(mine.size());
            for (Waiting text : mine) {
                vectors.add(text.vector().get(until - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
            return vectors;
        } catch (TimeoutException e) {
            throw new EmbeddingException(
                    Category.TIMED_OUT,
                    model + " did not answer within " + settings.timeout().toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddingException(Category.UNAVAILABLE, "the call to " + model + " was cancelled", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EmbeddingException failure
                    ? failure
                    : new EmbeddingException(Category.FAILED, model + " failed: " + e.getCause(), e.getCause());
        } finally {
            // Whoever gave up needs no vector: what still waits is not run.
            mine.forEach(text -> text.vector().cancel(false));
        }
    }

    private List<Waiting> enqueue(List<int[]> texts, Wanted wanted) {
        List<Waiting> mine = new ArrayList<>(texts.size());
        lock.lock();
        try {
            if (closed) {
                throw unavailable();
            }
            waiting.removeIf(text -> text.vector().isDone());
            if (waiting.size() + texts.size() > settings.maximumWaiting()) {
                throw new EmbeddingException(
                        Category.OVERLOADED,
                        model + " has " + waiting.size() + " texts waiting and takes at most "
                                + settings.maximumWaiting() + ", but was given " + texts.size() + " more");
            }
            for (int[] ids : texts) {
                mine.add(new Waiting(ids, wanted, new CompletableFuture<>()));
            }
            waiting.addAll(mine);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        return mine;
    }

    private void work() {
        for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
            try {
                float[][] vectors = runner.run(
                        group.stream().map(Waiting::ids).toList(),
                        group.getFirst().wanted());
                for (int i = 0; i < vectors.length; i++) {
                    group.get(i).vector().complete(vectors[i]);
                }
            } catch (RuntimeException e) {
                group.forEach(text -> text.vector().completeExceptionally(e));
            }
        }
    }

    /** The oldest that waits, with those that may run together with it; nothing once the queue is closed. */
    private List<Waiting> take() {
        lock.lock();
        try {
            List<Waiting> group = new ArrayList<>();
            while (group.isEmpty()) {
                while (waiting.isEmpty() && !closed) {
                    arrived.awaitUninterruptibly();
                }
                if (closed) {
                    return List.of();
                }
                Waiting oldest = waiting.poll();
                if (!oldest.vector().isDone()) {
                    group.add(oldest);
                    if (together) {
                        addAlike(group);
                    }
                }
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void addAlike(List<Waiting> group) {
        int length = group.getFirst().ids().length;
        Wanted wanted = group.getFirst().wanted();
        int shortest = length - length / 16;
        int longest = length + length / 16;
        Iterator<Waiting> rest = waiting.iterator();
        while (rest.hasNext() && group.size() < MOST_TOGETHER && (group.size() + 1) * longest <= MOST_TOKENS_TOGETHER) {
            Waiting text = rest.next();
            if (text.vector().isDone()) {
                rest.remove();
            } else if (text.wanted() == wanted && text.ids().length >= shortest && text.ids().length <= longest) {
                group.add(text);
                rest.remove();
            }
        }
    }

    private EmbeddingException unavailable() {
        return new EmbeddingException(Category.UNAVAILABLE, model + " was closed");
    }

    /** Refuses what waits, and returns when nothing runs any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(text -> text.vector().completeExceptionally(unavailable()));
            waiting.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread worker : workers) {
            try {
                worker.join(CLOSE_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
