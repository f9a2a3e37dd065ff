package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Uploads in parts. The parts of a complete one stay records of their own, so that a long object is no long record. */
public final class Uploads {
    private final Records records;
    private final ObjectVersions versions;

    public Uploads(Records records, ObjectVersions versions) {
        this.records = records;
        this.versions = versions;
    }

    /** The same, where {@code witness} sees what becomes of uploads. */
    public Uploads witnessedBy(ChangeWitness witness) {
        return new Uploads(records, versions.witnessedBy(witness));
    }

    /** @throws BucketMissingException if the bucket is gone */
    public void create(String bucket, Upload upload) {
        records.write(transaction -> {
            Buckets.required(transaction, bucket);
            transaction.insert(
                    key(bucket, upload.key(), upload.id()),
                    "",
                    Optional.empty(),
                    upload.startedAt(),
                    BodyCodec.write(upload));
            return upload;
        });
    }

    public Optional<Upload> find(String bucket, String key, String id) {
        return records.get(key(bucket, key, id)).map(Uploads::upload);
    }

    /**
     * Adds a part, or replaces the one of its number.
     *
     * @throws UploadMissingException if the upload is complete, or was aborted
     */
    public void put(String bucket, Upload upload, Part part) {
        records.write(transaction -> {
            required(transaction, bucket, upload);
            RecordKey key = partKey(upload.id(), part.number());
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                Garbage.add(transaction, BodyCodec.part(present.get().body()).object());
                transaction.update(
                        key, present.get().version(), Optional.empty(), part.modifiedAt(), BodyCodec.write(part));
            } else {
                transaction.insert(key, "", Optional.empty(), part.modifiedAt(), BodyCodec.write(part));
            }
            return part;
        });
    }

    /** The parts of an upload, or of the content that it became, with numbers above {@code after}. */
    public List<Part> parts(String upload, int after, int limit) {
        return records.list(Table.parts(upload).behind(number(after), limit)).stream()
                .map(record -> BodyCodec.part(record.body()))
                .toList();
    }

    /**
     * Makes an object of parts. Those that it does not use are dropped.
     *
     * @param parts as they were read, in their order
     * @throws UploadMissingException if the upload is complete, was aborted, or one of the parts was replaced
     */
    public ObjectVersion complete(
            String bucket,
            Upload upload,
            List<Part> parts,
            Content content,
            Consumer<Optional<ObjectVersion>> condition) {
        return records.write(transaction -> {
            required(transaction, bucket, upload);
            Map<Integer, Part> used = new HashMap<>();
            parts.forEach(part -> used.put(part.number(), part));
            for (StoredRecord record : stored(transaction, upload.id())) {
                Part part = BodyCodec.part(record.body());
                Part wanted = used.remove(part.number());
                if (wanted == null) {
                    transaction.delete(record.key());
                    Garbage.add(transaction, part.object());
                } else if (!wanted.isSame(part)) {
                    throw new UploadMissingException(upload.id());
                }
            }
            if (!used.isEmpty()) {
                throw new UploadMissingException(upload.id());
            }
            ObjectVersion made =
                    versions.put(transaction, bucket, upload.key(), false, content, upload.settings(), condition);
            transaction.delete(key(bucket, upload.key(), upload.id()));
            transaction.insert(
                    completedKey(bucket, upload.key(), upload.id()),
                    "",
                    Optional.empty(),
                    InstantSource.system().instant(),
                    BodyCodec.write(made.withSettings(ObjectSettings.NONE)));
            return made;
        });
    }

    /**
     * What an upload became that was completed no longer than a day ago, without its settings, so that a client that asks
     * again, since the answer was lost, is told the same.
     */
    public Optional<ObjectVersion> completed(String bucket, String key, String id) {
        return records.get(completedKey(bucket, key, id)).map(record -> BodyCodec.version(key, record.body()));
    }

    private static RecordKey completedKey(String bucket, String key, String id) {
        return Table.COMPLETED.key(bucket + "/" + Keys.id(key, id));
    }

    /** Drops an upload and its parts, and says whether it was there. */
    public boolean abort(String bucket, String key, String id) {
        return records.write(transaction -> {
            boolean present = transaction.delete(key(bucket, key, id));
            if (present) {
                discardParts(transaction, id);
            }
            return present;
        });
    }

    static void abortAll(RecordTransaction transaction, String bucket) {
        List<StoredRecord> page;
        do {
            page = transaction.list(Table.uploads(bucket).behind("", RecordQuery.MAXIMUM_LIMIT));
            for (StoredRecord record : page) {
                transaction.delete(record.key());
                discardParts(transaction, upload(record).id());
            }
        } while (page.size() == RecordQuery.MAXIMUM_LIMIT);
    }

    static void discardParts(RecordTransaction transaction, String id) {
        for (StoredRecord record : stored(transaction, id)) {
            transaction.delete(record.key());
            Garbage.add(transaction, BodyCodec.part(record.body()).object());
        }
    }

    /** There are no more than 10,000 parts. */
    private static List<StoredRecord> stored(RecordTransaction transaction, String id) {
        return transaction.list(Table.parts(id).behind("", RecordQuery.MAXIMUM_LIMIT));
    }

    private static void required(RecordTransaction transaction, String bucket, Upload upload) {
        if (transaction.get(key(bucket, upload.key(), upload.id())).isEmpty()) {
            throw new UploadMissingException(upload.id());
        }
    }

    static Upload upload(StoredRecord record) {
        return BodyCodec.upload(Keys.key(record.key().id()), record.body());
    }

    private static RecordKey key(String bucket, String key, String id) {
        return Table.uploads(bucket).key(Keys.id(key, id));
    }

    private static RecordKey partKey(String upload, int number) {
        return Table.parts(upload).key(number(number));
    }

    private static String number(int number) {
        return "%05d".formatted(number);
    }
}
