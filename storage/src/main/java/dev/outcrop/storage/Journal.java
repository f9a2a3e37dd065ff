package dev.outcrop.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened, in the order of time; only ever added to, and dropped when old. Safe for concurrent use. */
public interface Journal extends AutoCloseable {
    /** Adds entries, all or none; they are on disk when this returns. */
    void append(List<JournalEntry> entries);

    /** The entries of the query, newest first. */
    List<Place> read(JournalQuery query);

    /**
     * Drops what happened before {@code time}, and says how many entries that were.
     *
     * @param most how many to drop at most, so that writers never wait for long
     */
    long deleteBefore(String kind, Instant time, int most);

    @Override
    void close();

    /**
     * Which entries to read.
     *
     * @param from   the earliest time, inclusive
     * @param to     the latest time, exclusive
     * @param before where the previous page ended
     * @param limit  how many at most
     */
    record JournalQuery(String kind, String account, Instant from, Instant to, Optional<Place> before, int limit) {}

    /** An entry and its place among those of the same millisecond. */
    record Place(JournalEntry entry, long sequence) {}
}
