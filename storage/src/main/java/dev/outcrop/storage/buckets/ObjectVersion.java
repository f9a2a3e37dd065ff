package dev.outcrop.storage.buckets;

import java.time.Instant;

/**
 * One version of what is under a key.
 *
 * @param id           {@link #NULL} for what was written while the bucket did not keep versions
 * @param sequence     greater than that of every older version of the key
 * @param deleteMarker whether it says that the key was deleted; then it has no content
 */
public record ObjectVersion(
        String key,
        String id,
        long sequence,
        Instant modifiedAt,
        boolean deleteMarker,
        Content content,
        ObjectSettings settings) {
    /** The id of the version that a bucket has at most one of a key. */
    public static final String NULL = "null";

    ObjectVersion withSequence(long changed) {
        return new ObjectVersion(key, id, changed, modifiedAt, deleteMarker, content, settings);
    }

    /** A copy with other bytes and settings. */
    public ObjectVersion with(Content otherContent, ObjectSettings otherSettings) {
        return new ObjectVersion(key, id, sequence, modifiedAt, deleteMarker, otherContent, otherSettings);
    }

    public ObjectVersion withSettings(ObjectSettings changed) {
        return new ObjectVersion(key, id, sequence, modifiedAt, deleteMarker, content, changed);
    }
}
