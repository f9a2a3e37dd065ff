package dev.outcrop.storage.buckets;

import dev.outcrop.storage.Objects;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Contents that nothing refers to any more. They are deleted some time later, so that whoever is reading them can go on,
 * and so that a crash in between leaves none behind.
 */
public final class Garbage {
    private static final int PAGE = 500;
    private static final Duration COMPLETED_FOR = Duration.ofDays(1);

    private final Records records;
    private final Objects objects;
    private final Duration grace;
    private final InstantSource clock;

    /** @param grace how long after a content is not referred to any more it is deleted */
    public Garbage(Records records, Objects objects, Duration grace, InstantSource clock) {
        this.records = records;
        this.objects = objects;
        this.grace = grace;
        this.clock = clock;
    }

    /** The time in the record is that of the machine, as is the one that it is compared with. */
    static void add(RecordTransaction transaction, String object) {
        if (object.isEmpty()) {
            return; // Its bytes were in the record that is gone.
        }
        transaction.insert(
                Table.GARBAGE.key(object),
                "",
                Optional.empty(),
                InstantSource.system().instant(),
                new byte[0]);
    }

    /** Deletes what has waited long enough, and forgets which uploads were completed longer than a day ago. */
    public void collect(BooleanSupplier ending) {
        Instant yesterday = clock.instant().minus(COMPLETED_FOR);
        while (!ending.getAsBoolean()
                && records.write(
                                transaction -> transaction.deleteCreatedBefore(Table.COMPLETED.type(), yesterday, PAGE))
                        == PAGE) {
            // Until there are no more.
        }
        Instant before = clock.instant().minus(grace);
        while (!ending.getAsBoolean()) {
            List<StoredRecord> page = records
                    .list(new RecordQuery(
                            Table.GARBAGE.type(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            RecordQuery.Order.OLDEST_FIRST,
                            Optional.empty(),
                            PAGE))
                    .stream()
                    .filter(record -> record.createdAt().isBefore(before))
                    .toList();
            if (page.isEmpty()) {
                return;
            }
            page.forEach(record -> objects.delete(record.key().id()));
            records.write(transaction -> {
                page.forEach(record -> transaction.delete(record.key()));
                return page.size();
            });
        }
    }
}
