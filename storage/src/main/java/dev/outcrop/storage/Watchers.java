package dev.outcrop.storage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to know of changes. */
final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    void add(String type, Consumer<RecordKey> listener, Runnable lost) {
        watchers.add(new Watcher(type, listener, lost));
    }

    void tell(List<RecordKey> keys) {
        for (Watcher watcher : watchers) {
            for (RecordKey key : keys) {
                if (key.type().equals(watcher.type)) {
                    tell(watcher, key);
                }
            }
        }
    }

    /** The change is on disk already: a listener that fails must not make it look undone. */
    private static void tell(Watcher watcher, RecordKey key) {
        try {
            watcher.listener.accept(key);
        } catch (RuntimeException failure) {
            LOG.error("whoever watches {} failed to take in a change", watcher.type, failure);
        }
    }

    boolean watches(String type) {
        return watchers.stream().anyMatch(watcher -> watcher.type.equals(type));
    }

    void lost() {
        watchers.forEach(watcher -> watcher.lost.run());
    }

    private record Watcher(String type, Consumer<RecordKey> listener, Runnable lost) {}
}
