package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.LogEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells whoever wants to know of events that have just been stored. */
final class Arrivals {
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Is told of events, on the thread of the call that brought them. */
    @FunctionalInterface
    interface Listener {
        /** Must be quick, and not fail. */
        void arrived(StoredGroup group, String stream, long ingestedAt, List<LogEntry> events);
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    void tell(StoredGroup group, String stream, long ingestedAt, List<LogEntry> events) {
        if (!events.isEmpty()) {
            listeners.forEach(listener -> listener.arrived(group, stream, ingestedAt, events));
        }
    }
}
