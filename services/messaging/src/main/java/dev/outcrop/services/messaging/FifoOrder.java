package dev.outcrop.services.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The order of what is sent to FIFO queues and topics, and what was sent to them lately, in records.
 *
 * <p>Source: "Exactly-once processing in Amazon SQS" of the Amazon SQS developer guide.
 */
public final class FifoOrder {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final String sequences;
    private final String deduplication;
    private final InstantSource clock;

    /** @param service such as {@code sqs}, whose records these are */
    public FifoOrder(String service, InstantSource clock) {
        sequences = service + ":sequence";
        deduplication = service + ":deduplication";
        this.clock = clock;
    }

    /** A queue or topic. */
    public record Place(String account, String region, String uid) {}

    /** What was made of a message when it was sent first. */
    public record First(String id, long sequence) {}

    /** The type of the records of what was sent lately, whose parents are the uids. */
    public String deduplicationType() {
        return deduplication;
    }

    /** What comes next, one more each time, without gaps. */
    public long next(RecordTransaction transaction, Place place) {
        RecordKey key = new RecordKey(sequences, place.account, place.region, place.uid);
        Optional<StoredRecord> present = transaction.get(key);
        long next =
                present.map(record -> ByteBuffer.wrap(record.body()).getLong()).orElse(0L) + 1;
        byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(next).array();
        if (present.isEmpty()) {
            transaction.insert(key, place.uid, Optional.empty(), clock.instant(), body);
        } else {
            transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
        }
        return next;
    }

    /** What was sent within five minutes under the same id. */
    public Optional<First> first(RecordTransaction transaction, Place place, String scope, String id) {
        RecordKey key = key(place, scope, id);
        Optional<StoredRecord> before = transaction.get(key);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        if (before.get().createdAt().plus(REMEMBERED).isAfter(clock.instant())) {
            String[] first = new String(before.get().body(), UTF_8).split(" ", 2);
            return Optional.of(new First(first[1], Long.parseLong(first[0])));
        }
        transaction.delete(key);
        return Optional.empty();
    }

    /** Has what is sent under {@code id} be known for five minutes. */
    public void remember(RecordTransaction transaction, Place place, String scope, String id, First first) {
        byte[] told = (first.sequence + " " + first.id).getBytes(UTF_8);
        transaction.insert(key(place, scope, id), place.uid, Optional.empty(), clock.instant(), told);
    }

    private RecordKey key(Place place, String scope, String id) {
        return new RecordKey(deduplication, place.account, place.region, place.uid + "/" + scope + "/" + id);
    }

    /** Forgets the order of a place that is gone. */
    public void forget(RecordTransaction transaction, Place place) {
        transaction.delete(new RecordKey(sequences, place.account, place.region, place.uid));
    }

    /** Removes what was sent so long ago that it may be sent again, and says how many records that were. */
    public int clean(Records records, int most) {
        return records.write(transaction ->
                transaction.deleteCreatedBefore(deduplication, clock.instant().minus(REMEMBERED), most));
    }

    /** AWS's form of a place in the order: twenty digits. */
    public static String number(long sequence) {
        String digits = Long.toString(sequence);
        return "1" + "0".repeat(19 - digits.length()) + digits;
    }
}
