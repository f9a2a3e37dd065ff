package dev.outcrop.services.sns;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.services.messaging.FifoOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/**
 * Publishes messages: each with its deliveries in one transaction.
 *
 * <p>Source: "Publish" and "PublishBatch" of the Amazon SNS API Reference; "Message deduplication for FIFO topics" of the
 * developer guide.
 */
final class Publishing {
    private static final int LARGEST = 262_144;
    private static final int MOST_ENTRIES = 10;
    private static final int LONGEST_SUBJECT = 100;
    private static final String ID_CHARACTERS = "[\\p{Alnum}\\p{Punct}]{1,128}";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .build())
            .build();

    private final Topics topics;
    private final Deliveries deliveries;
    private final TopicMetrics metrics;
    private final Ids ids;
    private final InstantSource clock;

    Publishing(Topics topics, Deliveries deliveries, TopicMetrics metrics, Ids ids, InstantSource clock) {
        this.topics = topics;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.ids = ids;
        this.clock = clock;
    }

    PublishResponse publish(PublishRequest request) {
        if (request.phoneNumber() != null) {
            throw AwsError.notImplemented("sns", "Publish to a phone number");
        }
        if (request.topicArn() == null && request.targetArn() == null) {
            throw Errors.invalid("TopicArn or TargetArn Reason: no value for required parameter");
        }
        Topic topic = topics.topic(request.topicArn() == null ? request.targetArn() : request.topicArn());
        PublishBatchRequestEntry entry = PublishBatchRequestEntry.builder()
                .message(request.message())
                .subject(request.subject())
                .messageStructure(request.messageStructure())
                .messageAttributes(request.messageAttributes())
                .messageGroupId(request.messageGroupId())
                .messageDeduplicationId(request.messageDeduplicationId())
                .build();
        PublishedMessage published =
                deliveries.publish(topic, List.of(checked(topic, entry))).getFirst();
        metrics.published(topic, (double) size(entry));
        return PublishResponse.builder()
                .messageId(published.id())
                .sequenceNumber(published.sequence().isEmpty() ? null : published.sequence())
                .build();
    }

    PublishBatchResponse publish(PublishBatchRequest request) {
        Topic topic = topics.topic(request.topicArn());
        List<PublishBatchRequestEntry> entries = request.publishBatchRequestEntries();
        check(entries);
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<PublishedMessage> good = new ArrayList<>();
        List<PublishBatchRequestEntry> goodEntries = new ArrayList<>();
        for (PublishBatchRequestEntry entry : entries) {
            try {
                good.add(checked(topic, entry));
                goodEntries.add(entry);
            } catch (AwsError error) {
                failed.add(BatchResultErrorEntry.builder()
                        .id(entry.id())
                        .code(error.code())
                        .message(error.getMessage())
                        .senderFault(true)
                        .build());
            }
        }
        List<PublishedMessage> published = good.isEmpty() ? List.of() : deliveries.publish(topic, good);
        List<PublishBatchResultEntry> successful = new ArrayList<>();
        for (int i = 0; i < published.size(); i++) {
            PublishedMessage message = published.get(i);
            metrics.published(topic, (double) size(goodEntries.get(i)));
            successful.add(PublishBatchResultEntry.builder()
                    .id(goodEntries.get(i).id())
                    .messageId(message.id())
                    .sequenceNumber(message.sequence().isEmpty() ? null : message.sequence())
                    .build());
        }
        return PublishBatchResponse.builder()
                .successful(successful)
                .failed(failed)
                .build();
    }

    private static void check(List<PublishBatchRequestEntry> entries) {
        if (entries.isEmpty()) {
            throw new AwsError("EmptyBatchRequest", 400, "The batch request doesn't contain any entries.");
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new AwsError(
                    "TooManyEntriesInBatchRequest", 400, "The batch request contains more entries than permissible.");
        }
        Set<String> seen = new HashSet<>();
        long size = 0;
        for (PublishBatchRequestEntry entry : entries) {
            if (!entry.id().matches("[A-Za-z0-9_-]{1,80}")) {
                throw new AwsError(
                        "InvalidBatchEntryId",
                        400,
                        "The Id of a batch entry in a batch request doesn't abide by the" + " specification.");
            }
            if (!seen.add(entry.id())) {
                throw new AwsError(
                        "BatchEntryIdsNotDistinct", 400, "Two or more batch entries in the request have the same Id.");
            }
            size += size(entry);
        }
        if (size > LARGEST) {
            throw new AwsError(
                    "BatchRequestTooLong",
                    400,
                    "The length of all the batch messages put together is more than the" + " limit.");
        }
    }

    private static long size(PublishBatchRequestEntry entry) {
        long size = entry.message().getBytes(UTF_8).length;
        for (Map.Entry<String, MessageAttributeValue> attribute :
                entry.messageAttributes().entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            size += attribute.getKey().getBytes(UTF_8).length;
            size += value.dataType() == null ? 0 : value.dataType().getBytes(UTF_8).length;
            size += value.stringValue() == null ? 0 : value.stringValue().getBytes(UTF_8).length;
            size += value.binaryValue() == null ? 0 : value.binaryValue().asByteArrayUnsafe().length;
        }
        return size;
    }

    private PublishedMessage checked(Topic topic, PublishBatchRequestEntry entry) {
        if (entry.message() == null || entry.message().isEmpty()) {
            throw Errors.invalid("Empty message");
        }
        if (size(entry) > LARGEST) {
            throw Errors.invalid("Message too long");
        }
        String subject = entry.subject() == null ? "" : entry.subject();
        boolean printable = subject.chars().allMatch(character -> character >= 0x20 && character != 0x7F);
        if (entry.subject() != null && (subject.isEmpty() || subject.length() > LONGEST_SUBJECT || !printable)) {
            throw Errors.invalid("Subject");
        }
        String group = entry.messageGroupId() == null ? "" : entry.messageGroupId();
        if (topic.isFifo() && group.isEmpty()) {
            throw Errors.invalid("The MessageGroupId parameter is required for FIFO topics");
        }
        if (!group.isEmpty() && !group.matches(ID_CHARACTERS)) {
            throw Errors.invalid("MessageGroupId Reason: it can only include alphanumeric and punctuation characters,"
                    + " 1 to 128 in length");
        }
        return new PublishedMessage(
                ids.uuid(),
                topic.arn(),
                subject,
                bodies(entry.message(), entry.messageStructure()),
                TIME.format(clock.instant()),
                "",
                group,
                deduplicationId(topic, entry.messageDeduplicationId(), entry.message()),
                topic.attribute("SignatureVersion").orElse("1"),
                attributes(entry.messageAttributes()));
    }

    private static Map<String, String> bodies(String message, String structure) {
        if (structure == null) {
            return Map.of("default", message);
        }
        if (!structure.equals("json")) {
            throw Errors.invalid("Invalid value for MessageStructure: " + structure);
        }
        Map<String, String> bodies = new LinkedHashMap<>();
        try {
            JsonNode parsed = JSON.readTree(message);
            if (parsed == null || !parsed.isObject()) {
                throw Errors.invalid("Message Structure - JSON message body failed to parse");
            }
            parsed.properties().forEach(body -> {
                if (body.getValue().isTextual()) {
                    bodies.put(body.getKey(), body.getValue().textValue());
                }
            });
        } catch (JsonProcessingException malformed) {
            throw Errors.invalid("Message Structure - JSON message body failed to parse");
        }
        if (!bodies.containsKey("default")) {
            throw Errors.invalid("Message Structure - No default entry in JSON message body");
        }
        return bodies;
    }

    private static String deduplicationId(Topic topic, String given, String message) {
        if (!topic.isFifo()) {
            if (given != null) {
                throw Errors.invalid(
                        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not"
                                + " valid for this topic type");
            }
            return "";
        }
        if (given == null) {
            if (!topic.attribute("ContentBasedDeduplication").equals(Optional.of("true"))) {
                throw Errors.invalid("The topic should either have ContentBasedDeduplication enabled or"
                        + " MessageDeduplicationId provided explicitly");
            }
            return sha256(message);
        }
        if (!given.matches(ID_CHARACTERS)) {
            throw Errors.invalid("MessageDeduplicationId Reason: it can only include alphanumeric and punctuation"
                    + " characters, 1 to 128 in length");
        }
        return given;
    }

    private static Map<String, PublishedMessage.Attribute> attributes(Map<String, MessageAttributeValue> given) {
        Map<String, PublishedMessage.Attribute> attributes = new TreeMap<>();
        given.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9_.-]{1,256}") || name.startsWith(".") || name.endsWith(".")) {
                throw parameterValue("The message attribute name '" + name + "' is invalid.");
            }
            String type = value.dataType() == null ? "" : value.dataType();
            String kind = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
            boolean binary = kind.equals("Binary");
            if (!List.of("String", "Number", "Binary").contains(kind)) {
                throw parameterValue("The message attribute '" + name
                        + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number,"
                        + " and String.");
            }
            boolean empty = binary
                    ? value.binaryValue() == null || value.binaryValue().asByteArrayUnsafe().length == 0
                    : value.stringValue() == null || value.stringValue().isEmpty();
            if (empty) {
                throw parameterValue("The message attribute '" + name
                        + "' must contain non-empty message attribute value for message attribute type '" + type
                        + "'.");
            }
            if (kind.equals("Number")
                    && !value.stringValue().matches("[+-]?[0-9]{1,128}([.][0-9]{0,128})?([eE][+-]?[0-9]{1,3})?")) {
                throw parameterValue("Could not cast message attribute '" + name + "' value to number.");
            }
            attributes.put(
                    name,
                    new PublishedMessage.Attribute(
                            type,
                            binary
                                    ? Base64.getEncoder()
                                            .encodeToString(value.binaryValue().asByteArrayUnsafe())
                                    : value.stringValue()));
        });
        return attributes;
    }

    private static AwsError parameterValue(String message) {
        return new AwsError("ParameterValueInvalid", 400, message);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** A message at its place in the order of a FIFO topic. */
    static PublishedMessage at(PublishedMessage message, long sequence) {
        return new PublishedMessage(
                message.id(),
                message.topic(),
                message.subject(),
                message.bodies(),
                message.time(),
                FifoOrder.number(sequence),
                message.group(),
                message.deduplicationId(),
                message.signatureVersion(),
                message.attributes());
    }
}
