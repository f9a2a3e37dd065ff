package dev.outcrop.services.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How often and when a delivery that failed is tried again.
 *
 * <p>Source: "Amazon SNS message delivery retries" and "Creating an HTTP/S delivery policy" of the developer guide.
 *
 * @param retries how often in all
 * @param atOnce  how many of them without a delay, the first ones
 * @param least   how many with the shortest delay follow
 * @param most    how many with the longest delay come last
 */
record RetryPolicy(int retries, int atOnce, int least, int most, Duration shortest, Duration longest, String backoff) {
    /** What AWS does for queues: three weeks. */
    static final RetryPolicy OF_QUEUES =
            new RetryPolicy(100_015, 3, 2, 100_000, Duration.ofSeconds(1), Duration.ofSeconds(20), "exponential");

    static final RetryPolicy OF_HTTP =
            new RetryPolicy(3, 0, 0, 0, Duration.ofSeconds(20), Duration.ofSeconds(20), "linear");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_RETRIES = 100;
    private static final int LONGEST_DELAY = 3600;

    /** The policy of a subscription: its own, its topic's, or the usual one. */
    static RetryPolicy of(Topic topic, Subscription subscription) {
        if (subscription.protocol().equals("sqs")) {
            return OF_QUEUES;
        }
        JsonNode ofTopic = json(topic.attribute("DeliveryPolicy").orElse("{}")).path("http");
        boolean overrides = !ofTopic.path("disableSubscriptionOverrides").asBoolean();
        Optional<String> own = subscription.attribute("DeliveryPolicy").filter(document -> overrides);
        JsonNode policy = own.map(document -> json(document).path("healthyRetryPolicy"))
                .filter(node -> !node.isMissingNode())
                .orElseGet(() -> ofTopic.path("defaultHealthyRetryPolicy"));
        return policy.isObject() ? read(policy) : OF_HTTP;
    }

    /**
     * Makes sure that a document is a delivery policy.
     *
     * @param ofTopic whether it is a topic's, which says it for all subscriptions of a protocol
     * @throws AwsError {@code InvalidParameter} if it is not
     */
    static void check(String document, boolean ofTopic) {
        JsonNode policy = json(document);
        JsonNode retries =
                ofTopic ? policy.path("http").path("defaultHealthyRetryPolicy") : policy.path("healthyRetryPolicy");
        if (!policy.isObject()) {
            throw Errors.invalid("DeliveryPolicy: it must be a JSON object");
        }
        if (!retries.isMissingNode()) {
            read(retries);
        }
    }

    private static RetryPolicy read(JsonNode node) {
        int retries = within(node, "numRetries", 0, MOST_RETRIES, 3);
        int atOnce = within(node, "numNoDelayRetries", 0, retries, 0);
        int least = within(node, "numMinDelayRetries", 0, retries, 0);
        int most = within(node, "numMaxDelayRetries", 0, retries, 0);
        int shortest = within(node, "minDelayTarget", 1, LONGEST_DELAY, 20);
        int longest = within(node, "maxDelayTarget", shortest, LONGEST_DELAY, Math.max(20, shortest));
        String backoff = node.path("backoffFunction").asText("linear");
        if (!Set.of("linear", "arithmetic", "geometric", "exponential").contains(backoff)) {
            throw Errors.invalid(
                    "DeliveryPolicy: backoffFunction must be linear, arithmetic, geometric or exponential");
        }
        if (atOnce + least + most > retries) {
            throw Errors.invalid("DeliveryPolicy: numNoDelayRetries, numMinDelayRetries and numMaxDelayRetries must not"
                    + " exceed numRetries");
        }
        return new RetryPolicy(
                retries, atOnce, least, most, Duration.ofSeconds(shortest), Duration.ofSeconds(longest), backoff);
    }

    private static int within(JsonNode node, String name, int least, int most, int otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw Errors.invalid("DeliveryPolicy: " + name + " must be between " + least + " and " + most);
        }
        return value.intValue();
    }

    private static JsonNode json(String document) {
        try {
            JsonNode node = JSON.readTree(document);
            return node == null ? JSON.missingNode() : node;
        } catch (JsonProcessingException malformed) {
            throw Errors.invalid("DeliveryPolicy: it is not valid JSON");
        }
    }

    /**
     * How long to wait after a failure.
     *
     * @param failures how many attempts have failed, 1 or more
     * @return empty if it is not tried again
     */
    Optional<Duration> delay(int failures) {
        if (failures > retries) {
            return Optional.empty();
        }
        int between = retries - atOnce - least - most;
        int step = failures - atOnce - least;
        if (failures <= atOnce) {
            return Optional.of(Duration.ZERO);
        }
        if (step <= 0) {
            return Optional.of(shortest);
        }
        if (step > between) {
            return Optional.of(longest);
        }
        double part = (double) step / (between + 1);
        double grown = switch (backoff) {
            case "exponential", "geometric" ->
                Math.pow((double) longest.toMillis() / shortest.toMillis(), part) * shortest.toMillis();
            case "arithmetic" -> shortest.toMillis() + part * part * (longest.toMillis() - shortest.toMillis());
            default -> shortest.toMillis() + part * (longest.toMillis() - shortest.toMillis());
        };
        return Optional.of(Duration.ofMillis((long) grown));
    }
}
