package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudtrail.model.ImportNotFoundException;

/** The imports of the account and region of the call. */
final class ImportStore {
    private static final String TYPE = "cloudtrail:import";

    private final Records records;
    private final InstantSource clock;

    ImportStore(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }

    StoredImport get(String id) {
        return records.get(key(id))
                .map(record -> StoredImport.read(record.body()))
                .orElseThrow(() -> missing(id));
    }

    static ImportNotFoundException missing(String id) {
        return ImportNotFoundException.builder()
                .message("The specified import was not found: " + id)
                .build();
    }

    void insert(String id, StoredImport started) {
        RecordKey key = key(id);
        records.write(transaction -> {
            transaction.insert(key, "", Optional.empty(), clock.instant(), started.write());
            return null;
        });
    }

    /** Changes an import, and gives what it has become. */
    StoredImport update(String id, UnaryOperator<StoredImport> change) {
        RecordKey key = key(id);
        return records.write(transaction -> {
            StoredRecord present = transaction.get(key).orElseThrow(() -> missing(id));
            StoredImport changed = change.apply(StoredImport.read(present.body()))
                    .with(told -> told.updatedTimestamp(clock.instant()));
            transaction.update(key, present.version(), Optional.empty(), clock.instant(), changed.write());
            return changed;
        });
    }

    /** Whether files are being imported into the event data store with {@code arn}. */
    boolean isOngoingInto(String arn) {
        return all().stream()
                .anyMatch(one -> one.isOngoing() && one.told().destinations().contains(arn));
    }

    /** The newest first. */
    List<StoredImport> all() {
        CallContext call = CallContext.current();
        return records.all(TYPE, Optional.of(call.account()))
                .filter(record -> record.key().region().equals(call.region()))
                .map(record -> StoredImport.read(record.body()))
                .sorted(Comparator.comparing((StoredImport one) -> one.told().createdTimestamp())
                        .reversed())
                .toList();
    }
}
