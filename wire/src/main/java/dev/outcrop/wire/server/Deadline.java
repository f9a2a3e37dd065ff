package dev.outcrop.wire.server;

import io.helidon.common.socket.HelidonSocket;
import java.util.Optional;

/** Hangs up on a client that begins to say something and does not come to its end in time. Safe for concurrent use. */
final class Deadline {
    private final StallGuard guard;
    private final HelidonSocket socket;
    private Optional<TimingWheel.Alarm> pending = Optional.empty();

    Deadline(StallGuard guard, HelidonSocket socket) {
        this.guard = guard;
        this.socket = socket;
    }

    /** The client has begun; it makes no difference how often this is said. */
    synchronized void begin() {
        if (pending.isEmpty()) {
            pending = Optional.of(guard.armHead(() -> ConnectionSockets.hangUp(socket)));
        }
    }

    /** The client has come to the end. */
    synchronized void end() {
        pending.ifPresent(TimingWheel.Alarm::cancel);
        pending = Optional.empty();
    }
}
