package dev.outcrop.services.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.services.messaging.FifoOrder;
import dev.outcrop.storage.RecordKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A topic as it is kept.
 *
 * @param uid        no other topic ever had it
 * @param attributes those that were set, by name
 */
record Topic(String account, String region, String name, String uid, Map<String, String> attributes) {
    static final String TYPE = "sns:topic";

    private static final ObjectMapper JSON = new ObjectMapper();

    Topic {
        attributes = Map.copyOf(attributes);
    }

    private record Stored(String uid, Map<String, String> attributes) {}

    static String arn(String account, String region, String name) {
        return "arn:aws:sns:" + region + ":" + account + ":" + name;
    }

    String arn() {
        return arn(account, region, name);
    }

    static RecordKey key(String account, String region, String name) {
        return new RecordKey(TYPE, account, region, name);
    }

    RecordKey key() {
        return key(account, region, name);
    }

    FifoOrder.Place place() {
        return new FifoOrder.Place(account, region, uid);
    }

    boolean isFifo() {
        return name.endsWith(".fifo");
    }

    Optional<String> attribute(String attribute) {
        return Optional.ofNullable(attributes.get(attribute)).filter(value -> !value.isEmpty());
    }

    /** Who may do what with it: what was set, or the account that it belongs to all. */
    String policy() {
        return attribute("Policy").orElseGet(() -> """
                {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID",\
                "Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes",\
                "SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",\
                "SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"%s",\
                "Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}""".formatted(arn(), account));
    }

    Topic with(Map<String, String> changed) {
        return new Topic(account, region, name, uid, changed);
    }

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(new Stored(uid, new TreeMap<>(attributes)));
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static Topic read(RecordKey key, byte[] body) {
        try {
            Stored stored = JSON.readValue(body, Stored.class);
            return new Topic(key.account(), key.region(), key.id(), stored.uid, stored.attributes);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the topic " + key + " cannot be read", damaged);
        }
    }
}
