package dev.outcrop.engines.sql;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs native code that goes deeper with what it is given, such as a parser of SQL, on a thread with a large stack: where a
 * virtual thread's carrier overflows in native code, the process dies.
 */
public final class DeepStack {
    private static final long BYTES = 256L << 20;

    private DeepStack() {}

    /**
     * What {@code body} gives.
     *
     * @param longest how long it may take
     * @throws IllegalStateException if it takes longer, or the wait is interrupted
     */
    public static <T> T call(String name, Duration longest, Supplier<T> body) {
        FutureTask<T> task = new FutureTask<>(body::get);
        Thread thread = Thread.ofPlatform().name(name).daemon().stackSize(BYTES).start(task);
        try {
            return task.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(name + " failed", failure.getCause());
            }
        } catch (TimeoutException late) {
            thread.interrupt();
            throw new IllegalStateException(name + " took longer than " + longest, late);
        } catch (InterruptedException interruption) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + " was interrupted", interruption);
        }
    }
}
