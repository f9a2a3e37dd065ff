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

/**
 * Versions that are yet to be copied to other buckets. A version is on the list from the transaction that makes it, if its
 * settings say {@link #STATUS} is {@link #PENDING}, until it is said what became of it. Safe for concurrent use.
 */
public final class Replications {
    /** The setting that says how far a version's copies are. */
    public static final String STATUS = "ReplicationStatus";

    public static final String PENDING = "PENDING";

    private final Records records;
    private final ObjectVersions versions;

    public Replications(Records records, ObjectVersions versions) {
        this.records = records;
        this.versions = versions;
    }

    /** A version on the list. */
    public record Pending(String bucket, String key, String version) {
        RecordKey record() {
            return Table.REPLICATION.key(bucket + "/" + Keys.id(key, version));
        }
    }

    static void add(RecordTransaction transaction, String bucket, ObjectVersion version) {
        if (!PENDING.equals(version.settings().headers().get(STATUS))) {
            return;
        }
        RecordKey key = new Pending(bucket, version.key(), version.id()).record();
        // Where a bucket has ceased to keep versions, the one without an id may be on the list already.
        if (transaction.get(key).isEmpty()) {
            transaction.insert(key, "", Optional.empty(), InstantSource.system().instant(), new byte[0]);
        }
    }

    /** Those that have waited longest. */
    public List<Pending> oldest(int limit) {
        return records
                .list(new RecordQuery(
                        Table.REPLICATION.type(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        RecordQuery.Order.OLDEST_FIRST,
                        Optional.empty(),
                        limit))
                .stream()
                .map(Replications::pending)
                .toList();
    }

    private static Pending pending(StoredRecord record) {
        String id = record.key().id();
        int slash = id.indexOf('/');
        String place = id.substring(slash + 1);
        return new Pending(id.substring(0, slash), Keys.key(place), Keys.suffix(place));
    }

    /** Takes a version off the list, and has it say what became of its copies. */
    public void end(Pending pending, String status, ChangeWitness witness) {
        versions.witnessedBy(witness)
                .update(pending.bucket(), pending.key(), Optional.of(pending.version()), settings -> {
                    Map<String, String> headers = new HashMap<>(settings.headers());
                    headers.put(STATUS, status);
                    return settings.withHeaders(headers);
                });
        records.write(transaction -> transaction.delete(pending.record()));
    }
}
