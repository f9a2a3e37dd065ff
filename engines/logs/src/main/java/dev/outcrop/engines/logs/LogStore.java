package dev.outcrop.engines.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log events of groups, each of streams. What {@link #append} took is on disk when it returns; callers that wait at the same
 * time share one forced write. Groups and streams exist by having events; their names are the caller's, up to 1,000
 * characters. Safe for concurrent use.
 */
public final class LogStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);
    private static final Pattern LOG_FILE = Pattern.compile("(\\d+)\\.log");
    private static final long LONGEST_WAIT_SECONDS = 60;
    private static final int QUEUE_LENGTH = 4096;
    private static final long LARGEST_WRITE = 8L << 20;
    /** How many events a file of the log has room to number. */
    private static final int SEQUENCE_BITS = 24;
    /** How much larger than wanted the table of memory may become while the disk is slow. */
    private static final int MOST_OVERDUE = 4;

    private static final long LEAST_REFUSED = 16L << 20;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(5);

    private final Path folder;
    private final KeySealer sealer;
    private final Settings settings;
    private final SecureRandom random = new SecureRandom();
    private final SegmentStore segments;
    private final List<MemoryTable> tables = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final BlockingQueue<MemoryTable> full = new ArrayBlockingQueue<>(2);
    private final Thread writer;
    private final Thread flusher;
    private AppendLog log;
    private MemoryTable table;
    private long tableSince = System.nanoTime();
    private volatile boolean closing;

    private LogStore(Path folder, KeySealer sealer, Settings settings) throws IOException {
        this.folder = folder;
        this.sealer = sealer;
        this.settings = settings;
        segments = SegmentStore.open(folder.resolve("segments"), sealer);
        Map<Long, Path> left = logFiles();
        long generation = segments.lastGeneration();
        for (Map.Entry<Long, Path> file : left.entrySet()) {
            generation = Math.max(generation, file.getKey());
            recover(file.getKey(), file.getValue());
        }
        begin(generation + 1);
        writer = Thread.ofPlatform().name("log-writer").daemon(true).start(this::write);
        flusher = Thread.ofPlatform().name("log-segments").daemon(true).start(this::flush);
    }

    /**
     * How events become segments.
     *
     * @param tableBytes how much is kept in memory before it becomes segments
     * @param tableAge   how long at most
     */
    public record Settings(long tableBytes, Duration tableAge) {
        /** What suits a server. */
        public static final Settings DEFAULT = new Settings(64L << 20, Duration.ofMinutes(10));
    }

    /**
     * Opens the store in {@code folder}, which this process alone uses.
     *
     * @throws LogStoreException if what is there cannot be read
     */
    public static LogStore open(Path folder, KeySealer sealer, Settings settings) {
        try {
            Files.createDirectories(folder);
            return new LogStore(folder, sealer, settings);
        } catch (IOException failure) {
            throw new LogStoreException("log events cannot be kept in " + folder, failure);
        }
    }

    private Map<Long, Path> logFiles() throws IOException {
        Map<Long, Path> files = new java.util.TreeMap<>();
        for (Path file : Folders.files(folder)) {
            Matcher matcher = LOG_FILE.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                files.put(Long.parseLong(matcher.group(1)), file);
            }
        }
        return files;
    }

    /** Makes segments of what an earlier process had not made any of. */
    private void recover(long generation, Path file) throws IOException {
        if (!segments.hasAll(generation)) {
            MemoryTable recovered = new MemoryTable(generation);
            for (Batch batch : AppendLog.read(file, sealer)) {
                if (batch.rows() == 0) {
                    recovered.drop(batch.group());
                    segments.drop(batch.group());
                } else {
                    recovered.add(batch);
                }
            }
            segments.write(recovered, () -> {});
        }
        Files.delete(file);
        Folders.force(folder);
    }

    private void begin(long generation) throws IOException {
        log = AppendLog.create(folder.resolve(generation + ".log"), sealer, random);
        table = new MemoryTable(generation);
        tableSince = System.nanoTime();
        segments.lock().lock();
        try {
            tables.add(table);
        } finally {
            segments.lock().unlock();
        }
    }

    private record Pending(Batch batch, CompletableFuture<Void> written) {}

    /**
     * Appends events to a stream. They are on disk when this returns, all of them; after a failure some may be.
     *
     * @throws LogStoreException if they cannot be written
     */
    public void append(String group, String stream, long ingestedAt, List<LogEntry> entries) {
        if (!entries.isEmpty()) {
            submit(Batch.of(group, stream, ingestedAt, entries));
        }
    }

    private void submit(Batch batch) {
        Pending pending = new Pending(batch, new CompletableFuture<>());
        try {
            if (closing || !queue.offer(pending, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new LogStoreException(closing ? "the log is closed" : "the log has too much to write");
            }
            pending.written.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new LogStoreException("log events cannot be written", failure.getCause());
        } catch (TimeoutException failure) {
            throw new LogStoreException("log events were not written within " + LONGEST_WAIT_SECONDS + " s", failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new LogStoreException("interrupted while log events were written", interruption);
        }
    }

    /** The one thread that writes to the log. */
    private void write() {
        List<Pending> together = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Pending first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    long bytes = first.batch.bytes();
                    together.add(first);
                    for (Pending next = queue.peek();
                            next != null && bytes + next.batch.bytes() < LARGEST_WRITE;
                            next = queue.peek()) {
                        together.add(queue.remove());
                        bytes += next.batch.bytes();
                    }
                    write(together);
                }
                rollOver();
            } catch (InterruptedException stop) {
                closing = true;
            } catch (RuntimeException | IOException failure) {
                LOG.error("the log cannot go on for now", failure);
                together.forEach(pending -> pending.written.completeExceptionally(failure));
            }
            together.clear();
        }
    }

    private void write(List<Pending> together) throws IOException {
        if (table.bytes() > Math.max(MOST_OVERDUE * settings.tableBytes, LEAST_REFUSED)) {
            throw new IOException("the disk does not keep up with the log");
        }
        long sequence = (table.generation() << SEQUENCE_BITS) + table.events();
        List<Batch> numbered = new ArrayList<>(together.size());
        List<byte[]> encoded = new ArrayList<>(together.size());
        for (Pending pending : together) {
            Batch batch = pending.batch.at(sequence);
            sequence += batch.rows();
            numbered.add(batch);
            encoded.add(batch.encode());
        }
        try {
            log.write(encoded);
        } catch (IOException | RuntimeException failure) {
            // What the file ends in is not known now, so nothing more is written to it.
            abandon();
            throw failure;
        }
        for (int i = 0; i < numbered.size(); i++) {
            Batch batch = numbered.get(i);
            if (batch.rows() > 0) {
                table.add(batch);
            }
            together.get(i).written.complete(null);
        }
    }

    private void abandon() throws IOException {
        AppendLog broken = log;
        full.offer(table);
        begin(table.generation() + 1);
        broken.close();
    }

    private void rollOver() throws IOException {
        boolean due = table.bytes() >= settings.tableBytes
                || (table.bytes() > 0 && System.nanoTime() - tableSince > settings.tableAge.toNanos());
        if (due && full.offer(table)) {
            log.close();
            begin(table.generation() + 1);
        }
    }

    /** The one thread that makes segments. */
    private void flush() {
        while (!closing) {
            try {
                MemoryTable next = full.poll(100, TimeUnit.MILLISECONDS);
                while (next != null && !closing) {
                    next = flushed(next) ? null : next;
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private boolean flushed(MemoryTable next) throws InterruptedException {
        try {
            segments.write(next, () -> tables.remove(next));
            Files.deleteIfExists(folder.resolve(next.generation() + ".log"));
            Folders.force(folder);
            for (String group : next.groups()) {
                segments.merge(group);
            }
            return true;
        } catch (IOException | RuntimeException failure) {
            LOG.error("segments cannot be written; it is tried again", failure);
            if (!tables.contains(next)) {
                return true; // Only clearing up after it failed, which the next start does.
            }
            Thread.sleep(BETWEEN_ATTEMPTS);
            return false;
        }
    }

    /**
     * What a group has of a time, as it is now, to be closed.
     *
     * @param from    the earliest timestamp, in milliseconds since 1970
     * @param to      behind the latest timestamp
     * @param streams which of its streams
     */
    public EventScan scan(String group, long from, long to, Predicate<String> streams) {
        List<Batch> batches = new ArrayList<>();
        List<Segment> used;
        ReentrantLock lock = segments.lock();
        lock.lock();
        try {
            if (!segments.isDropped(group)) {
                tables.forEach(present -> batches.addAll(present.batches(group)));
            }
            used = segments.use(group, from, to);
        } finally {
            lock.unlock();
        }
        return new EventScan(batches, used, from, to, streams);
    }

    /** The same of one stream. */
    public EventScan scan(String group, String stream, long from, long to) {
        List<Batch> batches = new ArrayList<>();
        List<Segment> used;
        ReentrantLock lock = segments.lock();
        lock.lock();
        try {
            if (!segments.isDropped(group)) {
                tables.forEach(present -> batches.addAll(present.batches(group, stream)));
            }
            used = segments.use(group, from, to);
        } finally {
            lock.unlock();
        }
        return new EventScan(batches, used, from, to, stream::equals);
    }

    /** The streams of a group that have events. */
    public Map<String, StreamExtent> streams(String group) {
        Map<String, StreamExtent> extents = new HashMap<>();
        try (EventScan scan = scan(group, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)) {
            scan.extents(extents);
        }
        return extents;
    }

    /** What is known of one stream; nothing if it has no events. */
    public java.util.Optional<StreamExtent> stream(String group, String stream) {
        Map<String, StreamExtent> extents = new HashMap<>();
        try (EventScan scan = scan(group, stream, Long.MIN_VALUE, Long.MAX_VALUE)) {
            scan.extents(extents);
        }
        return java.util.Optional.ofNullable(extents.get(stream));
    }

    /** How many bytes the messages of a group have, and what each costs beside. */
    public long bytes(String group) {
        return segments.bytes(group)
                + tables.stream()
                        .flatMap(present -> present.batches(group).stream())
                        .mapToLong(Batch::bytes)
                        .sum();
    }

    /** Forgets all events of a group, which must never be appended to again. */
    public void drop(String group) {
        submit(Batch.of(group, "", 0, List.of()));
        try {
            segments.drop(group);
            tables.forEach(present -> present.drop(group));
        } catch (IOException failure) {
            throw new LogStoreException("the events of " + group + " cannot be deleted", failure);
        }
    }

    /** Deletes what is old: segments of {@code group} all of whose events happened before {@code timestamp}. */
    public void dropBefore(String group, long timestamp) {
        segments.dropBefore(group, timestamp);
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(LONGEST_WAIT_SECONDS));
            flusher.join(TimeUnit.SECONDS.toMillis(LONGEST_WAIT_SECONDS));
            log.close();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new LogStoreException("the log cannot be closed", failure);
        }
        for (Pending late = queue.poll(); late != null; late = queue.poll()) {
            late.written.completeExceptionally(new LogStoreException("the log is closed"));
        }
    }
}
