package dev.outcrop.services.eventbridge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.eventbridge.model.RetryPolicy;

/**
 * Whether and when an event is tried again: for 24 hours and 185 times, unless its target says otherwise, ever more slowly
 * and never all at once.
 *
 * <p>Source: "How EventBridge retries delivering events" of the Amazon EventBridge user guide; "Exponential Backoff And
 * Jitter" of the AWS Architecture blog (full jitter).
 */
final class RetryPolicies {
    private static final int MOST_ATTEMPTS = 185;
    private static final int OLDEST_SECONDS = 86_400;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private RetryPolicies() {}

    /** What has been used up, as dead-letter queues are told; empty if there may be another attempt. */
    static Optional<String> exhausted(Delivery delivery, Instant now) {
        RetryPolicy policy = delivery.target().retryPolicy();
        int most =
                policy == null || policy.maximumRetryAttempts() == null ? MOST_ATTEMPTS : policy.maximumRetryAttempts();
        int oldest = policy == null || policy.maximumEventAgeInSeconds() == null
                ? OLDEST_SECONDS
                : policy.maximumEventAgeInSeconds();
        if (delivery.attempts() > most) {
            return Optional.of("MaximumRetryAttempts");
        }
        return delivery.accepted().plusSeconds(oldest).isAfter(now)
                ? Optional.empty()
                : Optional.of("MaximumEventAgeInSeconds");
    }

    /** How long to wait after so many attempts. */
    static Duration pause(int attempts, RandomGenerator random) {
        long ceiling = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }
}
