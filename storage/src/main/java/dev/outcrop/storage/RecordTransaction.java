package dev.outcrop.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads and changes that happen together or not at all. Only valid inside {@link Records#write}. */
public interface RecordTransaction {
    Optional<StoredRecord> get(RecordKey key);

    /** The record with a unique name. */
    Optional<StoredRecord> named(String type, String account, String region, String parent, String name);

    List<StoredRecord> list(RecordQuery query);

    /**
     * Adds a record; its version is 1.
     *
     * @throws DuplicateRecordException if the id or the name is taken
     */
    void insert(RecordKey key, String parent, Optional<String> name, Instant createdAt, byte[] body);

    /**
     * Changes a record, whose version then is one more.
     *
     * @param version the version that was read
     * @throws StaleRecordException     if the record has another version by now, or is gone
     * @throws DuplicateRecordException if the name is taken
     */
    void update(RecordKey key, long version, Optional<String> name, Instant updatedAt, byte[] body);

    /** Removes a record, and says whether it was there. */
    boolean delete(RecordKey key);

    /** Removes at most {@code limit} records of {@code type} created before {@code instant}, and says how many. */
    int deleteCreatedBefore(String type, Instant instant, int limit);
}
