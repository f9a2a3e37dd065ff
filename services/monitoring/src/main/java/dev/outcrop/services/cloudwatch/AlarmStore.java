package dev.outcrop.services.cloudwatch;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;

/**
 * The alarms of all accounts, as records and in memory; what happens to one, its history and what is to be done about it
 * are written together. Safe for concurrent use.
 */
final class AlarmStore {
    /** The type of the records of what happened. */
    static final String HISTORY = "cloudwatch:alarm-history";
    /** The type of the records of what is to be done. */
    static final String ACTION = "cloudwatch:alarm-action";

    private static final String TYPE = "cloudwatch:alarm";

    private final Records records;
    private final ConcurrentMap<RecordKey, Alarm> alarms = new ConcurrentHashMap<>();
    private final Set<RecordKey> changed = ConcurrentHashMap.newKeySet();
    private final ReentrantLock loading = new ReentrantLock();
    private volatile boolean isLoaded;

    AlarmStore(Records records) {
        this.records = records;
        records.watch(TYPE, changed::add, () -> isLoaded = false);
    }

    /**
     * What a change comes to.
     *
     * @param alarm   what it is from now on
     * @param history what happened
     * @param actions what is to be done, as {@link AlarmActions} writes it
     */
    record Change(Alarm alarm, List<AlarmHistoryItem> history, List<byte[]> actions) {}

    /** All alarms of all accounts. */
    Collection<Alarm> all() {
        refresh();
        return alarms.values();
    }

    /** The alarms of an account in a region. */
    List<Alarm> all(String account, String region) {
        refresh();
        return alarms.entrySet().stream()
                .filter(entry -> entry.getKey().account().equals(account)
                        && entry.getKey().region().equals(region))
                .map(Map.Entry::getValue)
                .toList();
    }

    Optional<Alarm> find(String account, String region, String name) {
        refresh();
        return Optional.ofNullable(alarms.get(key(account, region, name)));
    }

    private void refresh() {
        if (!isLoaded) {
            load();
        }
        if (!changed.isEmpty()) {
            for (RecordKey key : List.copyOf(changed)) {
                changed.remove(key);
                Optional<StoredRecord> record = records.get(key);
                if (record.isPresent()) {
                    alarms.put(key, Alarm.read(record.get().body()));
                } else {
                    alarms.remove(key);
                }
            }
        }
    }

    private void load() {
        loading.lock();
        try {
            if (!isLoaded) {
                isLoaded = true;
                alarms.clear();
                records.all(TYPE, Optional.empty())
                        .forEach(record -> alarms.put(record.key(), Alarm.read(record.body())));
            }
        } finally {
            loading.unlock();
        }
    }

    /** What else belongs to a change of an alarm's state. */
    @FunctionalInterface
    interface Consequence {
        void follow(RecordTransaction transaction, Alarm changed, Alarm.State before);
    }

    /** As {@link #change(String, String, String, Instant, Function, Consequence)}, without any consequence. */
    List<RecordKey> change(
            String account,
            String region,
            String name,
            Instant now,
            Function<Optional<Alarm>, Optional<Change>> change) {
        return change(account, region, name, now, change, (_, _, _) -> {});
    }

    /**
     * Changes an alarm, or makes it.
     *
     * @param change is told the alarm as it is, if it is there; gives nothing if nothing shall happen
     * @param consequence is told where the alarm was there and its state is another
     * @return the keys of the actions to be done
     */
    List<RecordKey> change(
            String account,
            String region,
            String name,
            Instant now,
            Function<Optional<Alarm>, Optional<Change>> change,
            Consequence consequence) {
        RecordKey key = key(account, region, name);
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            Optional<Alarm> before = present.map(record -> Alarm.read(record.body()));
            Optional<Change> wanted = change.apply(before);
            if (wanted.isEmpty()) {
                return List.of();
            }
            byte[] body = wanted.get().alarm().write();
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), now, body);
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), now, body);
            }
            Alarm after = wanted.get().alarm();
            before.map(Alarm::state)
                    .filter(state -> state.value() != after.state().value())
                    .ifPresent(state -> consequence.follow(transaction, after, state));
            return note(transaction, key, now, wanted.get());
        });
    }

    private static List<RecordKey> note(RecordTransaction transaction, RecordKey key, Instant now, Change change) {
        for (AlarmHistoryItem item : change.history()) {
            history(transaction, key.account(), key.region(), item);
        }
        List<RecordKey> actions = new ArrayList<>();
        for (byte[] action : change.actions()) {
            RecordKey pending = new RecordKey(
                    ACTION, key.account(), key.region(), UUID.randomUUID().toString());
            transaction.insert(pending, key.id(), Optional.empty(), now, action);
            actions.add(pending);
        }
        return actions;
    }

    private static void history(RecordTransaction transaction, String account, String region, AlarmHistoryItem item) {
        RecordKey key =
                new RecordKey(HISTORY, account, region, UUID.randomUUID().toString());
        transaction.insert(key, item.alarmName(), Optional.empty(), item.timestamp(), StoredShapes.write(item));
    }

    /** Removes alarms and says so in their history. */
    void delete(String account, String region, List<AlarmHistoryItem> last) {
        records.write(transaction -> {
            for (AlarmHistoryItem item : last) {
                transaction.delete(key(account, region, item.alarmName()));
                history(transaction, account, region, item);
            }
            return null;
        });
    }

    /** Says that an action was done, or never will be. */
    void done(RecordKey action, AlarmHistoryItem item) {
        records.write(transaction -> {
            if (transaction.delete(action)) {
                history(transaction, action.account(), action.region(), item);
            }
            return null;
        });
    }

    private static RecordKey key(String account, String region, String name) {
        return new RecordKey(TYPE, account, region, name);
    }
}
