package dev.outcrop.services.invocationlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far what was logged has been delivered, and what is being delivered. */
final class DeliveryPlaces {
    private static final String TYPE = "bedrock:invocation-delivery";

    private final Records records;
    private final InstantSource clock;

    DeliveryPlaces(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** What is followed from a place of its own. */
    record Place(String account, String region, InvocationDelivery.Destination destination) {
        private RecordKey key() {
            return new RecordKey(TYPE, account, region, destination.name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What is about to be delivered.
     *
     * @param until  the sequence of its last invocation
     * @param at     when it was planned, which names it
     * @param unique what else names it
     */
    record Plan(long until, long at, String unique) {}

    /**
     * How far it is.
     *
     * @param position the sequence of the last invocation that was delivered
     */
    record State(long position, Optional<Plan> plan) {
        State deliveredUntil(long until) {
            return new State(until, Optional.empty());
        }

        State planning(Plan planned) {
            return new State(position, Optional.of(planned));
        }

        private byte[] write() {
            return plan.map(planned ->
                            String.join(" ", "" + position, "" + planned.until, "" + planned.at, planned.unique))
                    .orElse("" + position)
                    .getBytes(UTF_8);
        }

        private static State read(byte[] body) {
            String[] fields = new String(body, UTF_8).split(" ", -1);
            return new State(
                    Long.parseLong(fields[0]),
                    fields.length == 1
                            ? Optional.empty()
                            : Optional.of(new Plan(Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3])));
        }
    }

    /** Begins to follow behind {@code position}, if that has not begun before. */
    void begin(Place place, long position) {
        records.write(transaction -> {
            if (transaction.get(place.key()).isEmpty()) {
                transaction.insert(
                        place.key(),
                        "",
                        Optional.empty(),
                        clock.instant(),
                        new State(position, Optional.empty()).write());
            }
            return null;
        });
    }

    /** All that is followed. */
    List<Place> all() {
        return records.all(TYPE, Optional.empty())
                .map(StoredRecord::key)
                .map(key -> new Place(
                        key.account(),
                        key.region(),
                        InvocationDelivery.Destination.valueOf(key.id().toUpperCase(Locale.ROOT))))
                .toList();
    }

    State state(Place place) {
        return State.read(records.get(place.key()).orElseThrow().body());
    }

    void save(Place place, State state) {
        records.write(transaction -> {
            StoredRecord present = transaction.get(place.key()).orElseThrow();
            transaction.update(place.key(), present.version(), Optional.empty(), clock.instant(), state.write());
            return null;
        });
    }
}
