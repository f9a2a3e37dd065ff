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
import software.amazon.awssdk.services.kms.model.KmsException;

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
    private final EventBuses buses;
    private final EventKeys keys;
    private final EventMetrics metrics;
    private final InstantSource clock;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final AtomicInteger inMemory = new AtomicInteger();
    private volatile boolean closing;

    Deliveries(
            Records records,
            TargetCalls targets,
            DeadLetters deadLetters,
            EventBuses buses,
            EventKeys keys,
            EventMetrics metrics,
            InstantSource clock) {
        this.records = records;
        this.targets = targets;
        this.deadLetters = deadLetters;
        this.buses = buses;
        this.keys = keys;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** A delivery and the record that it is kept in until the end of its lease. */
    record Claimed(RecordKey key, Instant until, Delivery delivery) {}

    /** A delivery and what is kept of it. */
    record Written(Delivery delivery, byte[] body) {}

    /**
     * What is to be kept of deliveries, under the keys of their buses. Those whose key cannot be used go to the dead-letter
     * queue of the bus, if it has one, as on AWS.
     */
    List<Written> written(List<Delivery> deliveries) {
        List<Written> written = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            try {
                written.add(written(delivery));
            } catch (KmsException refusal) {
                Delivery failed = delivery.failed(DeliveryFailure.of(refusal));
                Optional<String> queue =
                        buses.keeping(RuleName.ofArn(delivery.ruleArn()).bus()).deadLetters();
                LOG.warn("an event of {} cannot be encrypted: {}", delivery.ruleArn(), refusal.getMessage());
                queue.ifPresent(arn -> deadLetters.send(failed, arn, Optional.empty()));
            }
        }
        return written;
    }

    private Written written(Delivery delivery) {
        BusName bus = RuleName.ofArn(delivery.ruleArn()).bus();
        return new Written(delivery, keys.sealed(bus, buses.keeping(bus).key(), delivery.write()));
    }

    /** Keeps deliveries with {@code transaction}; once that is on disk they are to be {@link #begin begun}. */
    List<Claimed> keep(RecordTransaction transaction, List<Written> deliveries) {
        Instant until = clock.instant().plus(LEASE);
        List<Claimed> claimed = new ArrayList<>();
        for (Written delivery : deliveries) {
            claimed.add(insert(transaction, delivery, until));
        }
        return claimed;
    }

    private Claimed insert(RecordTransaction transaction, Written written, Instant due) {
        RecordKey key = key(due);
        transaction.insert(key, "", Optional.empty(), clock.instant(), written.body());
        return new Claimed(key, due, written.delivery());
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
                : claim(claimed.key(), written(claimed.delivery()));
    }

    private Optional<Claimed> claim(RecordKey key, Written delivery) {
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
            Written again = written(failed);
            records.write(transaction -> transaction.delete(claimed.key()) ? insert(transaction, again, due) : null);
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
            metrics.buried(
                    rule,
                    deadLetters.send(failed, failed.target().deadLetterConfig().arn(), exhausted));
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
                take(record);
            }
            more = due.size() == BATCH;
        }
    }

    /** Begins one that is due, or puts it off while its key cannot be used. */
    private void take(StoredRecord record) {
        try {
            Delivery delivery = Delivery.read(keys.opened(record.body()));
            claim(record.key(), new Written(delivery, record.body())).ifPresent(one -> begin(List.of(one)));
        } catch (KmsException refusal) {
            LOG.warn("an event cannot be decrypted now: {}", refusal.getMessage());
            Instant later = clock.instant().plus(LEASE);
            records.write(transaction -> {
                if (transaction.delete(record.key())) {
                    transaction.insert(key(later), "", Optional.empty(), clock.instant(), record.body());
                }
                return null;
            });
        }
    }

    private static RecordKey key(Instant due) {
        return new RecordKey(TYPE, "", "", "%016x-%s".formatted(due.toEpochMilli(), UUID.randomUUID()));
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
