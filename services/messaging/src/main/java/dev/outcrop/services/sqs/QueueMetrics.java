package dev.outcrop.services.sqs;

import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Tells CloudWatch of queues: what is done with messages as it is done, and once a minute how many there are in the queues
 * that are in use.
 *
 * <p>Source: "Available CloudWatch metrics for Amazon SQS" of the developer guide.
 */
final class QueueMetrics {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final ServiceMetrics metrics;
    private final Queues queues;
    private final Messages messages;
    private final InstantSource clock;

    QueueMetrics(ServiceMetrics metrics, Queues queues, Messages messages, InstantSource clock) {
        this.metrics = metrics;
        this.queues = queues;
        this.messages = messages;
        this.clock = clock;
    }

    private static Source source(Queue queue) {
        return new Source(queue.account(), queue.region(), "AWS/SQS", Map.of("QueueName", queue.name()));
    }

    /** Messages of these sizes in bytes were sent. */
    void sent(Queue queue, List<Integer> sizes) {
        Source source = source(queue);
        metrics.count(source, "NumberOfMessagesSent", sizes.size());
        sizes.forEach(size -> metrics.measure(source, "SentMessageSize", "Bytes", size));
    }

    /** A call was answered with so many messages. */
    void received(Queue queue, int count) {
        if (count == 0) {
            metrics.count(source(queue), "NumberOfEmptyReceives", 1);
        } else {
            metrics.count(source(queue), "NumberOfMessagesReceived", count);
        }
    }

    void deleted(Queue queue, int count) {
        metrics.count(source(queue), "NumberOfMessagesDeleted", count);
    }

    Chore chore() {
        return new Chore("sqs-metrics", INTERVAL, this::run);
    }

    private void run(BooleanSupplier ending) {
        for (Queue queue : (Iterable<Queue>) queues.all()::iterator) {
            if (ending.getAsBoolean()) {
                return;
            }
            messages.used(queue).ifPresent(index -> look(queue, index));
        }
    }

    private void look(Queue queue, QueueIndex index) {
        Source source = source(queue);
        QueueIndex.Counts counts = index.counts(queue.retentionMillis());
        metrics.count(source, "ApproximateNumberOfMessagesVisible", counts.visible());
        metrics.count(source, "ApproximateNumberOfMessagesNotVisible", counts.inFlight());
        metrics.count(source, "ApproximateNumberOfMessagesDelayed", counts.delayed());
        OptionalLong oldest = index.oldest();
        long age = oldest.isPresent() ? Math.max(0, clock.millis() - oldest.getAsLong()) : 0;
        metrics.measure(source, "ApproximateAgeOfOldestMessage", "Seconds", age / 1e3);
    }
}
