package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.GetEventDataStoreResponse;

/** The event data stores of all accounts, each with how far its events have been copied. */
final class EventStores {
    static final String TYPE = "cloudtrail:event-data-store";
    private static final String INGESTION = "cloudtrail:ingestion";
    private static final int MOST_LISTED = 10_000;

    private final Records records;
    private final InstantSource clock;

    EventStores(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** Where a store is. */
    record Place(String account, String region, String id) {
        private RecordKey key(String type) {
            return new RecordKey(type, account, region, id);
        }

        /** The store with {@code id} in the account and region of the call. */
        static Place of(String id) {
            CallContext call = CallContext.current();
            return new Place(call.account(), call.region(), id);
        }

        String arn() {
            return EventStoreNames.arn(account, region, id);
        }
    }

    /** A store and where it is. */
    record Located(Place place, GetEventDataStoreResponse store) {}

    Optional<GetEventDataStoreResponse> find(Place place) {
        return records.get(place.key(TYPE)).map(EventStores::read);
    }

    GetEventDataStoreResponse get(Place place) {
        return find(place).orElseThrow(() -> missing(place.id()));
    }

    static EventDataStoreNotFoundException missing(String id) {
        return EventDataStoreNotFoundException.builder()
                .message("The specified event data store was not found: " + id)
                .build();
    }

    private static GetEventDataStoreResponse read(StoredRecord record) {
        return StoredShapes.read(record.body(), GetEventDataStoreResponse::builder);
    }

    /** The stores of one account and region, or of all, by id. */
    List<Located> all(Optional<String> account, Optional<String> region) {
        return records
                .list(new RecordQuery(
                        TYPE, account, region, Optional.empty(), RecordQuery.Order.ID, Optional.empty(), MOST_LISTED))
                .stream()
                .map(record -> new Located(
                        new Place(
                                record.key().account(),
                                record.key().region(),
                                record.key().id()),
                        read(record)))
                .toList();
    }

    void insert(Place place, GetEventDataStoreResponse store, DeliveryState ingestion) {
        records.write(transaction -> {
            transaction.insert(
                    place.key(TYPE), "", Optional.of(store.name()), clock.instant(), StoredShapes.write(store));
            transaction.insert(place.key(INGESTION), "", Optional.empty(), clock.instant(), ingestion.write());
            return null;
        });
    }

    /** Changes a store and its ingestion together, and gives what the store has become. */
    GetEventDataStoreResponse update(
            Place place, UnaryOperator<GetEventDataStoreResponse> change, UnaryOperator<DeliveryState> ingestion) {
        return records.write(transaction -> {
            StoredRecord present = transaction.get(place.key(TYPE)).orElseThrow(() -> missing(place.id()));
            GetEventDataStoreResponse changed = change.apply(read(present));
            transaction.update(
                    place.key(TYPE),
                    present.version(),
                    Optional.of(changed.name()),
                    clock.instant(),
                    StoredShapes.write(changed));
            updateIngestion(transaction, place, ingestion);
            return changed;
        });
    }

    DeliveryState ingestion(Place place) {
        return records.get(place.key(INGESTION))
                .map(record -> DeliveryState.read(record.body()))
                .orElse(DeliveryState.EMPTY);
    }

    void updateIngestion(Place place, UnaryOperator<DeliveryState> change) {
        records.write(transaction -> {
            updateIngestion(transaction, place, change);
            return null;
        });
    }

    private void updateIngestion(RecordTransaction transaction, Place place, UnaryOperator<DeliveryState> change) {
        Optional<StoredRecord> present = transaction.get(place.key(INGESTION));
        if (present.isPresent()) {
            DeliveryState changed =
                    change.apply(DeliveryState.read(present.get().body()));
            transaction.update(
                    place.key(INGESTION), present.get().version(), Optional.empty(), clock.instant(), changed.write());
        }
    }

    void delete(Place place) {
        records.write(transaction -> {
            transaction.delete(place.key(INGESTION));
            transaction.delete(place.key(TYPE));
            return null;
        });
    }
}
