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
     * The entries of one kind in the order in which they arrived, those of all accounts, oldest first. An entry that is
     * not yet to be read never stands before one that is: who goes on from the last sequence misses none.
     *
     * @param after the sequence of the last entry that was read; 0 for the first
     * @param limit how many at most
     */
    List<Place> arrivals(String kind, long after, int limit);

    /** The sequence of the entry of one kind that arrived last; 0 if there is none. */
    long lastArrival(String kind);

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

    /** An entry and its place in the order of arrival. */
    record Place(JournalEntry entry, long sequence) {}
}
