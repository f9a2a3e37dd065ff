package dev.outcrop.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/** Records as they are on disk, in memory while there is room for them. */
final class RecordCache {
    private static final long ROOM = 32L << 20;
    /** What a record without a body takes, roughly. */
    private static final int OVERHEAD = 400;
    /** Larger ones are read from the disk each time. */
    private static final int LARGEST_BODY = 1 << 16;

    private static final int STRIPES = 1 << 10;

    private final Cache<RecordKey, StoredRecord> records = Caffeine.newBuilder()
            .maximumWeight(ROOM)
            .weigher((RecordKey _, StoredRecord record) -> OVERHEAD + record.body().length)
            .executor(Runnable::run)
            .build();
    /** How often something has changed among the keys of a stripe. */
    private final AtomicLongArray changes = new AtomicLongArray(STRIPES);

    /** The record under {@code key}, read by {@code reader} if it is not in memory. */
    Optional<StoredRecord> get(RecordKey key, Function<RecordKey, Optional<StoredRecord>> reader) {
        StoredRecord present = records.getIfPresent(key);
        if (present != null) {
            return Optional.of(present);
        }
        int stripe = stripe(key);
        long before = changes.get(stripe);
        Optional<StoredRecord> read = reader.apply(key);
        if (read.isPresent() && read.get().body().length <= LARGEST_BODY) {
            // What was changed while it was read may be old: drop() counts first and removes then, and both this and
            // the
            // removal have the key's lock.
            records.asMap().compute(key, (_, kept) -> changes.get(stripe) == before ? read.get() : kept);
        }
        return read;
    }

    private static int stripe(RecordKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }

    /** Forgets what has changed on disk. */
    void drop(List<RecordKey> keys) {
        for (RecordKey key : keys) {
            changes.incrementAndGet(stripe(key));
            records.invalidate(key);
        }
    }
}
