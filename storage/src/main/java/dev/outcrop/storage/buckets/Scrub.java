package dev.outcrop.storage.buckets;

import dev.outcrop.storage.ObjectMissingException;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every file that a record names, to find what is missing or damaged before somebody wants it. One bucket after the
 * other, some each time, so that all of them are gone through about once a month; it reads no faster than a disk can do
 * beside its work. Nothing is ever deleted: what it finds is in the log, and in {@link #damages}.
 */
public final class Scrub {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final Duration BETWEEN_VISITS = Duration.ofDays(30);
    private static final long BYTES_PER_SECOND = 32L << 20;
    private static final int PAGE = 1000;

    private final Records records;
    private final Objects objects;
    private final References references;
    private final InstantSource clock;
    private final long bytesPerSecond;

    public Scrub(Records records, Objects objects, InstantSource clock) {
        this(records, objects, clock, BYTES_PER_SECOND);
    }

    Scrub(Records records, Objects objects, InstantSource clock, long bytesPerSecond) {
        this.records = records;
        this.objects = objects;
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        references = new References(records);
    }

    /**
     * An object that cannot be read.
     *
     * @param version of the key; empty for a part of an upload that is not complete
     */
    public record Damage(String bucket, String key, String version, String reason) {}

    /** Goes through the buckets whose turn it is. */
    public void run(BooleanSupplier ending) {
        String place = "";
        List<StoredRecord> page;
        do {
            page = records.list(Table.BUCKETS.behind(place, PAGE));
            for (StoredRecord record : page) {
                place = record.key().id();
                if (isDue(place) && !ending.getAsBoolean()) {
                    bucket(place, ending);
                }
            }
        } while (page.size() == PAGE && !ending.getAsBoolean());
    }

    private boolean isDue(String bucket) {
        return records.get(Table.SCRUBBED.key(bucket))
                .filter(visit -> visit.updatedAt().plus(BETWEEN_VISITS).isAfter(clock.instant()))
                .isEmpty();
    }

    private void bucket(String bucket, BooleanSupplier ending) {
        Pace pace = new Pace(bytesPerSecond);
        List<Damage> found = new ArrayList<>();
        boolean complete = references.bucket(
                bucket,
                reference -> {
                    read(reference).ifPresent(reason -> {
                        Damage damage = new Damage(bucket, reference.key(), reference.version(), reason);
                        if (!found.contains(damage)) {
                            found.add(damage);
                            LOG.error(
                                    "object {} in bucket {}, version {}: {}",
                                    reference.key(),
                                    bucket,
                                    reference.version(),
                                    reason);
                        }
                    });
                    pace.wait(reference.size(), ending);
                },
                ending);
        if (complete) {
            write(bucket, found);
        }
    }

    /** Why a file cannot be read; empty if it can, or if nothing refers to it any more. */
    private Optional<String> read(References.Reference reference) {
        try (InputStream content = objects.read(reference.file(), 0, Long.MAX_VALUE)) {
            long size = content.transferTo(OutputStream.nullOutputStream());
            return size == reference.size()
                    ? Optional.empty()
                    : Optional.of("its file holds " + size + " bytes in place of " + reference.size());
        } catch (ObjectMissingException missing) {
            return isStillReferred(reference) ? Optional.of("its file is missing") : Optional.empty();
        } catch (IOException | StorageException damaged) {
            return Optional.of("its file is damaged: " + damaged.getMessage());
        }
    }

    private boolean isStillReferred(References.Reference reference) {
        boolean[] found = {false};
        references.bucket(
                reference.bucket(), again -> found[0] |= again.file().equals(reference.file()), () -> found[0]);
        return found[0];
    }

    private void write(String bucket, List<Damage> found) {
        Instant now = clock.instant();
        byte[] body = BodyCodec.write(found);
        RecordKey key = Table.SCRUBBED.key(bucket);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), now, body);
            } else {
                transaction.insert(key, "", Optional.empty(), now, body);
            }
            return null;
        });
    }

    /** What the last visit of a bucket found. */
    public List<Damage> damages(String bucket) {
        return records.get(Table.SCRUBBED.key(bucket))
                .map(record -> BodyCodec.damages(bucket, record.body()))
                .orElse(List.of());
    }

    /** Keeps reading from being faster than it may. */
    private static final class Pace {
        private static final long LONGEST_NAP_MILLIS = 500;

        private final long bytesPerSecond;
        private long debtMillis;

        Pace(long bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
        }

        void wait(long bytes, BooleanSupplier ending) {
            debtMillis += bytes * 1000 / bytesPerSecond;
            try {
                while (debtMillis >= LONGEST_NAP_MILLIS && !ending.getAsBoolean()) {
                    Thread.sleep(LONGEST_NAP_MILLIS);
                    debtMillis -= LONGEST_NAP_MILLIS;
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
