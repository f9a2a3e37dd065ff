package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Hands out messages, and gives up those that were handed out too often.
 *
 * <p>Source: "ReceiveMessage" of the Amazon SQS API Reference; "Amazon SQS short and long polling", "Using dead-letter
 * queues" of the developer guide.
 */
final class Receiving {
    private static final int MOST = 10;
    private static final int LONGEST_WAIT = 20;
    private static final Duration ATTEMPT_REMEMBERED = Duration.ofMinutes(5);
    private static final String ATTEMPT_CHARACTERS = "[\\p{Alnum}\\p{Punct}]{1,128}";

    private final Queues queues;
    private final Messages messages;
    private final Sealing sealing;
    private final Receipts receipts;
    private final QueueMetrics metrics;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Receiving(
            Queues queues,
            Messages messages,
            Sealing sealing,
            Receipts receipts,
            QueueMetrics metrics,
            InstantSource clock) {
        this.queues = queues;
        this.messages = messages;
        this.sealing = sealing;
        this.receipts = receipts;
        this.metrics = metrics;
        this.clock = clock;
    }

    ReceiveMessageResponse receive(ReceiveMessageRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        int most = within(request.maxNumberOfMessages(), 1, "MaxNumberOfMessages", 1, MOST);
        int wait = within(request.waitTimeSeconds(), queue.waitSeconds(), "WaitTimeSeconds", 0, LONGEST_WAIT);
        int timeout = within(
                request.visibilityTimeout(),
                queue.visibilityTimeout(),
                "VisibilityTimeout",
                0,
                QueueAttributes.LONGEST_VISIBILITY_TIMEOUT);
        String attempt = attempt(queue, request.receiveRequestAttemptId());
        Wanted wanted = Wanted.of(request);
        QueueIndex index = messages.index(queue);
        if (!attempt.isEmpty()) {
            List<Opened> again = again(queue, index, attempt, timeout);
            if (!again.isEmpty()) {
                return response(queue, again, wanted);
            }
        }
        if (wait == 0) {
            if (!queue.isFifo() && index.isFull()) {
                throw new AwsError(
                        "OverLimit",
                        403,
                        "The maximum number of in flight messages, " + QueueIndex.MOST_IN_FLIGHT + ", is reached.");
            }
            return response(queue, take(queue, index, most, timeout, attempt), wanted);
        }
        return response(queue, poll(queue, index, most, timeout, attempt, wait), wanted);
    }

    private List<Opened> poll(Queue queue, QueueIndex index, int most, int timeout, String attempt, int wait) {
        ClientPresence client = CallContext.current().client();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
        List<Opened> taken = take(queue, index, most, timeout, attempt);
        if (!taken.isEmpty()) {
            return taken;
        }
        try (ClientPresence.Watch _ = client.onGone(index::wake)) {
            for (long left = deadline - System.nanoTime();
                    taken.isEmpty() && left > 0;
                    left = deadline - System.nanoTime()) {
                index.await(left, client::isGone);
                if (client.isGone()) {
                    throw new ClientGone("the client left while it waited for messages");
                }
                if (index.isClosed()) {
                    throw Errors.noQueue();
                }
                taken = take(queue, index, most, timeout, attempt);
            }
            return taken;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** A message that is handed out, and what it says. */
    private record Opened(QueuedMessage message, MessageContent content) {}

    private List<Opened> take(Queue queue, QueueIndex index, int most, int timeout, String attempt) {
        while (true) {
            List<QueueIndex.Entry> claimed = index.claim(most, queue.retentionMillis());
            if (claimed.isEmpty()) {
                return List.of();
            }
            Optional<List<Opened>> handedOut = handOut(queue, index, claimed, timeout, attempt);
            if (handedOut.isPresent() && !handedOut.get().isEmpty()) {
                return handedOut.get();
            }
        }
    }

    /** What of the claimed messages is handed out; empty if another was faster. */
    private Optional<List<Opened>> handOut(
            Queue queue, QueueIndex index, List<QueueIndex.Entry> claimed, int timeout, String attempt) {
        Optional<Queue.Redrive> redrive = queue.redrive();
        Optional<Queue> deadLetters = redrive.flatMap(policy -> queues.byArn(policy.target()));
        List<Messages.Change> changes = new ArrayList<>();
        List<Messages.Change> dead = new ArrayList<>();
        List<Opened> opened = new ArrayList<>();
        long now = clock.millis();
        try {
            for (QueueIndex.Entry entry : claimed) {
                Optional<QueuedMessage> whole = messages.whole(queue, entry.message());
                if (whole.isEmpty()) {
                    index.remove(entry.message().sequence());
                    continue;
                }
                QueuedMessage message = whole.get();
                if (deadLetters.isPresent()
                        && message.receives() >= redrive.get().maxReceiveCount()) {
                    long sentAt = queue.isFifo() ? now : message.sentAt();
                    dead.add(new Messages.Change(entry, message, message.moved(message.id(), sentAt, queue.arn())));
                } else {
                    QueuedMessage received = message.received(now, now + timeout * 1000L, random.nextLong(), attempt);
                    changes.add(new Messages.Change(entry, message, received));
                    opened.add(open(queue, received));
                }
            }
        } catch (RuntimeException refused) {
            claimed.forEach(index::release);
            throw refused;
        }
        return messages.change(queue, changes, deadLetters, dead) ? Optional.of(opened) : Optional.empty();
    }

    private Opened open(Queue queue, QueuedMessage message) {
        return new Opened(message, MessageContent.read(sealing.opened(queue, message.id(), message.content())));
    }

    /** What a receive of the same name was given, for as long as nothing else became of it. */
    private List<Opened> again(Queue queue, QueueIndex index, String attempt, int timeout) {
        long now = clock.millis();
        List<Messages.Change> changes = new ArrayList<>();
        List<Opened> opened = new ArrayList<>();
        for (QueueIndex.Entry entry : index.ofAttempt(attempt, now - ATTEMPT_REMEMBERED.toMillis())) {
            messages.whole(queue, entry.message()).ifPresent(message -> {
                changes.add(new Messages.Change(entry, message, message.visibleAt(now + timeout * 1000L)));
                opened.add(open(queue, message));
            });
        }
        return !changes.isEmpty() && messages.change(queue, changes, Optional.empty(), List.of()) ? opened : List.of();
    }

    private static String attempt(Queue queue, String given) {
        if (given == null) {
            return "";
        }
        if (!queue.isFifo()) {
            throw Errors.invalidParameter(
                    given,
                    "ReceiveRequestAttemptId",
                    "The request includes a parameter that is not valid for this queue type.");
        }
        if (!given.matches(ATTEMPT_CHARACTERS)) {
            throw Errors.invalidParameter(
                    given,
                    "ReceiveRequestAttemptId",
                    "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in"
                            + " length.");
        }
        return given;
    }

    private static int within(Integer given, int otherwise, String name, int least, int most) {
        if (given == null) {
            return otherwise;
        }
        if (given < least || given > most) {
            throw Errors.invalidParameter(given, name, "Must be between " + least + " and " + most + ", if provided.");
        }
        return given;
    }

    private ReceiveMessageResponse response(Queue queue, List<Opened> received, Wanted wanted) {
        metrics.received(queue, received.size());
        if (received.isEmpty()) {
            return ReceiveMessageResponse.builder().build(); // AWS leaves the empty list out, and clients ask for that.
        }
        return ReceiveMessageResponse.builder()
                .messages(received.stream()
                        .map(opened -> message(queue, opened, wanted))
                        .toList())
                .build();
    }

    private Message message(Queue queue, Opened opened, Wanted wanted) {
        QueuedMessage message = opened.message;
        Map<String, MessageAttributeValue> attributes = wanted.of(opened.content.attributes());
        Message.Builder builder = Message.builder()
                .messageId(message.id())
                .receiptHandle(receipts.handle(queue, message))
                .body(opened.content.body())
                .md5OfBody(MessageAttributes.md5(opened.content.body()));
        Map<MessageSystemAttributeName, String> system = wanted.of(queue, message);
        if (!system.isEmpty()) {
            builder.attributes(system);
        }
        if (!attributes.isEmpty()) {
            builder.messageAttributes(attributes).md5OfMessageAttributes(MessageAttributes.md5(attributes));
        }
        return builder.build();
    }

    /** Which attributes a caller asks for. */
    private record Wanted(Set<String> system, List<String> names) {
        @SuppressWarnings("deprecation") // Older clients ask by the older member.
        static Wanted of(ReceiveMessageRequest request) {
            Set<String> system = new HashSet<>(request.messageSystemAttributeNamesAsStrings());
            system.addAll(request.attributeNamesAsStrings());
            return new Wanted(system, request.messageAttributeNames());
        }

        Map<String, MessageAttributeValue> of(Map<String, MessageAttributeValue> attributes) {
            if (names.isEmpty() || attributes.isEmpty()) {
                return Map.of();
            }
            Map<String, MessageAttributeValue> chosen = new TreeMap<>(attributes);
            chosen.keySet().removeIf(name -> names.stream().noneMatch(wanted -> fits(wanted, name)));
            return chosen;
        }

        private static boolean fits(String wanted, String name) {
            return wanted.equals("All")
                    || wanted.equals(name)
                    || (wanted.endsWith(".*") && name.startsWith(wanted.substring(0, wanted.length() - 2)));
        }

        Map<MessageSystemAttributeName, String> of(Queue queue, QueuedMessage message) {
            if (system.isEmpty()) {
                return Map.of();
            }
            Map<MessageSystemAttributeName, String> all = new TreeMap<>();
            add(all, MessageSystemAttributeName.SENDER_ID, message.sender());
            add(all, MessageSystemAttributeName.SENT_TIMESTAMP, String.valueOf(message.sentAt()));
            add(all, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, String.valueOf(message.receives()));
            add(
                    all,
                    MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
                    String.valueOf(message.firstReceivedAt()));
            add(all, MessageSystemAttributeName.MESSAGE_GROUP_ID, message.group());
            add(all, MessageSystemAttributeName.MESSAGE_DEDUPLICATION_ID, message.deduplicationId());
            add(all, MessageSystemAttributeName.AWS_TRACE_HEADER, message.traceHeader());
            add(all, MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN, message.deadLetterOf());
            if (queue.isFifo()) {
                add(all, MessageSystemAttributeName.SEQUENCE_NUMBER, Sending.sequenceNumber(queue, message.sequence()));
            }
            return all;
        }

        private void add(Map<MessageSystemAttributeName, String> all, MessageSystemAttributeName name, String value) {
            if (!value.isEmpty() && (system.contains("All") || system.contains(name.toString()))) {
                all.put(name, value);
            }
        }
    }
}
