package dev.outcrop.storage.buckets;

import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What is under the keys of buckets. Every change happens in one transaction that sees the bucket's versioning and what is
 * under the key, so that conditions hold when they are acted upon. Safe for concurrent use.
 */
public final class ObjectVersions {
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    private static final int ID_LENGTH = 32;

    private final Records records;
    private final InstantSource clock;
    private final SecureRandom random;
    private final ChangeWitness witness;

    public ObjectVersions(Records records, InstantSource clock) {
        this(records, clock, new SecureRandom(), ChangeWitness.NONE);
    }

    private ObjectVersions(Records records, InstantSource clock, SecureRandom random, ChangeWitness witness) {
        this.records = records;
        this.clock = clock;
        this.random = random;
        this.witness = witness;
    }

    /** The same, where {@code other} sees what is changed. */
    public ObjectVersions witnessedBy(ChangeWitness other) {
        return new ObjectVersions(records, clock, random, other);
    }

    /** The newest version under a key, which may be a delete marker. */
    public Optional<ObjectVersion> current(String bucket, String key) {
        return records.get(Table.current(bucket).key(Keys.id(key))).map(ObjectVersions::version);
    }

    /** One version of a key. */
    public Optional<ObjectVersion> version(String bucket, String key, String id) {
        Optional<ObjectVersion> current = current(bucket, key);
        if (current.isPresent() && current.get().id().equals(id)) {
            return current;
        }
        Optional<ObjectVersion> older = records.named(Table.older(bucket).type(), "", "", "", Keys.id(key, id))
                .map(ObjectVersions::version);
        // It may have become an older one, or the current one again, between the two looks.
        return older.or(
                () -> current(bucket, key).filter(version -> version.id().equals(id)));
    }

    /**
     * Puts content under a key.
     *
     * @param condition sees what is under the key, and throws if that must not be overwritten
     * @throws BucketMissingException if the bucket is gone
     */
    public ObjectVersion put(
            String bucket,
            String key,
            Content content,
            ObjectSettings settings,
            Consumer<Optional<ObjectVersion>> condition) {
        return records.write(transaction -> put(transaction, bucket, key, false, content, settings, condition));
    }

    /**
     * Puts a copy of another bucket's version, under the same id.
     *
     * @return the copy; empty if it is there already, or the bucket keeps no versions
     * @throws BucketMissingException if the bucket is gone
     */
    public Optional<ObjectVersion> replicate(String bucket, ObjectVersion copy) {
        return records.write(transaction -> {
            Bucket into = Buckets.required(transaction, bucket);
            Optional<StoredRecord> stored =
                    transaction.get(Table.current(bucket).key(Keys.id(copy.key())));
            boolean present = stored.map(ObjectVersions::version)
                            .filter(version -> version.id().equals(copy.id()))
                            .isPresent()
                    || older(transaction, bucket, copy.key(), copy.id()).isPresent();
            return present || into.versioning() != Versioning.ENABLED
                    ? Optional.empty()
                    : Optional.of(add(transaction, into, stored, copy));
        });
    }

    ObjectVersion put(
            RecordTransaction transaction,
            String bucket,
            String key,
            boolean deleteMarker,
            Content content,
            ObjectSettings settings,
            Consumer<Optional<ObjectVersion>> condition) {
        Bucket into = Buckets.required(transaction, bucket);
        Optional<StoredRecord> stored = transaction.get(Table.current(bucket).key(Keys.id(key)));
        Optional<ObjectVersion> current = stored.map(ObjectVersions::version);
        condition.accept(current);
        Instant now = clock.instant();
        String id = into.versioning() == Versioning.ENABLED ? newId() : ObjectVersion.NULL;
        ObjectVersion added = new ObjectVersion(key, id, 0, now, deleteMarker, content, settings);
        return add(transaction, into, stored, added);
    }

    /**
     * Makes {@code version} the current one of its key; its sequence is found here.
     *
     * @param stored what is under the key
     */
    private ObjectVersion add(
            RecordTransaction transaction, Bucket into, Optional<StoredRecord> stored, ObjectVersion version) {
        String bucket = into.name();
        String key = version.key();
        Optional<ObjectVersion> current = stored.map(ObjectVersions::version);
        Instant now = version.modifiedAt();
        long sequence = Math.max(
                now.toEpochMilli() * 1000, current.map(ObjectVersion::sequence).orElse(0L) + 1);
        ObjectVersion added = version.withSequence(sequence);
        Replications.add(transaction, bucket, added);
        witness.saw(transaction, into, added);
        if (into.versioning() == Versioning.SUSPENDED) {
            removeOlder(transaction, bucket, key, ObjectVersion.NULL);
        }
        if (stored.isEmpty()) {
            insertCurrent(transaction, bucket, added);
            return added;
        }
        if (current.get().id().equals(added.id())) {
            discard(transaction, current.get().content());
        } else {
            insertOlder(transaction, bucket, current.get());
        }
        transaction.update(stored.get().key(), stored.get().version(), Optional.empty(), now, BodyCodec.write(added));
        return added;
    }

    /**
     * Deletes what is under a key, as far as the bucket does not keep it.
     *
     * @param settings  of the delete marker, if one is made
     * @param condition sees what is under the key, and throws if that must not be deleted
     * @return the delete marker, if one was made
     */
    public Optional<ObjectVersion> delete(
            String bucket, String key, ObjectSettings settings, Consumer<Optional<ObjectVersion>> condition) {
        return records.write(transaction -> {
            Bucket from = Buckets.required(transaction, bucket);
            if (from.versioning() != Versioning.NEVER) {
                return Optional.of(put(transaction, bucket, key, true, Content.NONE, settings, condition));
            }
            Optional<ObjectVersion> current =
                    transaction.get(Table.current(bucket).key(Keys.id(key))).map(ObjectVersions::version);
            condition.accept(current);
            current.ifPresent(version -> {
                transaction.delete(Table.current(bucket).key(Keys.id(key)));
                discard(transaction, version.content());
                witness.saw(transaction, from, version);
            });
            return Optional.empty();
        });
    }

    /**
     * Removes one version for good; the newest of the others is then the current one.
     *
     * @param condition sees the version, if it exists, and throws if it must not be deleted
     * @return what was removed, if it was there
     */
    public Optional<ObjectVersion> deleteVersion(
            String bucket, String key, String id, Consumer<Optional<ObjectVersion>> condition) {
        return records.write(transaction -> {
            Bucket from = Buckets.required(transaction, bucket);
            Optional<StoredRecord> stored =
                    transaction.get(Table.current(bucket).key(Keys.id(key)));
            Optional<ObjectVersion> current = stored.map(ObjectVersions::version);
            if (current.isEmpty() || !current.get().id().equals(id)) {
                condition.accept(older(transaction, bucket, key, id).map(ObjectVersions::version));
                Optional<ObjectVersion> removed = removeOlder(transaction, bucket, key, id);
                removed.ifPresent(version -> witness.saw(transaction, from, version));
                return removed;
            }
            condition.accept(current);
            transaction.delete(stored.get().key());
            discard(transaction, current.get().content());
            newestOlder(transaction, bucket, key).ifPresent(next -> {
                transaction.delete(next.key());
                insertCurrent(transaction, bucket, version(next));
            });
            witness.saw(transaction, from, current.get());
            return current;
        });
    }

    /**
     * Changes what is kept with the bytes of a version.
     *
     * @param id the version; empty for the current one
     * @return the version as it now is; empty if there is none
     */
    public Optional<ObjectVersion> update(
            String bucket, String key, Optional<String> id, UnaryOperator<ObjectSettings> change) {
        return records.write(transaction -> {
            Optional<StoredRecord> current = transaction
                    .get(Table.current(bucket).key(Keys.id(key)))
                    .filter(stored -> id.isEmpty() || version(stored).id().equals(id.get()));
            Optional<StoredRecord> found =
                    current.isPresent() || id.isEmpty() ? current : older(transaction, bucket, key, id.get());
            return found.map(stored -> changed(transaction, bucket, stored, change));
        });
    }

    /** The same for a version that was read before, if nothing has come in its place: it then is left as it is. */
    public Optional<ObjectVersion> update(String bucket, ObjectVersion seen, UnaryOperator<ObjectSettings> change) {
        return records.write(transaction -> transaction
                .get(Table.current(bucket).key(Keys.id(seen.key())))
                .filter(stored -> isSame(version(stored), seen))
                .or(() -> older(transaction, bucket, seen.key(), seen.id())
                        .filter(stored -> isSame(version(stored), seen)))
                .map(stored -> changed(transaction, bucket, stored, change)));
    }

    private static boolean isSame(ObjectVersion version, ObjectVersion seen) {
        return version.id().equals(seen.id()) && version.sequence() == seen.sequence();
    }

    private ObjectVersion changed(
            RecordTransaction transaction, String bucket, StoredRecord stored, UnaryOperator<ObjectSettings> change) {
        ObjectVersion before = version(stored);
        ObjectVersion after = before.withSettings(change.apply(before.settings()));
        transaction.update(stored.key(), stored.version(), stored.name(), stored.updatedAt(), BodyCodec.write(after));
        if (!witness.equals(ChangeWitness.NONE)) {
            witness.saw(transaction, Buckets.required(transaction, bucket), after);
        }
        return after;
    }

    private static void insertCurrent(RecordTransaction transaction, String bucket, ObjectVersion version) {
        transaction.insert(
                Table.current(bucket).key(Keys.id(version.key())),
                "",
                Optional.empty(),
                version.modifiedAt(),
                BodyCodec.write(version));
    }

    private static void insertOlder(RecordTransaction transaction, String bucket, ObjectVersion version) {
        transaction.insert(
                Table.older(bucket).key(Keys.id(version.key(), age(version.sequence()))),
                "",
                Optional.of(Keys.id(version.key(), version.id())),
                version.modifiedAt(),
                BodyCodec.write(version));
    }

    /** Later versions come first. */
    static String age(long sequence) {
        return "%016x".formatted(Long.MAX_VALUE - sequence);
    }

    private static Optional<StoredRecord> older(RecordTransaction transaction, String bucket, String key, String id) {
        return transaction.named(Table.older(bucket).type(), "", "", "", Keys.id(key, id));
    }

    private static Optional<StoredRecord> newestOlder(RecordTransaction transaction, String bucket, String key) {
        List<StoredRecord> next = transaction.list(Table.older(bucket).behind(Keys.id(key), 1));
        return next.stream()
                .filter(record -> record.key().id().startsWith(Keys.id(key)))
                .findFirst();
    }

    private static Optional<ObjectVersion> removeOlder(
            RecordTransaction transaction, String bucket, String key, String id) {
        return older(transaction, bucket, key, id).map(stored -> {
            ObjectVersion removed = version(stored);
            transaction.delete(stored.key());
            discard(transaction, removed.content());
            return removed;
        });
    }

    private static void discard(RecordTransaction transaction, Content content) {
        if (content.parts() > 0) {
            Uploads.discardParts(transaction, content.id());
        } else {
            Garbage.add(transaction, content.id());
        }
    }

    static ObjectVersion version(StoredRecord record) {
        return BodyCodec.version(Keys.key(record.key().id()), record.body());
    }

    private String newId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }
}
