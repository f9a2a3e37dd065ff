package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The buckets of everyone. Safe for concurrent use. */
public final class Buckets {
    private static final int PAGE = 1000;

    private final Records records;

    public Buckets(Records records) {
        this.records = records;
    }

    public Optional<Bucket> find(String name) {
        return records.get(Table.BUCKETS.key(name)).map(Buckets::bucket);
    }

    /** Adds a bucket, unless there is one of its name: then gives that. */
    public Optional<Bucket> create(Bucket bucket) {
        return records.write(transaction -> {
            Optional<Bucket> present =
                    transaction.get(Table.BUCKETS.key(bucket.name())).map(Buckets::bucket);
            if (present.isEmpty()) {
                transaction.insert(
                        Table.BUCKETS.key(bucket.name()),
                        "",
                        Optional.empty(),
                        bucket.createdAt(),
                        BodyCodec.write(bucket));
            }
            return present;
        });
    }

    /**
     * Changes a bucket.
     *
     * @throws BucketMissingException if there is none
     */
    public void update(String name, UnaryOperator<Bucket> change) {
        records.write(transaction -> {
            StoredRecord record = stored(transaction, name);
            transaction.update(
                    record.key(),
                    record.version(),
                    Optional.empty(),
                    record.updatedAt(),
                    BodyCodec.write(change.apply(bucket(record))));
            return name;
        });
    }

    /**
     * Removes a bucket if it holds nothing, together with uploads that were begun in it.
     *
     * @return whether it held nothing
     * @throws BucketMissingException if there is none
     */
    public boolean delete(String name) {
        return records.write(transaction -> {
            stored(transaction, name);
            boolean empty = transaction.list(Table.current(name).behind("", 1)).isEmpty()
                    && transaction.list(Table.older(name).behind("", 1)).isEmpty();
            if (empty) {
                Uploads.abortAll(transaction, name);
                NamedDocuments.deleteAll(transaction, name);
                transaction.delete(Table.BUCKETS.key(name));
                transaction.delete(Table.SCRUBBED.key(name));
            }
            return empty;
        });
    }

    /**
     * Has {@code changed} called with the name of every bucket that is made, changed or removed, or {@code lost} where some
     * may have been missed.
     */
    public void watch(Consumer<String> changed, Runnable lost) {
        records.watch(Table.BUCKETS.type(), key -> changed.accept(key.id()), lost);
    }

    /** The buckets of everyone in the order of their names, behind {@code after}. */
    public List<Bucket> all(String after, int limit) {
        return records.list(Table.BUCKETS.behind(after, limit)).stream()
                .map(Buckets::bucket)
                .toList();
    }

    /** The buckets of an account in the order of their names, behind {@code after}. */
    public List<Bucket> list(String owner, String prefix, String after, int limit) {
        List<Bucket> found = new ArrayList<>();
        String place = after.compareTo(prefix) < 0 ? before(prefix) : after;
        while (found.size() < limit) {
            List<StoredRecord> page = records.list(Table.BUCKETS.behind(place, PAGE));
            for (StoredRecord record : page) {
                if (!record.key().id().startsWith(prefix)) {
                    return found;
                }
                Bucket bucket = bucket(record);
                if (bucket.owner().equals(owner) && found.size() < limit) {
                    found.add(bucket);
                }
            }
            if (page.size() < PAGE) {
                return found;
            }
            place = page.getLast().key().id();
        }
        return found;
    }

    /** A place right before the names that begin with {@code prefix}, since they are letters and digits. */
    private static String before(String prefix) {
        return prefix.isEmpty()
                ? ""
                : prefix.substring(0, prefix.length() - 1)
                        + (char) (prefix.charAt(prefix.length() - 1) - 1)
                        + Character.toString(Character.MAX_CODE_POINT);
    }

    /** The bucket as the transaction sees it. */
    static Bucket required(RecordTransaction transaction, String name) {
        return bucket(stored(transaction, name));
    }

    private static StoredRecord stored(RecordTransaction transaction, String name) {
        return transaction.get(Table.BUCKETS.key(name)).orElseThrow(() -> new BucketMissingException(name));
    }

    private static Bucket bucket(StoredRecord record) {
        return BodyCodec.bucket(record.key().id(), record.body());
    }
}
