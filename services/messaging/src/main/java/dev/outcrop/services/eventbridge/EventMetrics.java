package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.time.Duration;
import java.util.Map;

/**
 * Tells CloudWatch of rules, and of what is sent to buses. Rules of buses other than the default one have their bus beside
 * their name.
 *
 * <p>Source: "Monitoring Amazon EventBridge" of the user guide.
 */
final class EventMetrics {
    private static final String NAMESPACE = "AWS/Events";

    private final ServiceMetrics metrics;

    EventMetrics(ServiceMetrics metrics) {
        this.metrics = metrics;
    }

    private static Source source(RuleName rule) {
        BusName bus = rule.bus();
        Map<String, String> dimensions = bus.isDefault()
                ? Map.of("RuleName", rule.name())
                : Map.of("RuleName", rule.name(), "EventBusName", bus.name());
        return new Source(bus.account(), bus.region(), NAMESPACE, dimensions);
    }

    /** A call of PutEvents brought so many entries, of which so many were refused. */
    void put(String account, String region, int entries, int failed, double size) {
        Source source = new Source(account, region, NAMESPACE, Map.of());
        metrics.count(source, "PutEventsApproximateCallCount", 1);
        metrics.count(source, "PutEventsApproximateSuccessCount", 1);
        metrics.count(source, "PutEventsEntriesCount", entries);
        metrics.measure(source, "PutEventsRequestSize", "Bytes", size);
        if (failed > 0) {
            metrics.count(source, "PutEventsFailedEntriesCount", failed);
        }
    }

    /** A rule wants an event. */
    void matched(RuleName rule) {
        metrics.count(source(rule), "MatchedEvents", 1);
        metrics.count(source(rule), "TriggeredRules", 1);
    }

    /** An event was to go to a target for the {@code attempt}-th time, the first being 1. */
    void attempted(RuleName rule, int attempt) {
        metrics.count(source(rule), "InvocationAttempts", 1);
        if (attempt > 1) {
            metrics.count(source(rule), "RetryInvocationAttempts", 1);
        }
    }

    /** A target has an event, so long after it came. */
    void delivered(RuleName rule, Duration taken) {
        Source source = source(rule);
        metrics.count(source, "Invocations", 1);
        metrics.count(source, "SuccessfulInvocationAttempts", 1);
        metrics.measure(source, "IngestionToInvocationSuccessLatency", "Milliseconds", taken.toNanos() / 1e6);
    }

    /** A target will not get an event any more. */
    void failed(RuleName rule) {
        metrics.count(source(rule), "Invocations", 1);
        metrics.count(source(rule), "FailedInvocations", 1);
    }

    /** An event was to go to a dead-letter queue. */
    void buried(RuleName rule, boolean arrived) {
        metrics.count(source(rule), arrived ? "InvocationsSentToDlq" : "InvocationsFailedToBeSentToDlq", 1);
    }
}
