package dev.outcrop.services.sqs;

import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.CONTENT_BASED_DEDUPLICATION;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.DEDUPLICATION_SCOPE;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.DELAY_SECONDS;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.FIFO_QUEUE;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.FIFO_THROUGHPUT_LIMIT;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.KMS_MASTER_KEY_ID;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_ALLOW_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.SQS_MANAGED_SSE_ENABLED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.kernel.AwsError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What the attributes of queues may be.
 *
 * <p>Source: "SetQueueAttributes" and "CreateQueue" of the Amazon SQS API Reference; "Amazon SQS dead-letter queues" of
 * the developer guide.
 */
final class QueueAttributes {
    static final int LARGEST_MESSAGE = 1_048_576;
    static final int USUAL_VISIBILITY_TIMEOUT = 30;
    static final int USUAL_RETENTION = 345_600;
    static final int USUAL_KEY_REUSE = 300;
    static final int LONGEST_VISIBILITY_TIMEOUT = 43_200;

    private static final int LARGEST_DOCUMENT = 65_536;
    private static final int MOST_SOURCES = 10;
    private static final Set<QueueAttributeName> FLAGS =
            Set.of(FIFO_QUEUE, CONTENT_BASED_DEDUPLICATION, SQS_MANAGED_SSE_ENABLED);
    private static final Set<QueueAttributeName> OF_FIFO =
            Set.of(FIFO_QUEUE, CONTENT_BASED_DEDUPLICATION, DEDUPLICATION_SCOPE, FIFO_THROUGHPUT_LIMIT);
    private static final Map<QueueAttributeName, Range> RANGES = Map.of(
            QueueAttributeName.DELAY_SECONDS,
            new Range(0, 900),
            QueueAttributeName.MAXIMUM_MESSAGE_SIZE,
            new Range(1024, LARGEST_MESSAGE),
            QueueAttributeName.MESSAGE_RETENTION_PERIOD,
            new Range(60, 1_209_600),
            QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
            new Range(0, 20),
            QueueAttributeName.VISIBILITY_TIMEOUT,
            new Range(0, LONGEST_VISIBILITY_TIMEOUT),
            QueueAttributeName.KMS_DATA_KEY_REUSE_PERIOD_SECONDS,
            new Range(60, 86_400));
    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxDocumentLength(LARGEST_DOCUMENT)
                            .build())
                    .build())
            .build();

    private final Function<String, Optional<Queue>> byArn;

    /** @param byArn finds the queues that policies name */
    QueueAttributes(Function<String, Optional<Queue>> byArn) {
        this.byArn = byArn;
    }

    private record Range(int least, int most) {}

    /** What a new queue has beside what its maker asks for. */
    static Map<String, String> ofNew(boolean fifo) {
        Map<String, String> attributes = new TreeMap<>();
        attributes.put(SQS_MANAGED_SSE_ENABLED.toString(), "true");
        if (fifo) {
            attributes.put(CONTENT_BASED_DEDUPLICATION.toString(), "false");
            attributes.put(DEDUPLICATION_SCOPE.toString(), "queue");
            attributes.put(FIFO_THROUGHPUT_LIMIT.toString(), "perQueue");
        }
        return attributes;
    }

    /**
     * The attributes after a change.
     *
     * @param name    of the queue
     * @param creating whether the queue is new
     * @throws AwsError if a value is not one that the attribute may have
     */
    Map<String, String> changed(
            String account,
            String region,
            String name,
            Map<String, String> present,
            Map<String, String> given,
            boolean creating) {
        boolean fifo = name.endsWith(".fifo");
        Map<String, String> changed = new TreeMap<>(present);
        given.forEach((key, value) -> {
            QueueAttributeName attribute = QueueAttributeName.fromValue(key);
            check(attribute, key, value, fifo, creating);
            changed.put(key, value);
        });
        if (creating && fifo && !"true".equals(given.get(FIFO_QUEUE.toString()))) {
            throw Errors.invalidParameter(
                    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must"
                            + " end with .fifo suffix and be 1 to 80 in length.");
        }
        encryption(given, changed);
        if ("perMessageGroupId".equals(changed.get(FIFO_THROUGHPUT_LIMIT.toString()))
                && !"messageGroup".equals(changed.get(DEDUPLICATION_SCOPE.toString()))) {
            throw new AwsError(
                    "InvalidAttributeValue",
                    400,
                    "Invalid value for the parameter FifoThroughputLimit. Reason: The perMessageGroupId value is allowed"
                            + " only when the value for DeduplicationScope is messageGroup.");
        }
        redrive(Queue.arn(account, region, name), given.get(REDRIVE_POLICY.toString()), fifo);
        redriveAllow(given.get(REDRIVE_ALLOW_POLICY.toString()));
        String policy = given.get(POLICY.toString());
        if (policy != null && !policy.isEmpty()) {
            QueuePolicies.check(policy);
        }
        changed.values().removeIf(String::isEmpty);
        return changed;
    }

    private static void check(QueueAttributeName attribute, String name, String value, boolean fifo, boolean creating) {
        switch (attribute) {
            case UNKNOWN_TO_SDK_VERSION, ALL ->
                throw new AwsError("InvalidAttributeName", 400, "Unknown Attribute " + name + ".");
            case APPROXIMATE_NUMBER_OF_MESSAGES,
                    APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                    APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                    CREATED_TIMESTAMP,
                    LAST_MODIFIED_TIMESTAMP,
                    QUEUE_ARN -> throw new AwsError("InvalidAttributeName", 400, "Unknown Attribute " + name + ".");
            case DELAY_SECONDS,
                    MAXIMUM_MESSAGE_SIZE,
                    MESSAGE_RETENTION_PERIOD,
                    RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
                    VISIBILITY_TIMEOUT,
                    KMS_DATA_KEY_REUSE_PERIOD_SECONDS -> {
                Range range = RANGES.get(attribute);
                if (!value.matches("[0-9]{1,9}")
                        || Integer.parseInt(value) < range.least
                        || Integer.parseInt(value) > range.most) {
                    throw invalidValue(name);
                }
            }
            case FIFO_QUEUE, CONTENT_BASED_DEDUPLICATION, SQS_MANAGED_SSE_ENABLED -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw invalidValue(name);
                }
            }
            case DEDUPLICATION_SCOPE -> requireOneOf(name, value, "messageGroup", "queue");
            case FIFO_THROUGHPUT_LIMIT -> requireOneOf(name, value, "perQueue", "perMessageGroupId");
            case KMS_MASTER_KEY_ID -> {
                if (value.length() > 2048) {
                    throw invalidValue(name);
                }
            }
            case POLICY, REDRIVE_POLICY, REDRIVE_ALLOW_POLICY -> {
                if (value.length() > LARGEST_DOCUMENT) {
                    throw invalidValue(name);
                }
            }
        }
        boolean emptied = FLAGS.contains(attribute) && value.equals("false");
        if (OF_FIFO.contains(attribute) && !fifo && !emptied) {
            throw attribute == FIFO_QUEUE
                    ? Errors.invalidParameter("The name of a FIFO queue can only include alphanumeric characters,"
                            + " hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
                    : new AwsError(
                            "InvalidAttributeName",
                            400,
                            "You can specify the " + name + " only when FifoQueue is set to true.");
        }
        if (attribute == FIFO_QUEUE && (!creating || (fifo && value.equals("false")))) {
            throw new AwsError(
                    creating ? "InvalidAttributeValue" : "InvalidAttributeName",
                    400,
                    creating ? "Invalid value for the parameter FifoQueue." : "Unknown Attribute FifoQueue.");
        }
    }

    private static void requireOneOf(String name, String value, String... allowed) {
        if (!List.of(allowed).contains(value)) {
            throw invalidValue(name);
        }
    }

    private static AwsError invalidValue(String name) {
        return new AwsError("InvalidAttributeValue", 400, "Invalid value for the parameter " + name + ".");
    }

    /** A queue has either kind of encryption; asking for one ends the other. */
    private static void encryption(Map<String, String> given, Map<String, String> changed) {
        String key = given.get(KMS_MASTER_KEY_ID.toString());
        boolean managed = "true".equals(given.get(SQS_MANAGED_SSE_ENABLED.toString()));
        if (key != null && !key.isEmpty()) {
            if (managed) {
                throw new AwsError(
                        "InvalidAttributeValue",
                        400,
                        "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE"
                                + " or SQS SSE.");
            }
            changed.put(SQS_MANAGED_SSE_ENABLED.toString(), "false");
        } else if (managed) {
            changed.remove(KMS_MASTER_KEY_ID.toString());
        }
    }

    private void redrive(String own, String document, boolean fifo) {
        if (document == null || document.isEmpty()) {
            return;
        }
        JsonNode policy = object(document, "RedrivePolicy");
        String target = policy.path("deadLetterTargetArn").asText("");
        JsonNode count = policy.path("maxReceiveCount");
        if (target.isEmpty()) {
            throw invalidRedrive(document, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        }
        if (count.isMissingNode()) {
            throw invalidRedrive(document, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        }
        if (!count.asText().matches("[0-9]{1,4}") || count.asInt() < 1 || count.asInt() > 1000) {
            throw invalidRedrive(
                    document,
                    "Invalid value for maxReceiveCount: " + count.asText()
                            + ", valid values are from 1 to 1000 both inclusive.");
        }
        String[] parts = target.split(":", -1);
        String[] home = own.split(":", -1);
        if (parts.length != 6 || !target.startsWith("arn:aws:sqs:")) {
            throw invalidRedrive(document, "Invalid value for deadLetterTargetArn.");
        }
        if (!parts[3].equals(home[3]) || !parts[4].equals(home[4])) {
            throw invalidRedrive(document, "Dead letter target must be in the same account and region as the source.");
        }
        Queue queue =
                byArn.apply(target).orElseThrow(() -> invalidRedrive(document, "Dead letter target does not exist."));
        if (queue.isFifo() != fifo) {
            throw invalidRedrive(document, "Dead-letter queue must be same type of queue as the source.");
        }
        if (!allows(queue, own)) {
            throw invalidRedrive(
                    document, "Queue " + own + " is not allowed by the redrive allow policy of the dead-letter queue.");
        }
    }

    /** Whether a dead-letter queue takes the messages of the queue with {@code source}. */
    static boolean allows(Queue target, String source) {
        Optional<String> document = target.attribute(REDRIVE_ALLOW_POLICY);
        if (document.isEmpty()) {
            return true;
        }
        JsonNode policy = object(document.get(), "RedriveAllowPolicy");
        return switch (policy.path("redrivePermission").asText()) {
            case "denyAll" -> false;
            case "byQueue" -> {
                for (JsonNode arn : policy.path("sourceQueueArns")) {
                    if (arn.asText().equals(source)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> true;
        };
    }

    private static void redriveAllow(String document) {
        if (document == null || document.isEmpty()) {
            return;
        }
        JsonNode policy = object(document, "RedriveAllowPolicy");
        String permission = policy.path("redrivePermission").asText("");
        JsonNode sources = policy.path("sourceQueueArns");
        boolean byQueue = permission.equals("byQueue");
        if (!Set.of("allowAll", "denyAll", "byQueue").contains(permission)
                || byQueue != !sources.isMissingNode()
                || (byQueue && (!sources.isArray() || sources.isEmpty() || sources.size() > MOST_SOURCES))) {
            throw Errors.invalidParameter(
                    document,
                    "RedriveAllowPolicy",
                    byQueue
                            ? "Amazon SQS can't create the redrive allow policy. You must give 1 to " + MOST_SOURCES
                                    + " values of sourceQueueArns."
                            : "Amazon SQS can't create the redrive allow policy, as it is in an unsupported format.");
        }
    }

    private static JsonNode object(String document, String name) {
        try {
            JsonNode node = JSON.readTree(document);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException malformed) {
            // Told below.
        }
        throw name.equals("RedrivePolicy")
                ? invalidRedrive(document, "Redrive policy is not a valid JSON map.")
                : Errors.invalidParameter(document, name, "It is not a valid JSON map.");
    }

    private static AwsError invalidRedrive(String document, String reason) {
        return Errors.invalidParameter(document, "RedrivePolicy", reason);
    }

    /** All that a queue has, its own attributes with what AWS adds where nothing was set. */
    static Map<String, String> all(Queue queue, QueueIndex.Counts counts) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("QueueArn", queue.arn());
        all.put("ApproximateNumberOfMessages", String.valueOf(counts.visible()));
        all.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(counts.inFlight()));
        all.put("ApproximateNumberOfMessagesDelayed", String.valueOf(counts.delayed()));
        all.put("CreatedTimestamp", String.valueOf(queue.createdAt() / 1000));
        all.put("LastModifiedTimestamp", String.valueOf(queue.modifiedAt() / 1000));
        all.put("VisibilityTimeout", String.valueOf(queue.visibilityTimeout()));
        all.put("MaximumMessageSize", String.valueOf(queue.maximumMessageSize()));
        all.put("MessageRetentionPeriod", String.valueOf(queue.retentionMillis() / 1000));
        all.put(DELAY_SECONDS.toString(), String.valueOf(queue.delaySeconds()));
        all.put("ReceiveMessageWaitTimeSeconds", String.valueOf(queue.waitSeconds()));
        if (queue.kmsKey().isPresent()) {
            all.put("KmsDataKeyReusePeriodSeconds", String.valueOf(queue.dataKeyReuseSeconds()));
        }
        all.putAll(queue.attributes());
        if (!queue.isFifo()) {
            OF_FIFO.forEach(attribute -> all.remove(attribute.toString()));
        }
        return all;
    }
}
