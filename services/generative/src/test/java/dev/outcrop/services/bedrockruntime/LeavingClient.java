package dev.outcrop.services.bedrockruntime;

import dev.outcrop.kernel.ClientPresence;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that leaves when it is told to. */
public final class LeavingClient implements ClientPresence {
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile boolean gone;

    /** Leaves. */
    public synchronized void leave() {
        gone = true;
        actions.forEach(Runnable::run);
    }

    /** Whether something is still to be done when it leaves. */
    public boolean isWatched() {
        return !actions.isEmpty();
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public synchronized Watch onGone(Runnable action) {
        if (gone) {
            action.run();
            return () -> {};
        }
        actions.add(action);
        return () -> actions.remove(action);
    }
}
