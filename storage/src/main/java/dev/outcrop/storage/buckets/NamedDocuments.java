package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Documents of buckets that there are many of, by kind and id. They go with their bucket. Safe for concurrent use. */
public final class NamedDocuments {
    private static final char BEHIND_KIND = '/';

    private final Records records;

    public NamedDocuments(Records records) {
        this.records = records;
    }

    /** A document with its id. */
    public record Document(String id, byte[] body) {}

    public Optional<byte[]> find(String bucket, String kind, String id) {
        return records.get(key(bucket, kind, id)).map(StoredRecord::body);
    }

    /**
     * Adds or replaces a document.
     *
     * @param most how many of the kind there may be
     * @return whether there was room for it
     * @throws BucketMissingException if the bucket is gone
     */
    public boolean put(String bucket, String kind, String id, byte[] body, int most) {
        return records.write(transaction -> {
            Buckets.required(transaction, bucket);
            RecordKey key = key(bucket, kind, id);
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(
                        key,
                        present.get().version(),
                        Optional.empty(),
                        present.get().updatedAt(),
                        body);
                return true;
            }
            long count = transaction.list(Table.documents(bucket).behind(kind, RecordQuery.MAXIMUM_LIMIT)).stream()
                    .filter(record -> isOf(record, kind))
                    .count();
            if (count >= most) {
                return false;
            }
            transaction.insert(key, "", Optional.empty(), InstantSource.system().instant(), body);
            return true;
        });
    }

    /** Removes a document, and says whether it was there. */
    public boolean delete(String bucket, String kind, String id) {
        return records.write(transaction -> transaction.delete(key(bucket, kind, id)));
    }

    /** The documents of a kind in the order of their ids, behind {@code after}. */
    public List<Document> list(String bucket, String kind, String after, int limit) {
        return records.list(Table.documents(bucket).behind(kind + BEHIND_KIND + after, limit)).stream()
                .filter(record -> isOf(record, kind))
                .map(record -> new Document(record.key().id().substring(kind.length() + 1), record.body()))
                .toList();
    }

    static void deleteAll(RecordTransaction transaction, String bucket) {
        transaction
                .list(Table.documents(bucket).behind("", RecordQuery.MAXIMUM_LIMIT))
                .forEach(record -> transaction.delete(record.key()));
    }

    private static boolean isOf(StoredRecord record, String kind) {
        return record.key().id().startsWith(kind + BEHIND_KIND);
    }

    private static RecordKey key(String bucket, String kind, String id) {
        return Table.documents(bucket).key(kind + BEHIND_KIND + id);
    }
}
