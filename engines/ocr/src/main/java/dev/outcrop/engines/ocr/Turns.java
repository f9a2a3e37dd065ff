package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.UnreadableDocumentException.Category;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets only so many pages be unpacked and read at the same time, in the order of their coming: a job of many pages waits
 * its turn at each page. Pages are read on threads of their own, since a network that runs would hold the carrier of a
 * virtual thread for seconds.
 */
final class Turns implements AutoCloseable {
    private static final long STACK_BYTES = 16L << 20;
    private static final long IDLE_SECONDS = 30;
    private static final long LONGEST_END_SECONDS = 60;
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ThreadPoolExecutor threads;

    Turns(int atOnce) {
        threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("page-", 0)
                        .stackSize(STACK_BYTES)
                        .factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Does {@code work} once it is its turn, and waits for it.
     *
     * @throws UnreadableDocumentException what {@code work} threw, {@code TOO_SLOW} once the time is over, {@code TOO_LARGE}
     *                                     if the memory does not suffice, {@code DAMAGED} for anything that an unpacker
     *                                     throws at damage
     */
    <T> T take(Deadline deadline, Callable<T> work) {
        Future<T> turn = threads.submit(() -> {
            deadline.check();
            return work.call();
        });
        try {
            return turn.get(Math.max(0, deadline.leftNanos()) + GRACE_NANOS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            turn.cancel(true);
            throw deadline.late();
        } catch (InterruptedException interruption) {
            turn.cancel(true);
            Thread.currentThread().interrupt();
            throw deadline.late();
        } catch (ExecutionException failure) {
            throw refusal(failure.getCause());
        }
    }

    private static RuntimeException refusal(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case OutOfMemoryError memory ->
                new UnreadableDocumentException(
                        Category.TOO_LARGE, "reading the document takes more memory than there is", memory);
            case StackOverflowError deep ->
                new UnreadableDocumentException(Category.DAMAGED, "the document is nested too deep", deep);
            case Error error -> throw error;
            default ->
                new UnreadableDocumentException(
                        Category.DAMAGED, "the document cannot be read: " + failure.getMessage(), failure);
        };
    }

    /** Ends what waits, and waits for what runs: a network must not be closed under it. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a page was still being read after " + LONGEST_END_SECONDS + " s");
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
