package dev.outcrop.services.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What was published.
 *
 * @param bodies          by protocol, with {@code default} for all others
 * @param subject         empty if there is none
 * @param time            in AWS's form
 * @param sequence        empty unless the topic is FIFO
 * @param group           empty if there is none
 * @param deduplicationId empty unless the topic is FIFO
 * @param attributes      by name
 */
record PublishedMessage(
        String id,
        String topic,
        String subject,
        Map<String, String> bodies,
        String time,
        String sequence,
        String group,
        String deduplicationId,
        String signatureVersion,
        Map<String, Attribute> attributes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An attribute; the value of one of the type {@code Binary} is in base64. */
    record Attribute(String type, String value) {
        boolean isBinary() {
            return type.equals("Binary") || type.startsWith("Binary.");
        }
    }

    String body(String protocol) {
        String own = bodies.get(protocol);
        return own == null ? bodies.get("default") : own;
    }

    PublishedMessage called(String otherId) {
        return new PublishedMessage(
                otherId, topic, subject, bodies, time, sequence, group, deduplicationId, signatureVersion, attributes);
    }

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static PublishedMessage read(byte[] bytes) {
        try {
            return JSON.readValue(bytes, PublishedMessage.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a published message cannot be read", damaged);
        }
    }
}
