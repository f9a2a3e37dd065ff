package dev.outcrop.wire.server;

import dev.outcrop.kernel.ClientPresence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether the client of one exchange has gone, and what is to be done then. Costs an object as long as nobody asks; the
 * first who does has the connection watched. Safe for concurrent use.
 */
final class Departure implements ClientPresence {
    private Optional<Consumer<Departure>> watch;
    private List<Runnable> actions = List.of();
    private Optional<TimingWheel.Alarm> next = Optional.empty();
    private volatile boolean gone;
    private volatile boolean ended;

    /**
     * Of an exchange that begins.
     *
     * @param watch has the connection watched, which calls {@link #leave} when the client goes
     */
    Departure(Consumer<Departure> watch) {
        this.watch = Optional.of(watch);
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public Watch onGone(Runnable action) {
        Optional<Consumer<Departure>> first;
        synchronized (this) {
            if (ended) {
                return () -> {};
            }
            if (gone) {
                Thread.startVirtualThread(action);
                return () -> {};
            }
            if (actions.isEmpty()) {
                actions = new ArrayList<>(2);
            }
            actions.add(action);
            first = watch;
            watch = Optional.empty();
        }
        first.ifPresent(begin -> begin.accept(this));
        return () -> forget(action);
    }

    private synchronized void forget(Runnable action) {
        if (!actions.isEmpty()) {
            actions.remove(action);
        }
    }

    /** The client has gone. */
    void leave() {
        List<Runnable> due;
        synchronized (this) {
            if (gone || ended) {
                return;
            }
            gone = true;
            due = actions;
            actions = List.of();
        }
        // Whoever notices reads the connection, for its other exchanges, too.
        due.forEach(Thread::startVirtualThread);
    }

    /** Runs {@code body} unless the exchange has ended; it does not end meanwhile. */
    synchronized void unlessEnded(Runnable body) {
        if (!ended) {
            body.run();
        }
    }

    /** Remembers {@code look}, which is to come: it is not worth the while once the exchange has ended. */
    synchronized void lookingForward(TimingWheel.Alarm look) {
        if (ended) {
            look.cancel();
        }
        next = Optional.of(look);
    }

    /** The exchange has ended: nothing is to be done any more. */
    synchronized void end() {
        ended = true;
        next.ifPresent(TimingWheel.Alarm::cancel);
        // Records of calls outlast their exchanges, which must not hold the memory of those: requests and answers.
        next = Optional.empty();
        actions = List.of();
        watch = Optional.empty();
    }
}
