package dev.outcrop.engines.logs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The batches of one file of the log, until segments have them. Safe for concurrent use. */
final class MemoryTable {
    private final long generation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Map<String, List<Batch>>> groups = new HashMap<>();
    private long bytes;
    private long events;

    /** @param generation number of the file of the log that has the same batches */
    MemoryTable(long generation) {
        this.generation = generation;
    }

    long generation() {
        return generation;
    }

    void add(Batch batch) {
        lock.lock();
        try {
            groups.computeIfAbsent(batch.group(), _ -> new HashMap<>())
                    .computeIfAbsent(batch.stream(), _ -> new ArrayList<>())
                    .add(batch);
            bytes += batch.bytes();
            events += batch.rows();
        } finally {
            lock.unlock();
        }
    }

    void drop(String group) {
        lock.lock();
        try {
            groups.remove(group);
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    long events() {
        lock.lock();
        try {
            return events;
        } finally {
            lock.unlock();
        }
    }

    Set<String> groups() {
        lock.lock();
        try {
            return Set.copyOf(groups.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** A group's batches, stream by stream. */
    List<Batch> batches(String group) {
        lock.lock();
        try {
            List<Batch> batches = new ArrayList<>();
            groups.getOrDefault(group, Map.of()).values().forEach(batches::addAll);
            return batches;
        } finally {
            lock.unlock();
        }
    }

    /** The batches of one stream. */
    List<Batch> batches(String group, String stream) {
        lock.lock();
        try {
            return List.copyOf(groups.getOrDefault(group, Map.of()).getOrDefault(stream, List.of()));
        } finally {
            lock.unlock();
        }
    }
}
