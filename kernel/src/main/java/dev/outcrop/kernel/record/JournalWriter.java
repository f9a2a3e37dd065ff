package dev.outcrop.kernel.record;

import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happened to the journal in batches, on a thread of its own. What was handed over is on disk
 * {@link #LONGEST_DELAY} later at the latest, and all of it once this is closed. When the disk cannot keep up, whoever
 * hands over waits; when it has failed for as long as {@link #LONGEST_WAIT}, it is counted as lost.
 */
public final class JournalWriter<T> implements AutoCloseable {
    /** The most that a crash can cost. */
    public static final Duration LONGEST_DELAY = Duration.ofMillis(500);
    /** How long it is waited for room in a full queue. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(25);

    private final Journal journal;
    private final Function<List<T>, List<JournalEntry>> entries;
    private final Function<T, String> name;
    private final BlockingQueue<T> queue;
    private final int largestBatch;
    private final LongAdder lost = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Begins to write.
     *
     * @param threadName   for people
     * @param queueLength  how many wait at most
     * @param largestBatch how many are written at once at most
     * @param entries      what is written of a batch; asked on this writer's thread
     * @param name         what one is called in the log if it is lost
     */
    public JournalWriter(
            String threadName,
            Journal journal,
            int queueLength,
            int largestBatch,
            Function<List<T>, List<JournalEntry>> entries,
            Function<T, String> name) {
        this.journal = journal;
        this.entries = entries;
        this.name = name;
        this.largestBatch = largestBatch;
        queue = new ArrayBlockingQueue<>(queueLength);
        thread = Thread.ofPlatform().name(threadName).daemon(true).start(this::run);
    }

    /** Hands over what is to be written; false if it is lost. */
    public boolean write(T happened) {
        if (queue.offer(happened)) {
            return true;
        }
        try {
            if (!closing && queue.offer(happened, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            LOG.error("no record is kept of {}", name.apply(happened));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        lost.increment();
        return false;
    }

    /** How many left no record because the journal could not be written. */
    public long lost() {
        return lost.sum();
    }

    private void run() {
        List<T> batch = new ArrayList<>(largestBatch);
        boolean more = true;
        while (more) {
            boolean last = closing;
            try {
                if (!last) {
                    gather(batch);
                }
            } catch (InterruptedException wakened) {
                // Closing: write what is left at once.
            }
            queue.drainTo(batch, largestBatch - batch.size());
            write(batch);
            batch.clear();
            more = !last || !queue.isEmpty();
        }
    }

    /** Waits for a first one, and then for a batch worth writing, but not for long: few stay in memory. */
    private void gather(List<T> batch) throws InterruptedException {
        batch.add(queue.take());
        long deadline = System.nanoTime() + LONGEST_DELAY.toNanos() / 2;
        while (queue.size() < largestBatch / 4 && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    private void write(List<T> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<JournalEntry> written = entries.apply(batch);
        if (written.isEmpty()) {
            return;
        }
        for (int attempt = 1; attempt <= 3; attempt++) {
            try {
                journal.append(written);
                return;
            } catch (StorageException failure) {
                LOG.error("the journal cannot be written, attempt {} of 3", attempt, failure);
                pause(attempt);
            }
        }
        lost.add(batch.size());
    }

    private void pause(int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(200L * attempt);
        } catch (InterruptedException wakened) {
            LOG.debug("closing while the journal fails");
        }
    }

    /** Writes all that was handed over, and ends. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
        if (!queue.isEmpty()) {
            LOG.error("{} records could not be written before the end", queue.size());
        }
    }
}
