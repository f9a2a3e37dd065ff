package dev.outcrop.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.services.MessagingHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A FIFO queue beside a model of what "FIFO queue and message group ID identifiers", "exactly-once processing" and
 * "visibility timeout" of the Amazon SQS developer guide say: whatever is done, in whatever order, and across restarts, a
 * group comes in its order, waits while any of it is in flight, and has each message once.
 */
class FifoModelTest {
    private static final int STEPS = 250;
    private static final int GROUPS = 4;
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private MessagingHouse house;
    private String queue;

    /** What is in the queue, by group, in order. */
    private final Map<String, List<String>> waiting = new HashMap<>();
    /** Until when a body is in flight, and its last handle. */
    private final Map<String, Flight> flights = new HashMap<>();
    /** When what has a deduplication id was taken, and under which message id. */
    private final Map<String, Taken> taken = new HashMap<>();

    private int bodies;

    private record Flight(String handle, Instant until) {}

    private record Taken(String messageId, Instant at) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theQueueDoesWhatTheModelDoes(long seed) {
        house = new MessagingHouse(folder);
        try {
            queue = house.sqs(sqs -> sqs.createQueue(request ->
                            request.queueName("model.fifo").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))))
                    .queueUrl();
            Random random = new Random(seed);
            for (int step = 0; step < STEPS; step++) {
                step(random, random.nextInt(100));
            }
            drain();
        } finally {
            house.close();
        }
    }

    private void step(Random random, int what) {
        if (what < 40) {
            send(random);
        } else if (what < 65) {
            receive(1 + random.nextInt(4));
        } else if (what < 85) {
            delete(random);
        } else if (what < 90) {
            release(random);
        } else if (what < 98) {
            house.pass(Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 10 : 200)));
        } else {
            house.close();
            house = new MessagingHouse(folder, house.clock().instant());
        }
    }

    private Instant now() {
        return house.clock().instant();
    }

    private void send(Random random) {
        String group = "g" + random.nextInt(GROUPS);
        String id = "d" + random.nextInt(60);
        String body = group + ":" + bodies++;

        String messageId = house.sqs(sqs -> sqs.sendMessage(request -> request.queueUrl(queue)
                        .messageBody(body)
                        .messageGroupId(group)
                        .messageDeduplicationId(id)))
                .messageId();

        Taken before = taken.get(id);
        if (before != null && now().isBefore(before.at.plus(DEDUPLICATION))) {
            assertThat(messageId).as("the message that %s stands for", id).isEqualTo(before.messageId);
        } else {
            taken.put(id, new Taken(messageId, now()));
            waiting.computeIfAbsent(group, _ -> new ArrayList<>()).add(body);
        }
    }

    private boolean isInFlight(String body) {
        Flight flight = flights.get(body);
        return flight != null && now().isBefore(flight.until);
    }

    private Set<String> openGroups() {
        Set<String> open = new HashSet<>();
        waiting.forEach((group, all) -> {
            if (!all.isEmpty() && all.stream().noneMatch(this::isInFlight)) {
                open.add(group);
            }
        });
        return open;
    }

    private List<Message> receive(int most) {
        Set<String> open = openGroups();
        int there = open.stream().mapToInt(group -> waiting.get(group).size()).sum();

        List<Message> messages = house.sqs(sqs ->
                        sqs.receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(most)))
                .messages();

        assertThat(messages).hasSizeBetween(Math.min(1, there), Math.min(most, there));
        Map<String, Integer> received = new HashMap<>();
        for (Message message : messages) {
            String group = message.body().substring(0, message.body().indexOf(':'));
            assertThat(open).as("groups of which nothing is in flight").contains(group);
            int place = received.merge(group, 1, Integer::sum) - 1;
            assertThat(message.body())
                    .as("the next one of %s", group)
                    .isEqualTo(waiting.get(group).get(place));
        }
        messages.forEach(
                message -> flights.put(message.body(), new Flight(message.receiptHandle(), now().plus(VISIBILITY))));
        return messages;
    }

    private void delete(Random random) {
        List<String> inFlight =
                flights.keySet().stream().filter(this::isInFlight).sorted().toList();
        if (!inFlight.isEmpty()) {
            delete(inFlight.get(random.nextInt(inFlight.size())));
        }
    }

    private void delete(String body) {
        String handle = flights.remove(body).handle;
        house.sqs(sqs -> sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(handle)));
        waiting.values().forEach(all -> all.remove(body));
    }

    /** Gives a message back at once. */
    private void release(Random random) {
        List<String> inFlight =
                flights.keySet().stream().filter(this::isInFlight).sorted().toList();
        if (!inFlight.isEmpty()) {
            String handle = flights.remove(inFlight.get(random.nextInt(inFlight.size()))).handle;
            house.sqs(sqs -> sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queue)
                    .entries(ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id("one")
                            .receiptHandle(handle)
                            .visibilityTimeout(0)
                            .build())));
        }
    }

    /** In the end all of it comes out, in order. */
    private void drain() {
        house.pass(VISIBILITY.plusSeconds(1));
        while (waiting.values().stream().anyMatch(all -> !all.isEmpty())) {
            receive(10).forEach(message -> delete(message.body()));
        }
        assertThat(receive(10)).isEmpty();
    }
}
