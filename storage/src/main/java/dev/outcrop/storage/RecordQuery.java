package dev.outcrop.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * Which records to read, in which order.
 *
 * @param account whose; empty for everyone's
 * @param region  where; empty for everywhere
 * @param parent  of which parent; empty for all
 * @param after   where the previous page ended
 * @param limit   how many at most, 1 to 10,000
 */
public record RecordQuery(
        String type,
        Optional<String> account,
        Optional<String> region,
        Optional<String> parent,
        Order order,
        Optional<Cursor> after,
        int limit) {
    /** The most records that one query gives. */
    public static final int MAXIMUM_LIMIT = 10_000;

    public RecordQuery {
        if (limit < 1 || limit > MAXIMUM_LIMIT) {
            throw new IllegalArgumentException("limit must be between 1 and " + MAXIMUM_LIMIT + ", but is " + limit);
        }
    }

    /** All records of {@code type}, by id, from the first on. */
    public static RecordQuery all(String type, int limit) {
        return new RecordQuery(
                type, Optional.empty(), Optional.empty(), Optional.empty(), Order.ID, Optional.empty(), limit);
    }

    /** The orders that are stable while records come and go. */
    public enum Order {
        ID,
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /** A place between two records. */
    public record Cursor(Instant createdAt, String account, String region, String id) {
        /** The place right behind {@code record}. */
        public static Cursor behind(StoredRecord record) {
            RecordKey key = record.key();
            return new Cursor(record.createdAt(), key.account(), key.region(), key.id());
        }
    }
}
