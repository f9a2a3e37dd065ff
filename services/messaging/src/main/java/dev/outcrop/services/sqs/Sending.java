package dev.outcrop.services.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.services.messaging.FifoOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * Sends messages, one or a batch, in one transaction.
 *
 * <p>Source: "SendMessage" and "SendMessageBatch" of the Amazon SQS API Reference.
 */
final class Sending {
    private static final int LONGEST_DELAY = 900;
    private static final Pattern GROUP_CHARACTERS = Pattern.compile("[\\p{Alnum}\\p{Punct}]{1,128}");
    private static final String TRACE_HEADER = MessageSystemAttributeNameForSends.AWS_TRACE_HEADER.toString();

    private final Queues queues;
    private final Messages messages;
    private final Sealing sealing;
    private final QueueMetrics metrics;
    private final Ids ids;
    private final InstantSource clock;

    Sending(Queues queues, Messages messages, Sealing sealing, QueueMetrics metrics, Ids ids, InstantSource clock) {
        this.queues = queues;
        this.messages = messages;
        this.sealing = sealing;
        this.metrics = metrics;
        this.ids = ids;
        this.clock = clock;
    }

    SendMessageResponse send(SendMessageRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Checked checked = check(
                queue,
                SendMessageBatchRequestEntry.builder()
                        .messageBody(request.messageBody())
                        .delaySeconds(request.delaySeconds())
                        .messageAttributes(request.messageAttributes())
                        .messageSystemAttributesWithStrings(request.messageSystemAttributesAsStrings())
                        .messageDeduplicationId(request.messageDeduplicationId())
                        .messageGroupId(request.messageGroupId())
                        .build());
        Messages.Sent sent = messages.send(queue, List.of(checked.draft)).getFirst();
        metrics.sent(queue, List.of(checked.size));
        return SendMessageResponse.builder()
                .messageId(sent.id())
                .md5OfMessageBody(checked.bodyMd5())
                .md5OfMessageAttributes(checked.attributesMd5())
                .md5OfMessageSystemAttributes(checked.systemMd5)
                .sequenceNumber(sequenceNumber(queue, sent.sequence()))
                .build();
    }

    SendMessageBatchResponse send(SendMessageBatchRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Batches.check(
                request.entries().stream().map(SendMessageBatchRequestEntry::id).toList(),
                "SendMessageBatchRequestEntry");
        long size = 0;
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            size += entry.messageBody().getBytes(UTF_8).length;
            size += entry.messageAttributes().values().stream()
                            .allMatch(value -> value.dataType() != null
                                    && (value.stringValue() != null || value.binaryValue() != null))
                    ? MessageAttributes.size(entry.messageAttributes())
                    : 0;
        }
        if (size > QueueAttributes.LARGEST_MESSAGE) {
            throw new AwsError(
                    "BatchRequestTooLong",
                    400,
                    "Batch requests cannot be longer than " + QueueAttributes.LARGEST_MESSAGE + " bytes. You have sent "
                            + size + " bytes.");
        }
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<Checked> good = new ArrayList<>();
        List<String> goodIds = new ArrayList<>();
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            try {
                good.add(check(queue, entry));
                goodIds.add(entry.id());
            } catch (AwsError error) {
                if (error.code().startsWith("Kms")) {
                    throw error;
                }
                failed.add(Batches.failed(entry.id(), error));
            }
        }
        List<Messages.Sent> sent = good.isEmpty()
                ? List.of()
                : messages.send(queue, good.stream().map(Checked::draft).toList());
        if (!good.isEmpty()) {
            metrics.sent(queue, good.stream().map(Checked::size).toList());
        }
        List<SendMessageBatchResultEntry> successful = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            successful.add(SendMessageBatchResultEntry.builder()
                    .id(goodIds.get(i))
                    .messageId(sent.get(i).id())
                    .md5OfMessageBody(good.get(i).bodyMd5())
                    .md5OfMessageAttributes(good.get(i).attributesMd5())
                    .md5OfMessageSystemAttributes(good.get(i).systemMd5)
                    .sequenceNumber(sequenceNumber(queue, sent.get(i).sequence()))
                    .build());
        }
        return SendMessageBatchResponse.builder()
                .successful(successful)
                .failed(failed)
                .build();
    }

    /** What AWS calls the place of a message in a FIFO queue; of one in a standard queue null, as a response has it. */
    static String sequenceNumber(Queue queue, long sequence) {
        return queue.isFifo() ? FifoOrder.number(sequence) : null;
    }

    private record Checked(Messages.Draft draft, MessageContent content, String systemMd5, int size) {
        String bodyMd5() {
            return MessageAttributes.md5(content.body());
        }

        String attributesMd5() {
            return MessageAttributes.md5(content.attributes());
        }
    }

    private Checked check(Queue queue, SendMessageBatchRequestEntry entry) {
        String body = entry.messageBody();
        if (body.isEmpty()) {
            throw Errors.missingParameter("MessageBody");
        }
        MessageAttributes.check(entry.messageAttributes());
        int size = body.getBytes(UTF_8).length + MessageAttributes.size(entry.messageAttributes());
        if (size > queue.maximumMessageSize()) {
            throw Errors.invalidParameter("One or more parameters are invalid. Reason: Message must be shorter than "
                    + queue.maximumMessageSize() + " bytes.");
        }
        MessageAttributes.checkCharacters(body);
        String group = group(queue, entry.messageGroupId());
        String deduplication = deduplication(queue, entry.messageDeduplicationId(), body);
        int delay = delay(queue, entry.delaySeconds());
        Map<String, MessageAttributeValue> system = system(entry.messageSystemAttributesAsStrings());
        MessageContent content = new MessageContent(body, entry.messageAttributes());
        String id = ids.uuid();
        long now = clock.millis();
        QueuedMessage message = new QueuedMessage(
                0,
                id,
                now,
                CallContext.current().principal().id(),
                group,
                deduplication,
                system.isEmpty() ? "" : system.get(TRACE_HEADER).stringValue(),
                delay == 0 ? 0 : now + delay * 1000L,
                0,
                0,
                0,
                0,
                "",
                "",
                false,
                QueuedMessage.NOTHING);
        return new Checked(
                new Messages.Draft(message, sealing.sealed(queue, id, content.write())),
                content,
                MessageAttributes.md5(system),
                size);
    }

    private static String group(Queue queue, String group) {
        if (group == null) {
            if (queue.isFifo()) {
                throw Errors.missingParameter("MessageGroupId");
            }
            return "";
        }
        if (!GROUP_CHARACTERS.matcher(group).matches()) {
            throw Errors.invalidParameter(
                    group,
                    "MessageGroupId",
                    "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
        return group;
    }

    private static String deduplication(Queue queue, String given, String body) {
        if (!queue.isFifo()) {
            if (given != null) {
                throw Errors.invalidParameter(
                        given,
                        "MessageDeduplicationId",
                        "The request includes a parameter that is not valid for this queue type.");
            }
            return "";
        }
        if (given == null) {
            if (!queue.deduplicatesByContent()) {
                throw Errors.invalidParameter("The queue should either have ContentBasedDeduplication enabled or"
                        + " MessageDeduplicationId provided explicitly");
            }
            return sha256(body);
        }
        if (!GROUP_CHARACTERS.matcher(given).matches()) {
            throw Errors.invalidParameter(
                    given,
                    "MessageDeduplicationId",
                    "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in"
                            + " length.");
        }
        return given;
    }

    private static int delay(Queue queue, Integer given) {
        if (given == null) {
            return queue.delaySeconds();
        }
        if (given < 0 || given > LONGEST_DELAY) {
            throw Errors.invalidParameter(given, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
        }
        if (queue.isFifo() && given != 0) {
            throw Errors.invalidParameter(
                    given, "DelaySeconds", "The request include parameter that is not valid for this queue type.");
        }
        return queue.isFifo() ? queue.delaySeconds() : given;
    }

    /** System attributes in the form of the others, since their digest is made alike. */
    private static Map<String, MessageAttributeValue> system(Map<String, MessageSystemAttributeValue> given) {
        Map<String, MessageAttributeValue> system = new TreeMap<>();
        given.forEach((name, value) -> {
            if (!name.equals(TRACE_HEADER)) {
                throw Errors.invalidParameter("Message system attribute name '" + name + "' is invalid.");
            }
            if (!"String".equals(value.dataType())
                    || value.stringValue() == null
                    || value.stringValue().isEmpty()) {
                throw Errors.invalidParameter(
                        "The message system attribute '" + name + "' must be a non-empty String.");
            }
            system.put(
                    name,
                    MessageAttributeValue.builder()
                            .dataType(value.dataType())
                            .stringValue(value.stringValue())
                            .build());
        });
        return system;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
