package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.ObjectSettings;
import dev.outcrop.storage.buckets.ObjectVersion;

/** What a bucket's configurations add to every version that comes into it, however it comes. */
final class NewVersions {
    private final ObjectLocks locks;
    private final ReplicationConfigurations replications;
    private final LifecycleConfigurations lifecycles;

    NewVersions(ObjectLocks locks, ReplicationConfigurations replications, LifecycleConfigurations lifecycles) {
        this.locks = locks;
        this.replications = replications;
        this.lifecycles = lifecycles;
    }

    /** What is kept with a version that comes with {@code settings}: the bucket's retention, and whether it is copied. */
    ObjectSettings settings(Bucket bucket, String key, ObjectSettings settings) {
        return replications.marked(bucket, key, locks.withDefault(bucket, settings), false);
    }

    /** The same for a delete marker. */
    ObjectSettings ofMarker(Bucket bucket, String key) {
        return replications.marked(bucket, key, ObjectSettings.NONE, true);
    }

    /** What the header {@code x-amz-expiration} says of it; null for nothing. */
    String expiration(Bucket bucket, ObjectVersion version) {
        return lifecycles.expirationHeader(bucket, version).orElse(null);
    }
}
