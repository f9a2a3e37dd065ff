package dev.outcrop.wire.server;

import java.time.Duration;

/** Ends waits for clients that send nothing: Helidon's own read timeout does not reach the sockets that it accepts. */
public final class StallGuard implements AutoCloseable {
    /** How long a call lasts before it is worth looking if its client is still there. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final TimingWheel wheel = new TimingWheel("stalled-clients");
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
    }

    /** Runs {@code hangUp} when the limit is over, unless what this returns is cancelled before. */
    TimingWheel.Alarm arm(Runnable hangUp) {
        return arm(hangUp, limit);
    }

    /** The same when the limit is over for the second time. */
    TimingWheel.Alarm armTwice(Runnable hangUp) {
        return arm(hangUp, limit.multipliedBy(2));
    }

    /** The same for what should come in one piece. */
    TimingWheel.Alarm armHead(Runnable hangUp) {
        return arm(hangUp, headLimit);
    }

    /** Runs {@code look}, which must not block, a quarter of a second from now. */
    TimingWheel.Alarm look(Runnable look) {
        return wheel.set(look, LOOK_INTERVAL);
    }

    private TimingWheel.Alarm arm(Runnable hangUp, Duration after) {
        // Closing a socket can block, and the others' deadlines must not wait for it.
        return wheel.set(() -> Thread.startVirtualThread(hangUp), after);
    }

    @Override
    public void close() {
        wheel.close();
    }
}
