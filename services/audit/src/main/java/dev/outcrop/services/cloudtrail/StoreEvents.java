package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The events of event data stores, which keep them longer than the history does: each store's are a kind of their own in
 * the journal. With an event stands the sequence that it had in the history, so that after a crash copying goes on behind
 * the last one that arrived here. What two servers copied at once stands here twice, and by that sequence is read once.
 */
final class StoreEvents {
    private static final int MOST_AT_ONCE = 2000;
    private static final int MOST_DELETED = 2000;

    private static final long IMPORTED = 0;

    private final Journal journal;

    StoreEvents(Journal journal) {
        this.journal = journal;
    }

    private static String kind(String store) {
        return "lake:" + store;
    }

    /** An event of a store: its place in the store's order, and where in {@code body} its JSON begins. */
    record StoreEvent(long sequence, byte[] body) {
        static final int OFFSET = Long.BYTES;

        /** The sequence that it had in the history. */
        long source() {
            return ByteBuffer.wrap(body).getLong();
        }

        boolean isImported() {
            return source() == IMPORTED;
        }
    }

    /**
     * Copies some of the events behind {@code after} that {@code takes} takes.
     *
     * @return the sequence to go on behind; {@code after} itself if there is nothing more
     */
    long copy(String store, String account, long after, long until, Predicate<AuditEvent> takes) {
        List<Journal.Place> last = journal.arrivals(kind(store), journal.lastArrival(kind(store)) - 1, 1);
        long copied = last.isEmpty()
                ? after
                : Math.max(after, ByteBuffer.wrap(last.getLast().entry().body()).getLong());
        List<JournalEntry> taken = new ArrayList<>();
        long read = copied;
        for (Journal.Place place : journal.arrivals(AuditEvents.KIND, copied, MOST_AT_ONCE)) {
            if (place.sequence() > until) {
                break;
            }
            read = place.sequence();
            JournalEntry entry = place.entry();
            if (entry.account().equals(account) && takes.test(AuditEvent.read(entry.body()))) {
                byte[] body = ByteBuffer.allocate(Long.BYTES + entry.body().length)
                        .putLong(place.sequence())
                        .put(entry.body())
                        .array();
                taken.add(new JournalEntry(kind(store), account, entry.time(), body));
            }
        }
        if (!taken.isEmpty()) {
            journal.append(taken);
        }
        return read;
    }

    /** Adds events that are not of the history: they stand here as if from before it. */
    void add(String store, String account, List<ImportedFile.Event> imported) {
        for (int from = 0; from < imported.size(); from += MOST_AT_ONCE) {
            journal.append(imported.subList(from, Math.min(imported.size(), from + MOST_AT_ONCE)).stream()
                    .map(event -> new JournalEntry(
                            kind(store),
                            account,
                            event.time(),
                            ByteBuffer.allocate(Long.BYTES + event.json().length)
                                    .putLong(IMPORTED)
                                    .put(event.json())
                                    .array()))
                    .toList());
        }
    }

    /** What arrived in a store behind {@code after}, oldest first. */
    List<StoreEvent> arrivals(String store, long after, int limit) {
        return journal.arrivals(kind(store), after, limit).stream()
                .map(place -> new StoreEvent(place.sequence(), place.entry().body()))
                .toList();
    }

    /** Drops what is older than {@code time}. */
    void deleteBefore(String store, Instant time) {
        long deleted;
        do {
            deleted = journal.deleteBefore(kind(store), time, MOST_DELETED);
        } while (deleted > 0);
    }

    /** Drops all that a store has. */
    void deleteAll(String store) {
        deleteBefore(store, Instant.ofEpochMilli(Long.MAX_VALUE));
    }
}
