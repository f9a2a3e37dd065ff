package dev.outcrop.storage.buckets;

import java.time.Instant;

/**
 * A part of an upload, or of the object that it became.
 *
 * @param number     1 to 10,000
 * @param object     the id of its bytes; empty where they are sealed
 * @param etag       without quotes
 * @param checksum   its own
 * @param sealed     the bytes themselves, encrypted, where they are few; empty where they are elsewhere
 */
public record Part(
        int number,
        String object,
        long size,
        String etag,
        ContentChecksum checksum,
        Instant modifiedAt,
        byte[] sealed) {
    /** Whether this is {@code other}: no other upload of the same number has come between. */
    boolean isSame(Part other) {
        return object.equals(other.object) && etag.equals(other.etag) && modifiedAt.equals(other.modifiedAt);
    }

    /** Whether the bytes are right here. */
    public boolean isSealed() {
        return sealed.length > 0;
    }
}
