package dev.outcrop.services.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.storage.RecordKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A queue as it is kept.
 *
 * @param uid        names its messages; no other queue ever had it
 * @param attributes those that were set, by name
 * @param createdAt  in milliseconds since 1970
 * @param modifiedAt in milliseconds since 1970
 * @param purgedAt   what was sent until then is gone, in milliseconds since 1970; 0 if it was never purged
 */
record Queue(
        String account,
        String region,
        String name,
        String uid,
        Map<String, String> attributes,
        long createdAt,
        long modifiedAt,
        long purgedAt) {
    static final String TYPE = "sqs:queue";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** When a message is moved to a dead-letter queue. */
    record Redrive(String target, int maxReceiveCount) {}

    Queue {
        attributes = Map.copyOf(attributes);
    }

    static RecordKey key(String account, String region, String name) {
        return new RecordKey(TYPE, account, region, name);
    }

    RecordKey key() {
        return key(account, region, name);
    }

    static String arn(String account, String region, String name) {
        return "arn:aws:sqs:" + region + ":" + account + ":" + name;
    }

    String arn() {
        return arn(account, region, name);
    }

    boolean isFifo() {
        return name.endsWith(".fifo");
    }

    Optional<String> attribute(QueueAttributeName attribute) {
        return Optional.ofNullable(attributes.get(attribute.toString())).filter(value -> !value.isEmpty());
    }

    private int number(QueueAttributeName attribute, int otherwise) {
        String value = attributes.get(attribute.toString());
        return value == null ? otherwise : Integer.parseInt(value);
    }

    private boolean flag(QueueAttributeName attribute) {
        return "true".equals(attributes.get(attribute.toString()));
    }

    int visibilityTimeout() {
        return number(QueueAttributeName.VISIBILITY_TIMEOUT, QueueAttributes.USUAL_VISIBILITY_TIMEOUT);
    }

    int delaySeconds() {
        return number(QueueAttributeName.DELAY_SECONDS, 0);
    }

    int waitSeconds() {
        return number(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, 0);
    }

    int maximumMessageSize() {
        return number(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, QueueAttributes.LARGEST_MESSAGE);
    }

    long retentionMillis() {
        return number(QueueAttributeName.MESSAGE_RETENTION_PERIOD, QueueAttributes.USUAL_RETENTION) * 1000L;
    }

    int dataKeyReuseSeconds() {
        return number(QueueAttributeName.KMS_DATA_KEY_REUSE_PERIOD_SECONDS, QueueAttributes.USUAL_KEY_REUSE);
    }

    boolean deduplicatesByContent() {
        return flag(QueueAttributeName.CONTENT_BASED_DEDUPLICATION);
    }

    boolean deduplicatesByGroup() {
        return "messageGroup".equals(attributes.get(QueueAttributeName.DEDUPLICATION_SCOPE.toString()));
    }

    boolean isEncrypted() {
        return !"false".equals(attributes.get(QueueAttributeName.SQS_MANAGED_SSE_ENABLED.toString()));
    }

    Optional<String> kmsKey() {
        return attribute(QueueAttributeName.KMS_MASTER_KEY_ID);
    }

    Optional<Redrive> redrive() {
        return attribute(QueueAttributeName.REDRIVE_POLICY).map(document -> {
            JsonNode policy = json(document);
            return new Redrive(
                    policy.path("deadLetterTargetArn").asText(),
                    policy.path("maxReceiveCount").asInt());
        });
    }

    private static JsonNode json(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    Queue with(Map<String, String> changed, long now) {
        return new Queue(account, region, name, uid, changed, createdAt, now, purgedAt);
    }

    Queue purged(long now) {
        return new Queue(account, region, name, uid, attributes, createdAt, modifiedAt, now);
    }

    private record Stored(String uid, Map<String, String> attributes, long createdAt, long modifiedAt, long purgedAt) {}

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(new Stored(uid, new TreeMap<>(attributes), createdAt, modifiedAt, purgedAt));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Queue read(RecordKey key, byte[] body) {
        try {
            Stored stored = JSON.readValue(body, Stored.class);
            return new Queue(
                    key.account(),
                    key.region(),
                    key.id(),
                    stored.uid,
                    stored.attributes,
                    stored.createdAt,
                    stored.modifiedAt,
                    stored.purgedAt);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the queue " + key + " cannot be read", damaged);
        }
    }
}
