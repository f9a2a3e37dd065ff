package dev.outcrop.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Small documents under a key, with names, versions and pages. Safe for concurrent use. */
public interface Records extends AutoCloseable {
    /** How many records {@link #all} holds at once. */
    int PAGE = 1000;

    /** The record under {@code key} as it was last written. */
    Optional<StoredRecord> get(RecordKey key);

    /** The record with a unique name. */
    Optional<StoredRecord> named(String type, String account, String region, String parent, String name);

    /** Records in the order of the query. */
    List<StoredRecord> list(RecordQuery query);

    /**
     * All records of {@code type} in the order of their ids, read some at a time while they are consumed, so that they may
     * be changed meanwhile.
     *
     * @param account whose; empty for everyone's
     */
    default Stream<StoredRecord> all(String type, Optional<String> account) {
        return Stream.iterate(
                        page(type, account, Optional.empty()),
                        page -> !page.isEmpty(),
                        page -> page(type, account, Optional.of(RecordQuery.Cursor.behind(page.getLast()))))
                .flatMap(List::stream);
    }

    private List<StoredRecord> page(String type, Optional<String> account, Optional<RecordQuery.Cursor> after) {
        return list(
                new RecordQuery(type, account, Optional.empty(), Optional.empty(), RecordQuery.Order.ID, after, PAGE));
    }

    /**
     * Runs {@code body} in a transaction. When this returns, what it changed is on disk; when it throws, nothing was
     * changed. Only one body runs at a time against the same records, so it must not wait for anything; on PostgreSQL it
     * may run several times.
     *
     * @return what {@code body} returned
     * @throws StorageException if the outcome could not be made sure of
     */
    <T> T write(Function<RecordTransaction, T> body);

    /**
     * Has {@code listener} called with the key of every record of {@code type} that this or another server changes,
     * so that caches can drop it. Called before the change is acknowledged where the change is this server's own. Where
     * news from another server may have been lost, {@code lost} runs instead: everything may have changed.
     */
    void watch(String type, Consumer<RecordKey> listener, Runnable lost);

    @Override
    void close();
}
