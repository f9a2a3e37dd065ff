package dev.outcrop.kernel.record;

import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes audit events and usage entries to the journal, by a {@link JournalWriter}. When the disk cannot keep up, callers
 * wait; when it has failed for as long as {@link #LONGEST_WAIT}, the call is served and counted as lost.
 */
public final class Recording implements CallRecorder, AutoCloseable {
    /** The most that a crash can cost. */
    public static final Duration LONGEST_DELAY = JournalWriter.LONGEST_DELAY;
    /** How long a call waits for room in a full queue. */
    public static final Duration LONGEST_WAIT = JournalWriter.LONGEST_WAIT;

    private static final int QUEUE_LENGTH = 32_768;
    private static final int LARGEST_BATCH = 2048;

    private final AuditEvents auditEvents;
    private final UsageEntries usageEntries;
    private final JournalWriter<CallRecord> writer;

    public Recording(Journal journal, AuditEvents auditEvents, UsageEntries usageEntries) {
        this.auditEvents = auditEvents;
        this.usageEntries = usageEntries;
        writer = new JournalWriter<>(
                "outcrop-recorder",
                journal,
                QUEUE_LENGTH,
                LARGEST_BATCH,
                this::entries,
                call -> "request " + call.context().requestId());
    }

    @Override
    public void record(CallRecord call) {
        writer.write(call);
    }

    /** How many calls left no record because the journal could not be written. */
    public long lost() {
        return writer.lost();
    }

    private List<JournalEntry> entries(List<CallRecord> batch) {
        List<JournalEntry> entries = new ArrayList<>(batch.size() + 16);
        for (CallRecord call : batch) {
            entries.addAll(auditEvents.entries(call));
        }
        entries.addAll(usageEntries.entries(batch));
        return entries;
    }

    /** Writes all that was recorded, and ends. */
    @Override
    public void close() {
        writer.close();
    }
}
