package dev.outcrop.storage;

import java.time.Instant;
import java.util.List;

/** What happened, in the order of arrival; only ever added to, and dropped when old. Safe for concurrent use. */
public interface Journal extends AutoCloseable {
    /** Adds entries, all or none; they are on disk when this returns. */
    void append(List<JournalEntry> entries);

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
     * Drops what happened before {@code time}, except what arrived together with something later. To be called until
     * nothing is dropped any more.
     *
     * @param most how much to drop at most, so that writers never wait for long
     * @return how many rows were dropped
     */
    long deleteBefore(String kind, Instant time, int most);

    @Override
    void close();

    /** An entry and its place in the order of arrival. */
    record Place(JournalEntry entry, long sequence) {}
}
