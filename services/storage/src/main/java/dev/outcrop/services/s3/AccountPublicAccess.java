package dev.outcrop.services.s3;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

/** Block Public Access of accounts. Safe for concurrent use. */
public final class AccountPublicAccess {
    private final Records records;
    private final InstantSource clock;

    public AccountPublicAccess(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    private static RecordKey key(String account) {
        return new RecordKey("s3:account-public-access", account, "", "block");
    }

    /** What is set for {@code account}, if anything is. */
    public Optional<PublicAccessBlockConfiguration> find(String account) {
        return records.get(key(account))
                .map(record -> StoredShapes.read(record.body(), PublicAccessBlockConfiguration::builder));
    }

    /** Sets what holds for all buckets of {@code account}. */
    public void put(String account, PublicAccessBlockConfiguration configuration) {
        byte[] body = StoredShapes.write(configuration);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key(account));
            if (present.isPresent()) {
                transaction.update(key(account), present.get().version(), Optional.empty(), clock.instant(), body);
            } else {
                transaction.insert(key(account), "", Optional.empty(), clock.instant(), body);
            }
            return account;
        });
    }

    /** Sets nothing for {@code account} any more. */
    public void delete(String account) {
        records.write(transaction -> transaction.delete(key(account)));
    }
}
