package dev.outcrop.wire.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends waits for clients that send nothing: Helidon's own read timeout does not reach the sockets that it accepts. */
final class StallGuard implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;

    StallGuard(Duration limit) {
        this.limit = limit;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("stalled-clients").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs {@code hangUp} when the limit is over, unless what this returns is cancelled before. */
    Future<?> arm(Runnable hangUp) {
        return timer.schedule(hangUp, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
