package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import dev.outcrop.storage.buckets.Deliveries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers messages of events, the oldest first, and at least once. Where one is not taken, those behind it for the same
 * destination wait, too, and all of them are tried again for a day.
 */
final class EventDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(EventDelivery.class);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final int PAGE = 200;

    private final Deliveries deliveries;
    private final Buckets buckets;
    private final EventDestinations destinations;
    private final InstantSource clock;

    EventDelivery(Deliveries deliveries, Buckets buckets, EventDestinations destinations, InstantSource clock) {
        this.deliveries = deliveries;
        this.buckets = buckets;
        this.destinations = destinations;
        this.clock = clock;
    }

    /** Delivers what waits. */
    void run(BooleanSupplier ending) {
        Set<String> refused = new HashSet<>();
        Instant oldest = clock.instant().minus(LONGEST_WAIT);
        String after = "";
        List<Deliveries.Message> page;
        do {
            page = deliveries.behind(after, PAGE);
            for (Deliveries.Message message : page) {
                if (ending.getAsBoolean()) {
                    return;
                }
                after = message.id();
                if (!refused.contains(message.destination()) && !deliver(message, oldest)) {
                    refused.add(message.destination());
                }
            }
        } while (page.size() == PAGE);
    }

    /** Whether the message is done with. */
    private boolean deliver(Deliveries.Message message, Instant oldest) {
        Optional<Bucket> bucket = buckets.find(message.bucket());
        try {
            if (bucket.isPresent()) {
                destinations.send(bucket.get(), message.destination(), message.text());
            }
        } catch (EventDestinations.UndeliverableException failure) {
            if (!message.at().isBefore(oldest)) {
                LOG.debug("{} does not take an event of {} yet", message.destination(), message.bucket(), failure);
                return false;
            }
            LOG.warn(
                    "{} has not taken an event of {} for a day, which is dropped: {}",
                    message.destination(),
                    message.bucket(),
                    failure.getMessage());
        }
        deliveries.end(message);
        return true;
    }
}
