package dev.outcrop.services.cloudtrail;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The trails of all accounts, each with the states of its deliveries to S3 and to CloudWatch Logs. */
final class TrailStore {
    private static final String TRAIL = "cloudtrail:trail";
    private static final String DELIVERY = "cloudtrail:delivery";
    private static final String LOGS = "cloudtrail:logs-delivery";

    private final Records records;
    private final InstantSource clock;

    TrailStore(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Where a trail is: its account, its home region and its name. */
    record Place(String account, String region, String name) {
        private RecordKey key(String type) {
            return new RecordKey(type, account, region, name);
        }

        String arn() {
            return "arn:aws:cloudtrail:" + region + ":" + account + ":trail/" + name;
        }
    }

    /** A trail and where it is. */
    record Located(Place place, StoredTrail trail) {}

    Optional<StoredTrail> find(Place place) {
        return records.get(place.key(TRAIL)).map(record -> StoredTrail.read(record.body()));
    }

    /** The trails of one account, or of all, in all regions, by region and name. */
    List<Located> all(Optional<String> account) {
        return records.all(TRAIL, account)
                .map(record -> new Located(
                        new Place(
                                record.key().account(),
                                record.key().region(),
                                record.key().id()),
                        StoredTrail.read(record.body())))
                .toList();
    }

    /** Adds a trail that begins to be delivered when it is started. */
    void insert(Place place, StoredTrail trail) {
        records.write(transaction -> {
            transaction.insert(place.key(TRAIL), "", Optional.empty(), clock.instant(), trail.write());
            transaction.insert(place.key(DELIVERY), "", Optional.empty(), clock.instant(), DeliveryState.EMPTY.write());
            return null;
        });
    }

    /** Changes a trail that is there, and gives what it has become. */
    StoredTrail update(Place place, UnaryOperator<StoredTrail> change) {
        return records.write(transaction -> update(transaction, place, change));
    }

    private StoredTrail update(RecordTransaction transaction, Place place, UnaryOperator<StoredTrail> change) {
        StoredRecord present = transaction.get(place.key(TRAIL)).orElseThrow(() -> Trails.unknown(place.name()));
        StoredTrail changed = change.apply(StoredTrail.read(present.body()));
        transaction.update(place.key(TRAIL), present.version(), Optional.empty(), clock.instant(), changed.write());
        return changed;
    }

    /**
     * Changes a trail and its deliveries together.
     *
     * @param now the sequence of the last event so far
     */
    void update(Place place, UnaryOperator<StoredTrail> change, UnaryOperator<DeliveryState> delivery, long now) {
        records.write(transaction -> {
            StoredTrail changed = update(transaction, place, change);
            updateDelivery(transaction, place, delivery);
            updateLogs(transaction, place, state -> state.following(changed.sendsLogs(), now));
            return null;
        });
    }

    DeliveryState delivery(Place place) {
        return records.get(place.key(DELIVERY))
                .map(record -> DeliveryState.read(record.body()))
                .orElse(DeliveryState.EMPTY);
    }

    /** Changes the state of a delivery; does nothing if the trail was deleted meanwhile. */
    DeliveryState updateDelivery(Place place, UnaryOperator<DeliveryState> change) {
        return records.write(transaction -> updateDelivery(transaction, place, change));
    }

    private DeliveryState updateDelivery(
            RecordTransaction transaction, Place place, UnaryOperator<DeliveryState> change) {
        Optional<StoredRecord> present = transaction.get(place.key(DELIVERY));
        if (present.isEmpty()) {
            return DeliveryState.EMPTY;
        }
        DeliveryState changed = change.apply(DeliveryState.read(present.get().body()));
        transaction.update(
                place.key(DELIVERY), present.get().version(), Optional.empty(), clock.instant(), changed.write());
        return changed;
    }

    /** How far the delivery to CloudWatch Logs is. */
    DeliveryState logs(Place place) {
        return records.get(place.key(LOGS))
                .map(record -> DeliveryState.read(record.body()))
                .orElse(DeliveryState.EMPTY);
    }

    /** Changes the state of the delivery to CloudWatch Logs; does nothing if the trail was deleted meanwhile. */
    void updateLogs(Place place, UnaryOperator<DeliveryState> change) {
        records.write(transaction -> {
            if (transaction.get(place.key(TRAIL)).isPresent()) {
                updateLogs(transaction, place, change);
            }
            return null;
        });
    }

    /** Trails that never sent anything have no record of it. */
    private void updateLogs(RecordTransaction transaction, Place place, UnaryOperator<DeliveryState> change) {
        Optional<StoredRecord> present = transaction.get(place.key(LOGS));
        if (present.isPresent()) {
            DeliveryState changed =
                    change.apply(DeliveryState.read(present.get().body()));
            transaction.update(
                    place.key(LOGS), present.get().version(), Optional.empty(), clock.instant(), changed.write());
            return;
        }
        DeliveryState changed = change.apply(DeliveryState.EMPTY);
        if (!changed.equals(DeliveryState.EMPTY)) {
            transaction.insert(place.key(LOGS), "", Optional.empty(), clock.instant(), changed.write());
        }
    }

    void delete(Place place) {
        records.write(transaction -> {
            transaction.delete(place.key(LOGS));
            transaction.delete(place.key(DELIVERY));
            transaction.delete(place.key(TRAIL));
            return null;
        });
    }
}
