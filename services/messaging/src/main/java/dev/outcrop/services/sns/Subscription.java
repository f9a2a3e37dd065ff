package dev.outcrop.services.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.storage.RecordKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * A subscription as it is kept, in the account and region of its topic.
 *
 * @param topic      ARN of the topic
 * @param topicUid   of the topic
 * @param owner      account of who subscribed
 * @param token      what confirms it; empty once it is confirmed
 * @param guarded    whether only those who may can end it
 * @param baseUrl    where who subscribed reached this server
 * @param attributes those that were set, by name
 */
record Subscription(
        String id,
        String topic,
        String topicUid,
        String owner,
        String protocol,
        String endpoint,
        String token,
        boolean guarded,
        String baseUrl,
        Map<String, String> attributes) {
    static final String TYPE = "sns:subscription";

    private static final ObjectMapper JSON = new ObjectMapper();

    Subscription {
        attributes = Map.copyOf(attributes);
    }

    String arn() {
        return topic + ":" + id;
    }

    RecordKey key() {
        String[] parts = topic.split(":", -1);
        return new RecordKey(TYPE, parts[4], parts[3], id);
    }

    /** No two subscriptions of a topic have the same. */
    String name() {
        return protocol + " " + endpoint;
    }

    boolean isPending() {
        return !token.isEmpty();
    }

    Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name)).filter(value -> !value.isEmpty());
    }

    boolean isRaw() {
        return "true".equals(attributes.get("RawMessageDelivery"));
    }

    Subscription confirmed(boolean onlyWhoMay) {
        return new Subscription(id, topic, topicUid, owner, protocol, endpoint, "", onlyWhoMay, baseUrl, attributes);
    }

    Subscription with(Map<String, String> changed) {
        return new Subscription(id, topic, topicUid, owner, protocol, endpoint, token, guarded, baseUrl, changed);
    }

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(
                    new Stored(topic, topicUid, owner, protocol, endpoint, token, guarded, baseUrl, attributes));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private record Stored(
            String topic,
            String topicUid,
            String owner,
            String protocol,
            String endpoint,
            String token,
            boolean guarded,
            String baseUrl,
            Map<String, String> attributes) {}

    static Subscription read(RecordKey key, byte[] body) {
        try {
            Stored stored = JSON.readValue(body, Stored.class);
            return new Subscription(
                    key.id(),
                    stored.topic,
                    stored.topicUid,
                    stored.owner,
                    stored.protocol,
                    stored.endpoint,
                    stored.token,
                    stored.guarded,
                    stored.baseUrl,
                    stored.attributes);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the subscription " + key + " cannot be read", damaged);
        }
    }
}
