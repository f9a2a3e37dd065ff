package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages that are yet to be delivered, each written down by the transaction that it tells of, until it is said that it
 * was delivered: at least once, also after a crash. Safe for concurrent use.
 */
public final class Deliveries {
    private static final String SEPARATOR = "\n";

    /** Tells the messages of one millisecond apart, in their order. */
    private static final AtomicLong COUNT = new AtomicLong();

    private final Records records;

    public Deliveries(Records records) {
        this.records = records;
    }

    /**
     * A message on the list.
     *
     * @param bucket      whose events it tells of
     * @param destination its ARN
     */
    public record Message(String id, Instant at, String bucket, String destination, String text) {}

    /** Adds a message. */
    public static void add(RecordTransaction transaction, Instant now, String bucket, String destination, String text) {
        String id = "%016x-%016x-%s".formatted(now.toEpochMilli(), COUNT.getAndIncrement(), UUID.randomUUID());
        transaction.insert(
                Table.DELIVERIES.key(id),
                "",
                Optional.empty(),
                now,
                String.join(SEPARATOR, bucket, destination, text).getBytes(StandardCharsets.UTF_8));
    }

    /** The messages that have waited longest behind {@code after}, the first of them first; empty for all. */
    public List<Message> behind(String after, int limit) {
        RecordQuery query = after.isEmpty()
                ? RecordQuery.all(Table.DELIVERIES.type(), limit)
                : Table.DELIVERIES.behind(after, limit);
        return records.list(query).stream().map(Deliveries::message).toList();
    }

    private static Message message(StoredRecord record) {
        String[] parts = new String(record.body(), StandardCharsets.UTF_8).split(SEPARATOR, 3);
        return new Message(record.key().id(), record.createdAt(), parts[0], parts[1], parts[2]);
    }

    /** Takes a message off the list. */
    public void end(Message message) {
        RecordKey key = Table.DELIVERIES.key(message.id());
        records.write(transaction -> transaction.delete(key));
    }
}
