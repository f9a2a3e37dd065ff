package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the events that services publish to the default buses, as soon as they are there. */
final class PublishedEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedEvents.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int BATCH = 200;

    private final ServiceEvents serviceEvents;
    private final Intake intake;
    private final AtomicInteger news = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();

    PublishedEvents(ServiceEvents serviceEvents, Intake intake) {
        this.serviceEvents = serviceEvents;
        this.intake = intake;
        serviceEvents.watch(this::told);
    }

    private void told() {
        if (news.getAndIncrement() == 0) {
            Thread.ofVirtual().name("events-published").start(this::follow);
        }
    }

    private void follow() {
        int seen;
        do {
            seen = news.get();
            try {
                run(closing::get);
            } catch (RuntimeException failure) {
                LOG.error("events of services cannot be taken; it is tried again in {}", INTERVAL, failure);
            }
        } while (news.addAndGet(-seen) > 0 && !closing.get());
    }

    /** Looks again where news was lost, or a server died. */
    Chore chore() {
        return new Chore("events-published", INTERVAL, this::run);
    }

    /** Takes all that waits. */
    void run(BooleanSupplier ending) {
        List<ServiceEvents.Waiting> waiting = serviceEvents.waiting(BATCH);
        while (!waiting.isEmpty() && !ending.getAsBoolean()) {
            waiting.forEach(this::take);
            waiting = serviceEvents.waiting(BATCH);
        }
    }

    private void take(ServiceEvents.Waiting waiting) {
        try {
            BusEvent event = BusEvent.read(waiting.event());
            BusName bus = new BusName(event.field("account"), event.field("region"), BusName.DEFAULT);
            intake.accept(
                    List.of(new Intake.Arrival(bus, event, 0)),
                    transaction -> serviceEvents.take(transaction, waiting));
        } catch (IOException malformed) {
            throw new IllegalStateException("a service published what is no event: " + waiting.event(), malformed);
        }
    }

    void close() {
        closing.set(true);
    }
}
