package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way to targets. Each is a record under the time at which it is due, so that what is due is the beginning
 * of a range. Whoever works on one has moved it a while ahead first; if it has not gone by then, its server is dead, and
 * whoever looks next takes it. Events may thus come twice, and none is lost.
 */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final String TYPE = "events:delivery";
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(30);
    /** What is left of a lease when work on it may still begin: longer than any attempt takes. */
    private static final Duration SAFETY = Duration.ofSeconds(15);

    private static final int AT_ONCE = 32;
    private static final int MOST_IN_MEMORY = 10_000;
    private static final int BATCH = 500;

    private final Records records;
    private final TargetCalls targets;
    private final DeadLetters deadLetters;
    private final EventMetrics metrics;
    private final InstantSource clock;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final AtomicInteger inMemory = new AtomicInteger();
    private volatile boolean closing;

    Deliveries(
            Records records, TargetCalls targets, DeadLetters deadLetters, EventMetrics metrics, InstantSource clock) {
        this.records = records;
        this.targets = targets;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** A delivery and the record that it is kept in until the end of its lease. */
    record Claimed(RecordKey key, Instant until, Delivery delivery) {}

    /** Keeps deliveries with {@code transaction}; once that is on disk they are to be {@link #begin begun}. */
    List<Claimed> keep(RecordTransaction transaction, List<Delivery> deliveries) {
        Instant until = clock.instant().plus(LEASE);
        List<Claimed> claimed = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            claimed.add(insert(transaction, delivery, until));
        }
        return claimed;
    }

    private Claimed insert(RecordTransaction transaction, Delivery delivery, Instant due) {
        RecordKey key = new RecordKey(TYPE, "", "", "%016x-%s".formatted(due.toEpochMilli(), UUID.randomUUID()));
        transaction.insert(key, "", Optional.empty(), clock.instant(), delivery.write());
        return new Claimed(key, due, delivery);
    }

    /** Delivers in the background what has been kept. */
    void begin(List<Claimed> claimed) {
        for (Claimed one : claimed) {
            if (closing || inMemory.incrementAndGet() > MOST_IN_MEMORY) {
                // It is found again when its lease has ended.
                inMemory.decrementAndGet();
                continue;
            }
            Thread.ofVirtual().name("events-delivery").start(() -> work(one));
        }
    }

    private void work(Claimed claimed) {
        try {
            slots.acquire();
            try {
                Optional<Claimed> mine = closing ? Optional.empty() : stillMine(claimed);
                if (mine.isPresent()) {
                    attempt(mine.get());
                }
            } finally {
                slots.release();
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.error(
                    "an event of {} stays where it is for now",
                    claimed.delivery().ruleArn(),
                    failure);
        } finally {
            inMemory.decrementAndGet();
        }
    }

    /** The delivery under a lease that lasts, unless another server has taken it. */
    private Optional<Claimed> stillMine(Claimed claimed) {
        return clock.instant().plus(SAFETY).isBefore(claimed.until())
                ? Optional.of(claimed)
                : claim(claimed.key(), claimed.delivery());
    }

    private Optional<Claimed> claim(RecordKey key, Delivery delivery) {
        Instant until = clock.instant().plus(LEASE);
        return records.write(transaction ->
                transaction.delete(key) ? Optional.of(insert(transaction, delivery, until)) : Optional.empty());
    }

    private void attempt(Claimed claimed) {
        Delivery delivery = claimed.delivery();
        RuleName rule = RuleName.ofArn(delivery.ruleArn());
        metrics.attempted(rule, delivery.attempts() + 1);
        Optional<DeliveryFailure> failure = targets.deliver(delivery);
        if (failure.isEmpty()) {
            metrics.delivered(rule, Duration.between(delivery.accepted(), clock.instant()));
            records.write(transaction -> transaction.delete(claimed.key()));
            return;
        }
        Delivery failed = delivery.failed(failure.get());
        Optional<String> exhausted = RetryPolicies.exhausted(failed, clock.instant());
        if (failure.get().retriable() && exhausted.isEmpty()) {
            Instant due = clock.instant().plus(RetryPolicies.pause(failed.attempts(), ThreadLocalRandom.current()));
            records.write(transaction -> transaction.delete(claimed.key()) ? insert(transaction, failed, due) : null);
            return;
        }
        giveUp(claimed, failed, failure.get().retriable() ? exhausted : Optional.empty());
    }

    /** Puts what is given up into the dead-letter queue, or drops it where there is none. */
    private void giveUp(Claimed claimed, Delivery failed, Optional<String> exhausted) {
        RuleName rule = RuleName.ofArn(failed.ruleArn());
        metrics.failed(rule);
        if (failed.target().deadLetterConfig() != null
                && failed.target().deadLetterConfig().arn() != null) {
            metrics.buried(rule, deadLetters.send(failed, exhausted));
        } else {
            LOG.warn(
                    "an event of {} is not delivered to {}: {}",
                    failed.ruleArn(),
                    failed.target().arn(),
                    failed.failure().map(DeliveryFailure::message).orElse(""));
        }
        records.write(transaction -> transaction.delete(claimed.key()));
    }

    /** Looks for what is due as something to be done again and again. */
    Chore chore() {
        return new Chore("events-deliveries", INTERVAL, this::run);
    }

    /** Begins all that is due. */
    void run(BooleanSupplier ending) {
        boolean more = true;
        while (more && !ending.getAsBoolean() && inMemory.get() < MOST_IN_MEMORY / 2) {
            String now = "%016x".formatted(clock.millis() + 1);
            List<StoredRecord> due = records.list(RecordQuery.all(TYPE, BATCH)).stream()
                    .filter(record -> record.key().id().compareTo(now) < 0)
                    .toList();
            for (StoredRecord record : due) {
                claim(record.key(), Delivery.read(record.body())).ifPresent(one -> begin(List.of(one)));
            }
            more = due.size() == BATCH;
        }
    }

    /** How many events have not been delivered yet. */
    long waiting() {
        return records.all(TYPE, Optional.empty()).count();
    }

    /** Begins nothing any more; what is left is found at the next start. */
    void close() {
        closing = true;
    }
}
