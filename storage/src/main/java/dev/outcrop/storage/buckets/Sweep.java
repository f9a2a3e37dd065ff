package dev.outcrop.storage.buckets;

import dev.outcrop.storage.Objects;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds files that no record names, such as a kill between the writing of a file and of its record leaves behind. A file is
 * deleted only if it is more than a day old and two sweeps, at least some hours apart, have found that nothing refers to
 * it. Holds eight bytes a file in memory.
 */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration YOUNG = Duration.ofDays(1);
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(6);
    private static final int PAGE = 1000;

    private final Records records;
    private final Objects objects;
    private final References references;
    private final InstantSource clock;

    public Sweep(Records records, Objects objects, InstantSource clock) {
        this.records = records;
        this.objects = objects;
        this.clock = clock;
        references = new References(records);
    }

    /** What a sweep did. */
    public record Result(int suspected, int deleted) {}

    /** Sweeps, and writes into the log what it found. */
    public void run(BooleanSupplier ending) {
        Result result = sweep(ending);
        if (result.suspected() > 0 || result.deleted() > 0) {
            LOG.warn(
                    "files of objects that nothing refers to: {} found, to be looked at again; {} deleted",
                    result.suspected(),
                    result.deleted());
        }
    }

    Result sweep(BooleanSupplier ending) {
        Instant now = clock.instant();
        Identifiers unnamed = new Identifiers();
        objects.forEachBefore(now.minus(YOUNG), unnamed::add);
        unnamed.sort();
        boolean complete = references.forEach(reference -> unnamed.strike(reference.file()), ending)
                && strikeGarbage(unnamed, ending);
        if (!complete) {
            return new Result(0, 0);
        }
        Set<String> left = new HashSet<>();
        objects.forEachBefore(now.minus(YOUNG), id -> {
            if (unnamed.isLeft(id)) {
                left.add(id);
            }
        });
        return judge(left, now);
    }

    /** What is on the list of what is to be deleted needs nobody else to delete it. */
    private boolean strikeGarbage(Identifiers unnamed, BooleanSupplier ending) {
        return page(Table.GARBAGE, ending, record -> unnamed.strike(record.key().id()));
    }

    private boolean page(Table table, BooleanSupplier ending, Consumer<StoredRecord> visit) {
        String place = "";
        List<StoredRecord> page;
        do {
            page = records.list(table.behind(place, PAGE));
            page.forEach(visit);
            place = page.isEmpty() ? place : page.getLast().key().id();
        } while (page.size() == PAGE && !ending.getAsBoolean());
        return page.size() < PAGE;
    }

    private Result judge(Set<String> left, Instant now) {
        Set<String> known = new HashSet<>();
        Set<String> condemned = new HashSet<>();
        page(Table.SUSPECTS, () -> false, record -> {
            String id = record.key().id();
            known.add(id);
            if (left.contains(id) && !record.createdAt().isAfter(now.minus(BETWEEN_SWEEPS))) {
                condemned.add(id);
            }
        });
        condemned.forEach(objects::delete);
        Set<String> fresh = new HashSet<>(left);
        fresh.removeAll(known);
        records.write(transaction -> {
            for (StoredRecord record : transaction.list(RecordQuery.all(Table.SUSPECTS.type(), PAGE))) {
                String id = record.key().id();
                if (condemned.contains(id) || !left.contains(id)) {
                    transaction.delete(record.key());
                }
            }
            fresh.stream()
                    .limit(PAGE)
                    .forEach(id -> transaction.insert(Table.SUSPECTS.key(id), "", Optional.empty(), now, new byte[0]));
            return null;
        });
        return new Result(left.size() - condemned.size(), condemned.size());
    }

    /** Ids of files by the first half of their bits, of which some are struck off. */
    private static final class Identifiers {
        private long[] values = new long[1024];
        private int count;
        private boolean[] struck = {};

        void add(String id) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = half(id);
        }

        void sort() {
            Arrays.sort(values, 0, count);
            struck = new boolean[count];
        }

        /** Where two ids begin alike, both are spared. */
        void strike(String id) {
            int place = Arrays.binarySearch(values, 0, count, half(id));
            if (place >= 0) {
                struck[place] = true;
            }
        }

        boolean isLeft(String id) {
            int place = Arrays.binarySearch(values, 0, count, half(id));
            return place >= 0 && !struck[place];
        }

        private static long half(String id) {
            return Long.parseUnsignedLong(id.substring(0, 16), 16);
        }
    }
}
