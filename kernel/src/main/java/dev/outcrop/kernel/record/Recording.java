package dev.outcrop.kernel.record;

import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audit events and usage entries to the journal in batches, on a thread of its own. What was recorded is on disk
 * {@link #LONGEST_DELAY} later at the latest, and all of it once this is closed. When the disk cannot keep up, callers
 * wait; when it has failed for as long as {@link #LONGEST_WAIT}, the call is served and counted as lost.
 */
public final class Recording implements CallRecorder, AutoCloseable {
    /** The most that a crash can cost. */
    public static final Duration LONGEST_DELAY = Duration.ofMillis(500);
    /** How long a call waits for room in a full queue. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Recording.class);
    private static final int QUEUE_LENGTH = 32_768;
    private static final int LARGEST_BATCH = 2048;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(25);

    private final Journal journal;
    private final AuditEvents auditEvents;
    private final UsageEntries usageEntries;
    private final BlockingQueue<CallRecord> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final LongAdder lost = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    public Recording(Journal journal, AuditEvents auditEvents, UsageEntries usageEntries) {
        this.journal = journal;
        this.auditEvents = auditEvents;
        this.usageEntries = usageEntries;
        thread = Thread.ofPlatform().name("outcrop-recorder").daemon(true).start(this::run);
    }

    @Override
    public void record(CallRecord call) {
        if (queue.offer(call)) {
            return;
        }
        try {
            if (closing || !queue.offer(call, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                lost.increment();
                LOG.error("no record is kept of request {}", call.context().requestId());
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            lost.increment();
        }
    }

    /** How many calls left no record because the journal could not be written. */
    public long lost() {
        return lost.sum();
    }

    private void run() {
        List<CallRecord> batch = new ArrayList<>(LARGEST_BATCH);
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
            queue.drainTo(batch, LARGEST_BATCH - batch.size());
            write(batch);
            batch.clear();
            more = !last || !queue.isEmpty();
        }
    }

    /** Waits for a first record, and then for a batch worth writing, but not for long: few records stay in memory. */
    private void gather(List<CallRecord> batch) throws InterruptedException {
        batch.add(queue.take());
        long deadline = System.nanoTime() + LONGEST_DELAY.toNanos() / 2;
        while (queue.size() < LARGEST_BATCH / 4 && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    private void write(List<CallRecord> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<JournalEntry> entries = new ArrayList<>(batch.size() + 16);
        for (CallRecord call : batch) {
            entries.addAll(auditEvents.entries(call));
        }
        entries.addAll(usageEntries.entries(batch));
        for (int attempt = 1; attempt <= 3; attempt++) {
            try {
                journal.append(entries);
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

    /** Writes all that was recorded, and ends. */
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
