package dev.outcrop.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A record as it was read.
 *
 * @param parent    id of what it belongs to, or the empty string
 * @param name      a name that no other record of its type, account, region and parent has, if it has one
 * @param version   1 when inserted, one more at each update
 * @param createdAt in milliseconds
 * @param updatedAt in milliseconds
 * @param body      its content, not to be changed
 */
public record StoredRecord(
        RecordKey key,
        String parent,
        Optional<String> name,
        long version,
        Instant createdAt,
        Instant updatedAt,
        byte[] body) {}
