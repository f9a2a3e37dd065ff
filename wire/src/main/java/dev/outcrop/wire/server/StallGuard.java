package dev.outcrop.wire.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends waits for clients that send nothing: Helidon's own read timeout does not reach the sockets that it accepts. */
public final class StallGuard implements AutoCloseable {
    /** How long a call lasts before it is worth looking if its client is still there. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;
    private final Duration headLimit;

    /**
     * A guard.
     *
     * @param limit     how long a client may send nothing while it is expected to
     * @param headLimit how long a handshake, the head of a request, or a frame may take however busily its bytes trickle
     *     in
     */
    public StallGuard(Duration limit, Duration headLimit) {
        this.limit = limit;
        this.headLimit = headLimit;
        // Once closed it guards nothing any more, and whoever still reads needs no error for that.
        timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("stalled-clients").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs {@code hangUp} when the limit is over, unless what this returns is cancelled before. */
    Future<?> arm(Runnable hangUp) {
        return arm(hangUp, limit);
    }

    /** The same when the limit is over for the second time. */
    Future<?> armTwice(Runnable hangUp) {
        return arm(hangUp, limit.multipliedBy(2));
    }

    /** The same for what should come in one piece. */
    Future<?> armHead(Runnable hangUp) {
        return arm(hangUp, headLimit);
    }

    /** Runs {@code look}, which must not block, a quarter of a second from now. */
    Future<?> look(Runnable look) {
        return timer.schedule(look, LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<?> arm(Runnable hangUp, Duration after) {
        // Closing a socket can block, and the others' deadlines must not wait for it.
        return timer.schedule(() -> Thread.startVirtualThread(hangUp), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
