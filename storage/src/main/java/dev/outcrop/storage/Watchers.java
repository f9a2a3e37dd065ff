package dev.outcrop.storage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to know of changes. */
final class Watchers {
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    void add(String type, Consumer<RecordKey> listener, Runnable lost) {
        watchers.add(new Watcher(type, listener, lost));
    }

    void tell(List<RecordKey> keys) {
        for (Watcher watcher : watchers) {
            for (RecordKey key : keys) {
                if (key.type().equals(watcher.type)) {
                    watcher.listener.accept(key);
                }
            }
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
