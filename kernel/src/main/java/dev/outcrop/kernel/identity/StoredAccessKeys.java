package dev.outcrop.kernel.identity;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.StoredRecord;
import dev.outcrop.storage.WrongMasterKeyException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The root access keys that are kept, their secrets encrypted. What was asked once is answered from memory. */
public final class StoredAccessKeys implements AccessKeys {
    private static final String TYPE = "outcrop:root-access-key";
    private static final int LARGEST_CACHE = 10_000;

    private final Records records;
    private final Secrets secrets;
    private final ConcurrentMap<String, AccessKey> cache = new ConcurrentHashMap<>();

    public StoredAccessKeys(Records records, Secrets secrets) {
        this.records = records;
        this.secrets = secrets;
        records.watch(TYPE, key -> cache.remove(key.id()), cache::clear);
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        AccessKey cached = cache.get(accessKeyId);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<AccessKey> stored = records.get(key(accessKeyId)).map(this::read);
        if (stored.isPresent() && cache.size() < LARGEST_CACHE) {
            cache.put(accessKeyId, stored.get());
        }
        return stored;
    }

    /** The root key of {@code account}, made at the first time that it is asked for. */
    public AccessKey rootKey(String account, Ids ids, InstantSource clock) {
        for (int attempt = 0; attempt < 2; attempt++) {
            Optional<AccessKey> present =
                    records.named(TYPE, "", "", "", account).map(this::read);
            if (present.isPresent()) {
                return present.get();
            }
            String accessKeyId = ids.accessKeyId();
            byte[] secret = ids.secretAccessKey().getBytes(StandardCharsets.US_ASCII);
            try {
                records.write(transaction -> {
                    transaction.insert(
                            key(accessKeyId),
                            "",
                            Optional.of(account),
                            clock.instant(),
                            secrets.encrypt(secret, TYPE + accessKeyId));
                    return null;
                });
            } catch (DuplicateRecordException another) {
                // Another server on the same database was faster: the next look finds its key.
            }
        }
        return records.named(TYPE, "", "", "", account)
                .map(this::read)
                .orElseThrow(() -> new StorageException("the root key of " + account + " cannot be found"));
    }

    private static RecordKey key(String accessKeyId) {
        return new RecordKey(TYPE, "", "", accessKeyId);
    }

    private AccessKey read(StoredRecord record) {
        String id = record.key().id();
        try {
            String secret = new String(secrets.decrypt(record.body(), TYPE + id), StandardCharsets.US_ASCII);
            String account = record.name().orElseThrow();
            return new AccessKey(
                    id, secret, Principal.root(account, Optional.of(id)), Optional.empty(), Optional.empty());
        } catch (GeneralSecurityException failure) {
            throw new WrongMasterKeyException("access key " + id + " was encrypted under another master key", failure);
        }
    }
}
