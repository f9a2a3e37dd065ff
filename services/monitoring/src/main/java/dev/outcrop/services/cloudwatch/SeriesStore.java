package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Block;
import dev.outcrop.engines.series.Summary;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was measured, on disk. A measurement is acknowledged once it is in the journal; those that arrive together are
 * written together. From there it is added to the blocks of its series, in each {@link Tier}, so that nothing has to be
 * rolled up later and late measurements are as good as others. Blocks are in memory first and are written every few
 * minutes; after a crash, and by every other server that shares the database, they are made of the journal again. Safe
 * for concurrent use.
 */
final class SeriesStore implements AutoCloseable {
    /** The kind of the journal's entries. */
    static final String KIND = "metrics";

    private static final Logger LOG = LoggerFactory.getLogger(SeriesStore.class);
    private static final RecordKey MARK = new RecordKey("cloudwatch:mark", "", "", "mark");
    private static final int LARGEST_GROUP = 512;
    private static final int QUEUE_LENGTH = 8192;
    private static final int READ_AT_ONCE = 512;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration WRITE_INTERVAL = Duration.ofMinutes(5);
    /** How much longer the journal keeps what is in blocks: more than clocks of servers differ. */
    private static final Duration SPARE = Duration.ofHours(1);

    private final Journal journal;
    private final Records records;
    private final InstantSource clock;
    private final SeriesCatalog catalog;
    private final SeriesBlocks blocks;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final List<Thread> threads = new ArrayList<>();
    private boolean isOpen;
    private long applied;
    private long followed;
    private volatile boolean closing;

    SeriesStore(Journal journal, Records records, InstantSource clock) {
        this.journal = journal;
        this.records = records;
        this.clock = clock;
        catalog = new SeriesCatalog(records);
        blocks = new SeriesBlocks(records);
    }

    private record Pending(JournalEntry entry, CompletableFuture<Void> written) {}

    /**
     * Takes measurements; they are on disk, and can be read, when this returns.
     *
     * @param account  whose
     * @param followed up to where the record of calls was followed for them, where they were made of that
     * @throws StorageException if they could not be written
     */
    void put(String account, List<Measurement> measurements, OptionalLong followed) {
        open();
        Instant now = clock.instant();
        byte[] body = new Ingestion(now.toEpochMilli(), followed, measurements).write();
        Pending pending = new Pending(new JournalEntry(KIND, account, now, body), new CompletableFuture<>());
        try {
            if (closing || !queue.offer(pending, LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new StorageException(closing ? "storage is closed" : "metrics come faster than the disk takes");
            }
            pending.written.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException cause
                    ? cause
                    : new StorageException("metrics could not be written", failure.getCause());
        } catch (TimeoutException failure) {
            throw new StorageException("metrics were not written within " + LONGEST_WAIT.toSeconds() + " s", failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while writing metrics", failure);
        }
    }

    /** Up to where the record of calls has been followed for what is here. */
    long followed() {
        open();
        lock.lock();
        try {
            follow();
            return followed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The metrics of an account and region in their order, with the second of their last measurement.
     *
     * @param namespace whose; empty for all
     */
    NavigableMap<MetricKey, Long> metrics(String account, String region, Optional<String> namespace) {
        open();
        lock.lock();
        try {
            return catalog.metrics(account, region, namespace);
        } finally {
            lock.unlock();
        }
    }

    /** The units in which a metric was measured. */
    List<String> units(MetricKey metric) {
        open();
        lock.lock();
        try {
            return catalog.of(metric).stream().map(SeriesCatalog.Series::unit).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was measured, by the second at which each period begins.
     *
     * @param unit   in which; empty for all units together
     * @param start  the first second, which is the beginning of a period
     * @param end    the last second, exclusive
     * @param period in seconds, above zero
     */
    NavigableMap<Long, Summary> read(MetricKey metric, Optional<String> unit, long start, long end, int period) {
        open();
        NavigableMap<Long, Summary> found = new TreeMap<>();
        lock.lock();
        try {
            Collection<SeriesCatalog.Series> series = catalog.of(metric);
            for (SeriesCatalog.Series one : series) {
                if (unit.isEmpty() || unit.get().equals(one.unit())) {
                    read(one, start, Math.min(end, one.last() + 1), period, found);
                }
            }
        } finally {
            lock.unlock();
        }
        return found;
    }

    private void read(
            SeriesCatalog.Series series, long start, long end, int period, NavigableMap<Long, Summary> found) {
        Tier tier = Tier.of(period, start);
        long oldest = clock.instant().minus(tier.kept()).getEpochSecond();
        long from = Math.max(start, Math.ceilDiv(oldest, (long) tier.seconds()) * tier.seconds());
        SeriesBlocks.Place place = SeriesBlocks.Place.of(series, tier, from);
        while (place.start() < end) {
            long begin = place.start();
            Optional<Block> block = blocks.block(place);
            if (block.isPresent()) {
                long first = Math.max(0, from - begin) / tier.seconds();
                long last = Math.ceilDiv(end - begin, (long) tier.seconds());
                block.get().forEach(first, last, (summary, slot) -> {
                    long at = begin + slot * tier.seconds();
                    found.merge(start + Math.floorDiv(at - start, (long) period) * period, summary, Summary::merged);
                });
            }
            place = new SeriesBlocks.Place(series, tier, begin + tier.block());
        }
    }

    private void open() {
        lock.lock();
        try {
            if (isOpen) {
                return;
            }
            records.get(MARK).ifPresent(mark -> {
                ByteBuffer body = ByteBuffer.wrap(mark.body());
                applied = body.getLong();
                followed = body.getLong();
            });
            catalog.load();
            follow();
            isOpen = true;
            threads.add(Thread.ofPlatform().name("outcrop-metrics").daemon(true).start(this::write));
            threads.add(Thread.ofPlatform()
                    .name("outcrop-metrics-blocks")
                    .daemon(true)
                    .start(this::storeNowAndThen));
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        List<Pending> group = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Pending first = queue.poll(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, LARGEST_GROUP - 1);
                }
                write(group);
            } catch (InterruptedException wakened) {
                // Closing: write what is left.
            }
            group.clear();
        }
    }

    private void write(List<Pending> group) {
        try {
            if (!group.isEmpty()) {
                journal.append(group.stream().map(Pending::entry).toList());
            }
            lock.lock();
            try {
                follow();
            } finally {
                lock.unlock();
            }
            group.forEach(pending -> pending.written.complete(null));
        } catch (RuntimeException failure) {
            if (group.isEmpty()) {
                LOG.warn("the metrics of other servers cannot be read", failure);
            }
            group.forEach(pending -> pending.written.completeExceptionally(failure));
        }
    }

    /** Adds to the blocks what has arrived in the journal. */
    private void follow() {
        List<Journal.Place> arrived;
        do {
            arrived = journal.arrivals(KIND, applied, READ_AT_ONCE);
            for (Journal.Place place : arrived) {
                apply(Ingestion.read(place.entry().body()), place.sequence());
                applied = place.sequence();
            }
        } while (arrived.size() == READ_AT_ONCE);
    }

    private void apply(Ingestion ingestion, long sequence) {
        ingestion.followed().ifPresent(position -> followed = Math.max(followed, position));
        long arrivedAt = ingestion.arrivedAt() / 1000;
        for (Measurement measurement : ingestion.measurements()) {
            SeriesCatalog.Series series = catalog.of(measurement);
            for (Tier tier : Tier.values()) {
                boolean kept = arrivedAt - measurement.seconds() < tier.kept().toSeconds();
                if (kept && (tier != Tier.SECOND || measurement.isHighResolution())) {
                    blocks.add(series, tier, measurement, sequence);
                }
            }
        }
    }

    private void storeNowAndThen() {
        long next = System.nanoTime() + WRITE_INTERVAL.toNanos();
        while (!closing) {
            try {
                Thread.sleep(LOOK_INTERVAL);
                if (System.nanoTime() > next || isFull()) {
                    next = System.nanoTime() + WRITE_INTERVAL.toNanos();
                    store();
                }
            } catch (InterruptedException wakened) {
                // Closing.
            } catch (RuntimeException failure) {
                LOG.error("the blocks of metrics cannot be written; what they hold is safe in the journal", failure);
            }
        }
    }

    private boolean isFull() {
        lock.lock();
        try {
            return blocks.isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Writes all blocks that have changed, and lets the journal forget what is in them. */
    void store() {
        open();
        writing.lock();
        try {
            Instant begin = clock.instant();
            List<SeriesBlocks.Place> changed;
            List<SeriesCatalog.Series> series;
            long reached;
            long followedThen;
            lock.lock();
            try {
                reached = applied;
                followedThen = followed;
                changed = blocks.changed();
                series = catalog.changed();
            } finally {
                lock.unlock();
            }
            for (List<SeriesCatalog.Series> some : slices(series)) {
                catalog.store(some);
            }
            for (List<SeriesBlocks.Place> some : slices(changed)) {
                store(some);
            }
            mark(reached, followedThen);
            while (journal.deleteBefore(KIND, begin.minus(SPARE), 2000) == 2000 && !closing) {
                Thread.onSpinWait();
            }
        } finally {
            writing.unlock();
        }
    }

    private void store(List<SeriesBlocks.Place> some) {
        List<SeriesBlocks.Written> encoded;
        lock.lock();
        try {
            encoded = blocks.encoded(some);
        } finally {
            lock.unlock();
        }
        blocks.store(encoded);
        lock.lock();
        try {
            blocks.stored(encoded);
        } finally {
            lock.unlock();
        }
    }

    private static <T> List<List<T>> slices(List<T> all) {
        List<List<T>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += SeriesBlocks.writtenAtOnce()) {
            slices.add(all.subList(from, Math.min(all.size(), from + SeriesBlocks.writtenAtOnce())));
        }
        return slices;
    }

    private void mark(long reached, long followedThen) {
        byte[] body =
                ByteBuffer.allocate(16).putLong(reached).putLong(followedThen).array();
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(MARK);
            if (present.isEmpty()) {
                transaction.insert(MARK, "", Optional.empty(), clock.instant(), body);
            } else if (ByteBuffer.wrap(present.get().body()).getLong() < reached) {
                transaction.update(MARK, present.get().version(), Optional.empty(), clock.instant(), body);
            }
            return null;
        });
    }

    /** Drops blocks that no tier keeps any more, some at a time. */
    void dropOld() {
        open();
        Instant now = clock.instant();
        for (Tier tier : Tier.values()) {
            while (records.write(transaction ->
                                    transaction.deleteCreatedBefore(tier.recordType(), now.minus(tier.kept()), 500))
                            == 500
                    && !closing) {
                Thread.onSpinWait();
            }
        }
        lock.lock();
        try {
            catalog.forgetBefore(now.minus(Tier.HOUR.kept()).getEpochSecond());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closing = true;
        boolean opened;
        lock.lock();
        try {
            opened = isOpen;
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join(LONGEST_WAIT);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
        if (opened) {
            store();
        }
        for (Pending late = queue.poll(); late != null; late = queue.poll()) {
            late.written.completeExceptionally(new StorageException("storage is closed"));
        }
    }
}
