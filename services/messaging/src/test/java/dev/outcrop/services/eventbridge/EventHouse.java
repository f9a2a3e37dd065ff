package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.MessagingHouse;
import dev.outcrop.services.secretsmanager.SecretsManagerService;
import dev.outcrop.storage.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A house that serves EventBridge, SQS and Secrets Manager; its clock goes when it is told to. */
final class EventHouse implements AutoCloseable {
    static final String OWNER = MessagingHouse.ACCOUNT;
    static final Principal ROOT = MessagingHouse.ROOT;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    final MessagingHouse house;
    private EventBridgeService service;
    private ServiceEvents serviceEvents;
    private Journal journal;

    EventHouse(Path folder) {
        house = new MessagingHouse(folder, Instant.parse("2026-11-22T10:00:00Z"), this::furnish);
    }

    private Map<String, Work> furnish(MessagingHouse empty) {
        journal = empty.folder().journal();
        serviceEvents = new ServiceEvents(empty.records(), empty.clock());
        service = another(empty);
        SecretsManagerService secrets = new SecretsManagerService(
                empty.records(),
                empty.folder().secrets(),
                empty.store().tags(),
                empty::clients,
                empty::jobs,
                new Ids(),
                empty.clock());
        empty.serve("events", EventBridgeClient.class, service);
        empty.serve("secretsmanager", SecretsManagerClient.class, secrets);
        Map<String, Work> work = new HashMap<>(service.work());
        work.putAll(secrets.work());
        return work;
    }

    EventBridgeService service() {
        return service;
    }

    ServiceEvents serviceEvents() {
        return serviceEvents;
    }

    Journal journal() {
        return journal;
    }

    /** EventBridge as another server that shares the records has it. */
    EventBridgeService another() {
        return another(house);
    }

    private EventBridgeService another(MessagingHouse over) {
        return new EventBridgeService(
                over.records(),
                journal,
                over.folder().secrets(),
                serviceEvents,
                over::clients,
                over.rights(),
                over::jobs,
                over.metrics(),
                new Ids(),
                over.clock());
    }

    <T> T events(Function<EventBridgeClient, T> call) {
        return house.as(ROOT, EventBridgeClient.class, call);
    }

    <T> T sqs(Function<SqsClient, T> call) {
        return house.as(ROOT, SqsClient.class, call);
    }

    /** A new queue that EventBridge may send to; its ARN. */
    String queue(String name) {
        boolean fifo = name.endsWith(".fifo");
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        attributes.put(QueueAttributeName.POLICY, """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*",
                 "Principal": {"Service": "events.amazonaws.com"}}}""");
        if (fifo) {
            attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
            attributes.put(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");
        }
        sqs(sqs -> sqs.createQueue(request -> request.queueName(name).attributes(attributes)));
        return "arn:aws:sqs:us-east-1:" + OWNER + ":" + name;
    }

    /** A rule whose events go to a queue. */
    void rule(String name, String pattern, String queueArn) {
        events(events -> events.putRule(request -> request.name(name).eventPattern(pattern)));
        target(name, target -> target.id("queue").arn(queueArn));
    }

    /** Gives a rule of the default bus a target. */
    void target(String rule, Consumer<Target.Builder> target) {
        List<Target> targets = List.of(Target.builder().applyMutation(target).build());
        events(events -> events.putTargets(request -> request.rule(rule).targets(targets)));
    }

    /** Sends an event. */
    PutEventsResponse put(Consumer<PutEventsRequestEntry.Builder> entry) {
        return put(ROOT, entry);
    }

    /** Sends an event as somebody. */
    PutEventsResponse put(Principal principal, Consumer<PutEventsRequestEntry.Builder> entry) {
        List<PutEventsRequestEntry> entries =
                List.of(PutEventsRequestEntry.builder().applyMutation(entry).build());
        return house.as(
                principal, EventBridgeClient.class, events -> events.putEvents(request -> request.entries(entries)));
    }

    /** Sends an event to the default bus. */
    PutEventsResponse send(String source, String detailType, String detail) {
        return put(entry -> entry.source(source).detailType(detailType).detail(detail));
    }

    /** So many messages of a queue, in the order in which they come, which are deleted. */
    List<Message> receive(String queue, int count) {
        List<Message> messages = new ArrayList<>();
        await("messages in " + queue, () -> {
            service.look(() -> false);
            messages.addAll(take(queue));
            return messages.size() >= count;
        });
        return messages;
    }

    private List<Message> take(String queue) {
        return sqs(sqs -> {
            String url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
            List<Message> messages = sqs.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .messageAttributeNames("All")
                            .messageSystemAttributeNamesWithStrings("All"))
                    .messages();
            messages.forEach(message ->
                    sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle())));
            return messages;
        });
    }

    /** What is in a queue once nothing is on its way any more. */
    List<Message> afterAll(String queue) {
        await("deliveries", () -> {
            service.look(() -> false);
            return service.waiting() == 0;
        });
        return take(queue);
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + LONGEST + " in vain for " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interruption);
            }
        }
    }

    @Override
    public void close() {
        service.close();
        house.close();
        journal.close();
    }
}
