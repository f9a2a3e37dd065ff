package dev.outcrop.services.iam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Things of the call's account for which the SDK has no shape: Java records, kept as JSON under an id.
 *
 * @param <T> a record of texts, numbers, truth values, and lists and records of those
 */
final class IamRecords<T extends Record> {
    private static final int PAGE = 1000;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String type;
    private final Class<T> shape;
    private final Records records;

    /** @param type such as {@code iam:login}; never to be changed, since what is stored is found by it */
    IamRecords(String type, Class<T> shape, Records records) {
        this.type = type;
        this.shape = shape;
        this.records = records;
    }

    Optional<T> find(String id) {
        return records.get(key(id)).map(this::read);
    }

    /** Adds one, and says whether the id was free. */
    boolean insert(String id, T value, Instant now) {
        RecordKey key = key(id);
        return records.write(transaction -> {
            if (transaction.get(key).isPresent()) {
                return false;
            }
            transaction.insert(key, "", Optional.empty(), now, write(value));
            return true;
        });
    }

    /** Adds one, or puts it in place of the one with its id. */
    void put(String id, T value, Instant now) {
        RecordKey key = key(id);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), now, write(value));
            } else {
                transaction.insert(key, "", Optional.empty(), now, write(value));
            }
            return null;
        });
    }

    /**
     * Changes the one with {@code id}, if it is there.
     *
     * @param change makes the new one of the present one; it must not wait for anything, and may run more than once
     * @return the new one
     */
    Optional<T> change(String id, Instant now, UnaryOperator<T> change) {
        RecordKey key = key(id);
        return records.write(transaction -> transaction.get(key).map(present -> {
            T changed = change.apply(read(present));
            transaction.update(key, present.version(), Optional.empty(), now, write(changed));
            return changed;
        }));
    }

    /** Removes one, and says whether it was there. */
    boolean delete(String id) {
        RecordKey key = key(id);
        return records.write(transaction -> transaction.delete(key));
    }

    /** All of the account. */
    List<T> all() {
        return all("");
    }

    /** Those of the account whose ids begin with {@code prefix}; only they are looked at. */
    List<T> all(String prefix) {
        RecordKey from = key(prefix);
        List<T> all = new ArrayList<>();
        RecordQuery.Cursor place = new RecordQuery.Cursor(Instant.EPOCH, from.account(), from.region(), from.id());
        while (true) {
            List<StoredRecord> page = records.list(new RecordQuery(
                    type,
                    Optional.of(from.account()),
                    Optional.of(from.region()),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    Optional.of(place),
                    PAGE));
            for (StoredRecord record : page) {
                if (!record.key().id().startsWith(prefix)) {
                    return all;
                }
                all.add(read(record));
            }
            if (page.size() < PAGE) {
                return all;
            }
            place = RecordQuery.Cursor.behind(page.getLast());
        }
    }

    private RecordKey key(String id) {
        return new RecordKey(type, CallContext.current().account(), "", id);
    }

    private byte[] write(T value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private T read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), shape);
        } catch (IOException damaged) {
            throw new UncheckedIOException(type + " " + record.key().id() + " cannot be read", damaged);
        }
    }
}
