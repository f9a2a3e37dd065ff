package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any number of embedded stores, each a folder, of which those are open that are used. One that nobody uses is closed after
 * ten minutes, or when more than 64 are open; one that nothing was written to for five seconds is put into the order in
 * which it is searched fastest. All share one cache. Safe for concurrent use.
 */
public final class EmbeddedStores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStores.class);
    private static final int MOST_OPEN = 64;
    private static final long CLOSED_AFTER = Duration.ofMinutes(10).toNanos();
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    /** Of the memory that Java may use, this part is for what was read of the stores. */
    private static final int CACHE_PART = 4;

    private final BlockCache cache = new BlockCache(Runtime.getRuntime().maxMemory() / CACHE_PART);
    private final Map<Path, Slot> slots = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long settledAfterNanos;
    private Optional<Thread> keeper = Optional.empty();
    private boolean closed;

    /** Opens none yet. */
    public EmbeddedStores() {
        this(SETTLED_AFTER);
    }

    /** @param settledAfter for how long nobody writes to a store before it is put into order */
    EmbeddedStores(Duration settledAfter) {
        settledAfterNanos = settledAfter.toNanos();
    }

    /** A folder whose store is open, or being opened or closed. */
    private static final class Slot {
        private Optional<EmbeddedStore> store = Optional.empty();
        private int users;
        private long usedAt;
        private long writes;
        private long writtenAt;
        private boolean settled = true;
        private boolean busy = true;
    }

    /**
     * The store in {@code folder}, which is made if need be. Close it after use; it stays open behind that.
     *
     * @param settings as they were when the first entry was put
     * @param key      32 bytes that its files are encrypted under, the same always
     * @throws VectorStoreException if the folder cannot be read or written, or not with this key
     */
    public VectorStore open(Path folder, StoreSettings settings, byte[] key) {
        Path place = folder.toAbsolutePath().normalize();
        Slot mine;
        lock.lock();
        try {
            Slot slot = settledSlot(place);
            if (slot != null) {
                slot.users++;
                return new Lease(slot, slot.store.orElseThrow());
            }
            if (closed) {
                throw new VectorStoreException("the stores of vectors are closed");
            }
            mine = new Slot();
            slots.put(place, mine);
        } finally {
            lock.unlock();
        }
        return opened(mine, place, settings, key);
    }

    /** The slot of a folder when nobody opens or closes it; null if there is none. */
    private Slot settledSlot(Path folder) {
        long left = LONGEST_WAIT.toNanos();
        try {
            while (slots.containsKey(folder) && slots.get(folder).busy) {
                if (left <= 0) {
                    throw new VectorStoreException("the vectors in " + folder + " are busy");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new VectorStoreException("interrupted while waiting for the vectors in " + folder, interruption);
        }
        return slots.get(folder);
    }

    private VectorStore opened(Slot slot, Path folder, StoreSettings settings, byte[] key) {
        Optional<EmbeddedStore> store = Optional.empty();
        try {
            store = Optional.of(new EmbeddedStore(folder, settings, key, cache));
        } finally {
            lock.lock();
            try {
                if (store.isEmpty()) {
                    slots.remove(folder);
                } else {
                    slot.store = store;
                    slot.users = 1;
                    slot.busy = false;
                    slot.writtenAt = System.nanoTime();
                    slot.settled = false;
                }
                if (keeper.isEmpty()) {
                    keeper = Optional.of(Thread.ofPlatform()
                            .name("vector-stores")
                            .daemon(true)
                            .start(this::keep));
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        return new Lease(slot, store.get());
    }

    /** Deletes a store and all that is in it. Whoever still has it open fails from then on. */
    public void delete(Path folder) {
        Path place = folder.toAbsolutePath().normalize();
        Optional<EmbeddedStore> store = Optional.empty();
        lock.lock();
        try {
            Slot slot = settledSlot(place);
            if (slot == null) {
                slot = new Slot();
                slots.put(place, slot);
            }
            slot.busy = true;
            store = slot.store;
        } finally {
            lock.unlock();
        }
        try {
            store.ifPresent(EmbeddedStore::close);
            deleteFiles(place);
        } finally {
            forget(place);
        }
    }

    private static void deleteFiles(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new VectorStoreException("the vectors in " + folder + " cannot be deleted", failure);
        }
    }

    private void forget(Path folder) {
        lock.lock();
        try {
            slots.remove(folder);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many are open. */
    public int openStores() {
        lock.lock();
        try {
            return slots.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether every open store is in the order in which it is searched fastest. */
    public boolean isSettled() {
        lock.lock();
        try {
            return slots.values().stream().allMatch(slot -> slot.settled && !wroteSince(slot));
        } finally {
            lock.unlock();
        }
    }

    private static boolean wroteSince(Slot slot) {
        return slot.store.isPresent() && slot.store.get().writes() != slot.writes;
    }

    private void keep() {
        try {
            while (!ended.await(1, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes what nobody uses, and settles what nobody writes to. */
    private void look() {
        long now = System.nanoTime();
        Map<Path, Slot> closing = new HashMap<>();
        Map<Path, Slot> settling = new HashMap<>();
        lock.lock();
        try {
            List<Map.Entry<Path, Slot>> idle = slots.entrySet().stream()
                    .filter(entry -> !entry.getValue().busy && entry.getValue().users == 0)
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().usedAt - now))
                    .toList();
            int tooMany = slots.size() - MOST_OPEN;
            for (Map.Entry<Path, Slot> entry : idle) {
                Slot slot = entry.getValue();
                if (tooMany-- > 0
                        || now - slot.usedAt > CLOSED_AFTER
                        || slot.store.orElseThrow().isBroken()) {
                    slot.busy = true;
                    closing.put(entry.getKey(), slot);
                }
            }
            slots.forEach((folder, slot) -> {
                if (slot.busy) {
                    return;
                }
                if (wroteSince(slot)) {
                    slot.writes = slot.store.orElseThrow().writes();
                    slot.writtenAt = now;
                    slot.settled = false;
                } else if (!slot.settled && now - slot.writtenAt > settledAfterNanos) {
                    slot.users++;
                    settling.put(folder, slot);
                }
            });
        } finally {
            lock.unlock();
        }
        closing.forEach((folder, slot) -> {
            closeQuietly(folder, slot.store.orElseThrow());
            forget(folder);
        });
        settling.forEach(this::settle);
    }

    private void settle(Path folder, Slot slot) {
        EmbeddedStore store = slot.store.orElseThrow();
        try {
            store.settle();
        } catch (VectorStoreException failure) {
            LOG.warn("the vectors in {} could not be merged", folder, failure);
        } finally {
            lock.lock();
            try {
                slot.users--;
                slot.writes = store.writes();
                slot.settled = true;
            } finally {
                lock.unlock();
            }
        }
    }

    private static void closeQuietly(Path folder, EmbeddedStore store) {
        try {
            store.close();
        } catch (VectorStoreException failure) {
            LOG.warn("the vectors in {} could not be closed; their log has what was written", folder, failure);
        }
    }

    @Override
    public void close() {
        Map<Path, Slot> left;
        lock.lock();
        try {
            closed = true;
            ended.countDown();
            left = new HashMap<>(slots);
            slots.clear();
        } finally {
            lock.unlock();
        }
        keeper.ifPresent(thread -> {
            try {
                thread.join(LONGEST_WAIT);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        });
        left.forEach((folder, slot) -> slot.store.ifPresent(store -> closeQuietly(folder, store)));
    }

    /** A store that stays open behind its closing. */
    private final class Lease implements VectorStore {
        private final Slot slot;
        private final EmbeddedStore store;
        private final AtomicBoolean returned = new AtomicBoolean();

        Lease(Slot slot, EmbeddedStore store) {
            this.slot = slot;
            this.store = store;
        }

        @Override
        public int dimension() {
            return store.dimension();
        }

        @Override
        public DistanceMetric metric() {
            return store.metric();
        }

        @Override
        public void put(List<VectorEntry> entries) {
            store.put(entries);
        }

        @Override
        public void delete(Collection<String> keys) {
            store.delete(keys);
        }

        @Override
        public Optional<VectorEntry> get(String key) {
            return store.get(key);
        }

        @Override
        public List<VectorEntry> list(Optional<String> after, int count) {
            return store.list(after, count);
        }

        @Override
        public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
            return store.nearest(query, count, filter);
        }

        @Override
        public boolean searchesText() {
            return store.searchesText();
        }

        @Override
        public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
            return store.keywords(query, count, filter);
        }

        @Override
        public void close() {
            if (returned.compareAndSet(false, true)) {
                lock.lock();
                try {
                    slot.users--;
                    slot.usedAt = System.nanoTime();
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
