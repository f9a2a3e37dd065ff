package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * The events in archives, in the order of their times. How many there are and how large they are together is counted in
 * the transactions that add and drop them, so that it is always right.
 */
final class ArchivedEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ArchivedEvents.class);
    private static final String EVENT = "events:archived-event";
    private static final String CONTENT = "events:archive-content";
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int BATCH = 500;

    private final Records records;
    private final RuleStore store;
    private final EventKeys keys;
    private final InstantSource clock;

    ArchivedEvents(Records records, RuleStore store, EventKeys keys, InstantSource clock) {
        this.records = records;
        this.store = store;
        this.keys = keys;
        this.clock = clock;
    }

    /** An archive. */
    record Name(String account, String region, String name) {
        static Name ofArn(String arn) {
            String[] parts = arn.split(":", 6);
            if (parts.length < 6 || !parts[2].equals("events") || !parts[5].startsWith("archive/")) {
                throw Errors.invalid("Parameter EventSourceArn is not valid. Reason: Must contain an archive arn.");
            }
            return new Name(parts[4], parts[3], parts[5].substring("archive/".length()));
        }

        String arn() {
            return "arn:aws:events:" + region + ":" + account + ":archive/" + name;
        }

        private RecordKey content() {
            return new RecordKey(CONTENT, account, region, name);
        }
    }

    /** How many events, and how many bytes they have together. */
    record Content(long count, long bytes) {
        private static final Content NOTHING = new Content(0, 0);

        private Content plus(long moreCount, long moreBytes) {
            return new Content(count + moreCount, bytes + moreBytes);
        }

        private byte[] write() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(count)
                    .putLong(bytes)
                    .array();
        }

        private static Content read(byte[] body) {
            ByteBuffer buffer = ByteBuffer.wrap(body);
            return new Content(buffer.getLong(), buffer.getLong());
        }
    }

    /** An event and where it stands in its archive. */
    record Kept(String place, BusEvent event) {}

    Content content(Name archive) {
        return records.get(archive.content())
                .map(record -> Content.read(record.body()))
                .orElse(Content.NOTHING);
    }

    /** What is kept of an event of that time. */
    record Written(Instant time, byte[] body) {}

    /** What is to be kept of an event, under the archive's key; nothing if that cannot be used. */
    Optional<Written> written(BusName bus, DescribeArchiveResponse archive, BusEvent event) {
        Optional<String> key = Optional.ofNullable(archive.kmsKeyIdentifier());
        try {
            return Optional.of(
                    new Written(event.time(), keys.sealed(bus, key, event.text().getBytes(UTF_8))));
        } catch (KmsException refusal) {
            LOG.warn("an event cannot be encrypted for {}: {}", archive.archiveArn(), refusal.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps an event with {@code transaction}. */
    void add(RecordTransaction transaction, DescribeArchiveResponse archive, Written event) {
        Name name = Name.ofArn(archive.archiveArn());
        byte[] body = event.body();
        String id = name.name() + ":" + place(event.time()) + UUID.randomUUID();
        transaction.insert(
                new RecordKey(EVENT, name.account(), name.region(), id),
                name.name(),
                Optional.empty(),
                clock.instant(),
                body);
        count(transaction, name, 1, body.length);
    }

    private static String place(Instant time) {
        return "%016x-".formatted(time.toEpochMilli());
    }

    private void count(RecordTransaction transaction, Name archive, long count, long bytes) {
        Optional<StoredRecord> present = transaction.get(archive.content());
        Content changed = present.map(record -> Content.read(record.body()))
                .orElse(Content.NOTHING)
                .plus(count, bytes);
        if (present.isEmpty()) {
            transaction.insert(archive.content(), "", Optional.empty(), clock.instant(), changed.write());
        } else {
            transaction.update(
                    archive.content(), present.get().version(), Optional.empty(), clock.instant(), changed.write());
        }
    }

    /**
     * Some events of an archive in the order of their times.
     *
     * @param after where the last one stood; empty for the first from {@code from} on
     * @param until when they must have happened before
     */
    List<Kept> read(Name archive, Optional<String> after, Instant from, Instant until, int most) {
        String begin = archive.name() + ":" + after.orElseGet(() -> place(from));
        String end = archive.name() + ":" + place(until);
        RecordQuery query = new RecordQuery(
                EVENT,
                Optional.of(archive.account()),
                Optional.of(archive.region()),
                Optional.empty(),
                RecordQuery.Order.ID,
                Optional.of(new RecordQuery.Cursor(Instant.EPOCH, archive.account(), archive.region(), begin)),
                most);
        return records.list(query).stream()
                .filter(record -> record.key().id().compareTo(end) < 0)
                .map(record -> new Kept(
                        record.key().id().substring(archive.name().length() + 1), event(keys.opened(record.body()))))
                .toList();
    }

    private static BusEvent event(byte[] body) {
        try {
            return BusEvent.read(new String(body, UTF_8));
        } catch (IOException damaged) {
            throw new UncheckedIOException("an archived event cannot be read", damaged);
        }
    }

    Chore chore() {
        return new Chore("events-archives", INTERVAL, this::run);
    }

    /** Drops what is older than its archive keeps, and what is left of archives that are gone. */
    void run(BooleanSupplier ending) {
        List<StoredRecord> contents = records.all(CONTENT, Optional.empty()).toList();
        for (StoredRecord content : contents) {
            Name name = new Name(
                    content.key().account(),
                    content.key().region(),
                    content.key().id());
            Optional<DescribeArchiveResponse> archive = store.findArchive(name.account(), name.region(), name.name());
            Optional<Instant> before = archive.isEmpty()
                    ? Optional.of(Instant.ofEpochMilli(Long.MAX_VALUE))
                    : Optional.ofNullable(archive.get().retentionDays())
                            .filter(days -> days > 0)
                            .map(days -> clock.instant().minus(Duration.ofDays(days)));
            boolean more = before.isPresent();
            while (more && !ending.getAsBoolean()) {
                more = drop(name, before.get()) == BATCH;
            }
            if (archive.isEmpty() && content(name).count() == 0) {
                records.write(transaction -> transaction.delete(name.content()));
            }
        }
    }

    private int drop(Name archive, Instant before) {
        List<StoredRecord> old = new ArrayList<>(records.list(new RecordQuery(
                EVENT,
                Optional.of(archive.account()),
                Optional.of(archive.region()),
                Optional.of(archive.name()),
                RecordQuery.Order.OLDEST_FIRST,
                Optional.empty(),
                BATCH)));
        old.removeIf(record -> !record.createdAt().isBefore(before));
        records.write(transaction -> {
            long bytes = 0;
            long count = 0;
            for (StoredRecord record : old) {
                if (transaction.delete(record.key())) {
                    count++;
                    bytes += record.body().length;
                }
            }
            count(transaction, archive, -count, -bytes);
            return null;
        });
        return old.size();
    }
}
