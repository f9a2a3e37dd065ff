package dev.outcrop.storage.buckets;

import java.time.Instant;

/**
 * An upload in parts that is not complete.
 *
 * @param algorithm the checksum that its parts have; empty for none asked for
 * @param composite whether the whole gets a checksum of checksums
 */
public record Upload(
        String key, String id, Instant startedAt, String algorithm, boolean composite, ObjectSettings settings) {
    public Upload withSettings(ObjectSettings changed) {
        return new Upload(key, id, startedAt, algorithm, composite, changed);
    }
}
