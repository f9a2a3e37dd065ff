package dev.outcrop.services.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.services.messaging.FifoOrder;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StaleRecordException;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.utils.Lazy;

/**
 * What was published and has not reached all subscribers yet: a record a message and one a delivery, written in the
 * transaction that the publisher is answered for, and removed when the subscriber has it. What a server that ended left is
 * delivered by the next one, or by another that shares the database; a subscriber may then get it twice.
 *
 * <p>Deliveries of a FIFO topic to one subscription are made in turn, group by group; one that is tried again holds up those
 * behind it.
 */
final class Deliveries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final String MESSAGE = "sns:message";
    private static final String DELIVERY = "sns:delivery";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 64;
    private static final int MOST_FORGOTTEN = 5000;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** A delivery that is due for so long belongs to a server that has ended. */
    private static final Duration ABANDONED = Duration.ofMinutes(2);

    /** What this server itself does begins long before that. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private static final long PARTS_OF_A_MILLISECOND = 1_000_000;
    private static final int DIGITS = 20;

    private final Records records;
    private final boolean shared;
    private final Sealing sealing;
    private final Topics topics;
    private final Subscribers subscribers;
    private final TopicMetrics metrics;
    private final FilterPolicies filters = new FilterPolicies();
    private final InstantSource clock;
    private final FifoOrder order;
    private final AtomicLong lastPlace = new AtomicLong();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Deque<Delivery>> chains = new HashMap<>();
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("outcrop-sns-retries").daemon(true).factory());
    /** What an earlier process left comes before what is published now. */
    private final Lazy<Boolean> leftOver = new Lazy<>(this::takeOverOnce);

    private volatile boolean closing;

    /** @param shared whether other servers use the same records */
    Deliveries(
            Records records,
            boolean shared,
            Sealing sealing,
            Topics topics,
            Subscribers subscribers,
            TopicMetrics metrics,
            InstantSource clock) {
        this.records = records;
        this.shared = shared;
        this.sealing = sealing;
        this.topics = topics;
        this.subscribers = subscribers;
        this.metrics = metrics;
        this.clock = clock;
        order = new FifoOrder("sns", clock);
    }

    /**
     * A delivery that is to be made.
     *
     * @param message the record of the message
     * @param attempts how many have failed
     */
    private record Delivery(
            RecordKey key,
            RecordKey message,
            String subscription,
            String chain,
            int attempts,
            Optional<PublishedMessage> known) {
        Delivery failed() {
            return new Delivery(key, message, subscription, chain, attempts + 1, known);
        }
    }

    private record Stored(String subscription, String chain, int attempts, long dueAt) {}

    /** Delivers what was left by a server that has ended. */
    Chore chore() {
        return new Chore("sns-deliveries", INTERVAL, ending -> {
            leftOver.getValue();
            takeOver(ending, shared ? ABANDONED : FORGOTTEN);
        });
    }

    /** Writes down messages and who gets them, and has them delivered; of FIFO topics those not published before. */
    List<PublishedMessage> publish(Topic topic, List<PublishedMessage> messages) {
        leftOver.getValue();
        List<Subscription> subscriptions = topics.subscriptions(topic).stream()
                .filter(subscription -> !subscription.isPending())
                .toList();
        List<byte[]> sealed = messages.stream()
                .map(message -> sealing.ofPublisher(topic, message))
                .toList();
        List<Delivery> made = new ArrayList<>();
        int[] added = {0};
        List<PublishedMessage> published = records.write(transaction -> {
            made.clear();
            added[0] = 0;
            List<PublishedMessage> placed = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                Publication publication = new Publication(messages.get(i), sealed.get(i), subscriptions, made, added);
                placed.add(
                        topic.isFifo()
                                ? publishOnce(transaction, topic, publication)
                                : add(transaction, topic, publication, nextPlace()));
            }
            return placed;
        });
        metrics.filteredOut(topic, added[0] * subscriptions.size() - made.size());
        made.forEach(this::begin);
        return published;
    }

    /**
     * A message that is being published.
     *
     * @param sealed        what is kept of it
     * @param subscriptions of its topic
     * @param made          takes its deliveries
     * @param added         counts messages that are new
     */
    private record Publication(
            PublishedMessage message,
            byte[] sealed,
            List<Subscription> subscriptions,
            List<Delivery> made,
            int[] added) {
        Publication at(long sequence) {
            return new Publication(Publishing.at(message, sequence), sealed, subscriptions, made, added);
        }
    }

    private PublishedMessage publishOnce(RecordTransaction transaction, Topic topic, Publication publication) {
        PublishedMessage message = publication.message;
        String scope = topic.attribute("FifoThroughputScope")
                        .filter("MessageGroup"::equals)
                        .isPresent()
                ? message.group()
                : "";
        Optional<FifoOrder.First> first = order.first(transaction, topic.place(), scope, message.deduplicationId());
        if (first.isPresent()) {
            return Publishing.at(message, first.get().sequence())
                    .called(first.get().id());
        }
        long sequence = order.next(transaction, topic.place());
        order.remember(
                transaction,
                topic.place(),
                scope,
                message.deduplicationId(),
                new FifoOrder.First(message.id(), sequence));
        return add(transaction, topic, publication.at(sequence), sequence);
    }

    private PublishedMessage add(RecordTransaction transaction, Topic topic, Publication publication, long place) {
        PublishedMessage message = publication.message;
        publication.added[0]++;
        String digits = Long.toString(place);
        String id = topic.uid() + "/" + "0".repeat(DIGITS - digits.length()) + digits;
        RecordKey key = new RecordKey(MESSAGE, topic.account(), topic.region(), id);
        boolean any = false;
        for (Subscription subscription : publication.subscriptions) {
            if (filters.wants(subscription, message)) {
                any = true;
                RecordKey delivery =
                        new RecordKey(DELIVERY, topic.account(), topic.region(), id + "/" + subscription.id());
                String chain = topic.isFifo() ? subscription.id() + "/" + message.group() : delivery.id();
                transaction.insert(
                        delivery,
                        "",
                        Optional.empty(),
                        clock.instant(),
                        write(new Stored(subscription.arn(), chain, 0, clock.millis())));
                publication.made.add(new Delivery(delivery, key, subscription.arn(), chain, 0, Optional.of(message)));
            }
        }
        if (any) {
            byte[] kept = sealing.kept(context(key), publication.sealed);
            transaction.insert(key, "", Optional.empty(), clock.instant(), kept);
        }
        return message;
    }

    private static String context(RecordKey message) {
        return MESSAGE + " " + message.id();
    }

    private long nextPlace() {
        return lastPlace.updateAndGet(last -> Math.max(
                last + 1,
                clock.millis() * PARTS_OF_A_MILLISECOND
                        + ThreadLocalRandom.current().nextInt(1000)));
    }

    /** Puts a delivery behind those that come before it. */
    private void begin(Delivery delivery) {
        if (closing || !running.add(delivery.key.id())) {
            return;
        }
        synchronized (chains) {
            Deque<Delivery> chain = chains.get(delivery.chain);
            if (chain != null) {
                chain.add(delivery);
                return;
            }
            chain = new ArrayDeque<>();
            chain.add(delivery);
            chains.put(delivery.chain, chain);
        }
        run(delivery.chain);
    }

    private void run(String chain) {
        Thread.ofVirtual().name("sns-delivery").start(() -> work(chain));
    }

    /** Makes the deliveries of a chain until one has to be tried again later, or there are none left. */
    private void work(String chain) {
        while (!closing) {
            Delivery delivery;
            synchronized (chains) {
                Deque<Delivery> waiting = chains.get(chain);
                delivery = waiting == null ? null : waiting.peek();
                if (delivery == null) {
                    chains.remove(chain);
                    return;
                }
            }
            Optional<Duration> again;
            try {
                again = attempt(delivery);
            } catch (RuntimeException failure) {
                LOG.error(
                        "a message of SNS cannot be delivered to {}; it is tried again",
                        delivery.subscription,
                        failure);
                again = Optional.of(INTERVAL);
            }
            synchronized (chains) {
                Deque<Delivery> waiting = chains.get(chain);
                waiting.poll();
                if (again.isPresent()) {
                    waiting.addFirst(delivery.failed());
                }
            }
            if (again.isPresent()) {
                if (!closing) {
                    var _ = later.schedule(() -> run(chain), again.get().toMillis(), TimeUnit.MILLISECONDS);
                }
                return;
            }
            running.remove(delivery.key.id());
        }
    }

    /** Tries once; gives when to try again if that is to be. */
    private Optional<Duration> attempt(Delivery delivery) {
        Optional<Subscription> subscription =
                topics.findSubscription(delivery.subscription).filter(found -> !found.isPending());
        Optional<Topic> topic = subscription
                .flatMap(found -> topics.find(found.topic()))
                .filter(found -> found.uid().equals(subscription.get().topicUid()));
        Optional<PublishedMessage> message =
                topic.isEmpty() ? Optional.empty() : delivery.known.or(() -> load(topic.get(), delivery));
        if (message.isEmpty()) {
            finish(delivery);
            return Optional.empty();
        }
        Outcome outcome;
        slots.acquireUninterruptibly();
        try {
            outcome = subscribers.deliver(topic.get(), subscription.get(), message.get());
        } finally {
            slots.release();
        }
        if (outcome instanceof Outcome.Failed failed) {
            Optional<Duration> delay = failed.again()
                    ? RetryPolicy.of(topic.get(), subscription.get()).delay(delivery.attempts + 1)
                    : Optional.empty();
            if (delay.isPresent()) {
                postpone(delivery, delay.get());
                return delay;
            }
            if (!giveUp(topic.get(), subscription.get(), message.get(), failed)) {
                return Optional.of(INTERVAL);
            }
            metrics.failed(topic.get());
        } else {
            metrics.delivered(topic.get());
        }
        finish(delivery);
        return Optional.empty();
    }

    /** Puts what cannot be delivered into the subscription's dead-letter queue; false if that is to be tried again. */
    private boolean giveUp(Topic topic, Subscription subscription, PublishedMessage message, Outcome.Failed why) {
        Optional<String> queue = subscription.attribute("RedrivePolicy").map(Deliveries::deadLetters);
        if (queue.isEmpty()) {
            LOG.warn(
                    "message {} of {} is not delivered to {}: {}",
                    message.id(),
                    topic.arn(),
                    subscription.arn(),
                    why.message());
            return true;
        }
        Outcome buried = subscribers.bury(topic, subscription, message, queue.get(), why);
        if (buried instanceof Outcome.Failed failed) {
            LOG.warn(
                    "message {} of {} cannot be put into the dead-letter queue {}: {}",
                    message.id(),
                    topic.arn(),
                    queue.get(),
                    failed.message());
            if (!failed.again()) {
                metrics.redriven(topic, false);
            }
            return !failed.again();
        }
        metrics.redriven(topic, true);
        return true;
    }

    static String deadLetters(String policy) {
        try {
            JsonNode node = JSON.readTree(policy);
            return node == null ? "" : node.path("deadLetterTargetArn").asText("");
        } catch (JsonProcessingException malformed) {
            return "";
        }
    }

    private Optional<PublishedMessage> load(Topic topic, Delivery delivery) {
        return records.get(delivery.message).map(record -> {
            try {
                PublishedMessage message = sealing.opened(topic, context(delivery.message), record.body());
                String id = delivery.message.id();
                return topic.isFifo()
                        ? Publishing.at(message, Long.parseLong(id.substring(id.length() - DIGITS)))
                        : message;
            } catch (GeneralSecurityException damaged) {
                throw new IllegalStateException("a published message is damaged", damaged);
            }
        });
    }

    private void postpone(Delivery delivery, Duration delay) {
        records.write(transaction -> {
            transaction
                    .get(delivery.key)
                    .ifPresent(record -> transaction.update(
                            delivery.key,
                            record.version(),
                            Optional.empty(),
                            clock.instant(),
                            write(new Stored(
                                    delivery.subscription,
                                    delivery.chain,
                                    delivery.attempts + 1,
                                    clock.millis() + delay.toMillis()))));
            return null;
        });
    }

    /** Forgets a delivery, and the message with its last one. */
    private void finish(Delivery delivery) {
        records.write(transaction -> {
            transaction.delete(delivery.key);
            String prefix = delivery.message.id() + "/";
            List<StoredRecord> next = transaction.list(new RecordQuery(
                    DELIVERY,
                    Optional.of(delivery.key.account()),
                    Optional.of(delivery.key.region()),
                    Optional.empty(),
                    RecordQuery.Order.ID,
                    Optional.of(new RecordQuery.Cursor(
                            Instant.EPOCH, delivery.key.account(), delivery.key.region(), prefix)),
                    1));
            if (next.isEmpty() || !next.getFirst().key().id().startsWith(prefix)) {
                transaction.delete(delivery.message);
            }
            return null;
        });
    }

    private boolean takeOverOnce() {
        takeOver(() -> closing, shared ? ABANDONED : Duration.ZERO);
        return true;
    }

    /** Begins what nobody does: where servers share a database, what is long due. */
    private void takeOver(BooleanSupplier ending, Duration due) {
        long abandoned = clock.millis() - due.toMillis();
        for (StoredRecord record : (Iterable<StoredRecord>) records.all(DELIVERY, Optional.empty())::iterator) {
            if (ending.getAsBoolean()) {
                return;
            }
            Stored stored = read(record);
            if (!running.contains(record.key().id())
                    && (!shared || stored.dueAt < abandoned)
                    && record.createdAt().toEpochMilli() <= abandoned
                    && claimed(record, stored)) {
                String id = record.key().id();
                RecordKey message = new RecordKey(
                        MESSAGE, record.key().account(), record.key().region(), id.substring(0, id.lastIndexOf('/')));
                begin(new Delivery(
                        record.key(), message, stored.subscription, stored.chain, stored.attempts, Optional.empty()));
            }
        }
        while (!ending.getAsBoolean() && order.clean(records, MOST_FORGOTTEN) == MOST_FORGOTTEN) {}
    }

    private boolean claimed(StoredRecord record, Stored stored) {
        if (!shared) {
            return records.get(record.key()).isPresent(); // It may have been made since it was read.
        }
        try {
            records.write(transaction -> {
                transaction.update(
                        record.key(),
                        record.version(),
                        Optional.empty(),
                        clock.instant(),
                        write(new Stored(stored.subscription, stored.chain, stored.attempts, clock.millis())));
                return null;
            });
            return true;
        } catch (StaleRecordException another) {
            return false;
        } catch (StorageException unavailable) {
            LOG.warn("a delivery of SNS cannot be taken over now", unavailable);
            return false;
        }
    }

    private static byte[] write(Stored stored) {
        try {
            return JSON.writeValueAsBytes(stored);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Stored read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), Stored.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a delivery cannot be read", damaged);
        }
    }

    @Override
    public void close() {
        closing = true;
        later.shutdownNow();
        subscribers.close();
    }
}
