package dev.outcrop.services.sns;

import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.util.Map;

/**
 * Tells CloudWatch of topics.
 *
 * <p>Source: "Amazon SNS metrics" of the developer guide.
 */
final class TopicMetrics {
    private final ServiceMetrics metrics;

    TopicMetrics(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    private static Source source(Topic topic) {
        return new Source(topic.account(), topic.region(), "AWS/SNS", Map.of("TopicName", topic.name()));
    }

    /** A message of so many bytes was published. */
    void published(Topic topic, double size) {
        metrics.count(source(topic), "NumberOfMessagesPublished", 1);
        metrics.measure(source(topic), "PublishSize", "Bytes", size);
    }

    void filteredOut(Topic topic, int subscriptions) {
        if (subscriptions > 0) {
            metrics.count(source(topic), "NumberOfNotificationsFilteredOut", subscriptions);
        }
    }

    void delivered(Topic topic) {
        metrics.count(source(topic), "NumberOfNotificationsDelivered", 1);
    }

    /** What a message could not be delivered to will not get it any more. */
    void failed(Topic topic) {
        metrics.count(source(topic), "NumberOfNotificationsFailed", 1);
    }

    /** A message was to go to a dead-letter queue. */
    void redriven(Topic topic, boolean arrived) {
        metrics.count(
                source(topic),
                arrived ? "NumberOfNotificationsRedrivenToDlq" : "NumberOfNotificationsFailedToRedriveToDlq",
                1);
    }
}
