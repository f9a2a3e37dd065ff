package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.jobs.Chore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreStatus;
import software.amazon.awssdk.services.cloudtrail.model.GetEventDataStoreResponse;

/** Copies events into event data stores, drops what is older than they keep, and ends those that were deleted a week ago. */
final class LakeIngestion {
    private static final Logger LOG = LoggerFactory.getLogger(LakeIngestion.class);
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration GRACE = Duration.ofDays(7);

    private final EventStores stores;
    private final StoreEvents events;
    private final Lake lake;
    private final InstantSource clock;

    LakeIngestion(EventStores stores, StoreEvents events, Lake lake, InstantSource clock) {
        this.stores = stores;
        this.events = events;
        this.lake = lake;
        this.clock = clock;
    }

    /** This as something to be done again and again. */
    Chore chore() {
        return new Chore("cloudtrail-ingestion", INTERVAL, this::run);
    }

    /** Does all that there is to do. */
    void run(BooleanSupplier ending) {
        for (EventStores.Located store : stores.all(Optional.empty(), Optional.empty())) {
            try {
                run(store, ending);
            } catch (RuntimeException failure) {
                // One store must not keep the others from their events.
                LOG.error(
                        "event data store {} is not brought up to date",
                        store.place().arn(),
                        failure);
            }
        }
    }

    private void run(EventStores.Located store, BooleanSupplier ending) {
        Instant now = clock.instant();
        boolean deleted = store.store().status() == EventDataStoreStatus.PENDING_DELETION;
        if (deleted && store.store().updatedTimestamp().plus(GRACE).isBefore(now)) {
            events.deleteAll(store.place().id());
            lake.drop(store.place().id());
            stores.delete(store.place());
            return;
        }
        events.deleteBefore(store.place().id(), oldest(store.store(), now));
        boolean more = true;
        while (more && !ending.getAsBoolean()) {
            more = step(store);
        }
        if (!deleted && !ending.getAsBoolean()) {
            follow(store, now);
        }
    }

    /** Has the tables ready for queries. */
    private void follow(EventStores.Located store, Instant now) {
        try {
            lake.catchUp(store.place().id(), oldest(store.store(), now));
        } catch (SQLException failure) {
            LOG.warn(
                    "the table of {} cannot be brought up to date",
                    store.place().arn(),
                    failure);
        }
    }

    /** The time before which events are dropped. */
    static Instant oldest(GetEventDataStoreResponse store, Instant now) {
        return now.minus(Duration.ofDays(store.retentionPeriod()));
    }

    private boolean step(EventStores.Located store) {
        EventStores.Place place = store.place();
        DeliveryState state = stores.ingestion(place);
        if (state.ranges().isEmpty()) {
            return false;
        }
        DeliveryState.Range range = state.ranges().getFirst();
        long read =
                events.copy(place.id(), place.account(), range.after(), range.until(), event -> takes(store, event));
        if (read == range.after() && !range.isClosed()) {
            return false;
        }
        long done = read == range.after() ? range.until() : read;
        stores.updateIngestion(place, present -> present.deliveredUntil(done));
        return true;
    }

    private static boolean takes(EventStores.Located store, AuditEvent event) {
        boolean seen = Boolean.TRUE.equals(store.store().multiRegionEnabled())
                || event.region().equals(store.place().region());
        return seen && EventSelection.takes(store.store().advancedEventSelectors(), event);
    }
}
