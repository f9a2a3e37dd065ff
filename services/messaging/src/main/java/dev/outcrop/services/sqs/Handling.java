package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;

/**
 * What is done with messages that were received, by their handles. Only the handle of a message's last receive works.
 *
 * <p>Source: "DeleteMessage" and "ChangeMessageVisibility" of the Amazon SQS API Reference.
 */
final class Handling {
    private static final int ATTEMPTS = 10;

    private final Queues queues;
    private final Messages messages;
    private final Receipts receipts;
    private final QueueMetrics metrics;
    private final InstantSource clock;

    Handling(Queues queues, Messages messages, Receipts receipts, QueueMetrics metrics, InstantSource clock) {
        this.queues = queues;
        this.messages = messages;
        this.receipts = receipts;
        this.metrics = metrics;
        this.clock = clock;
    }

    void delete(DeleteMessageRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        deletable(queue, request.receiptHandle()).ifPresent(message -> delete(queue, List.of(message)));
    }

    DeleteMessageBatchResponse delete(DeleteMessageBatchRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Batches.check(
                request.entries().stream()
                        .map(DeleteMessageBatchRequestEntry::id)
                        .toList(),
                "DeleteMessageBatchRequestEntry");
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<DeleteMessageBatchResultEntry> successful = new ArrayList<>();
        List<QueuedMessage> removed = new ArrayList<>();
        for (DeleteMessageBatchRequestEntry entry : request.entries()) {
            try {
                deletable(queue, entry.receiptHandle()).ifPresent(removed::add);
                successful.add(
                        DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
            } catch (AwsError error) {
                failed.add(Batches.failed(entry.id(), error));
            }
        }
        if (!removed.isEmpty()) {
            delete(queue, removed);
        }
        return DeleteMessageBatchResponse.builder()
                .successful(successful)
                .failed(failed)
                .build();
    }

    private void delete(Queue queue, List<QueuedMessage> removed) {
        messages.delete(queue, removed);
        metrics.deleted(queue, removed.size());
    }

    /** The message that a handle deletes; empty if it is gone, or was received again since. */
    private Optional<QueuedMessage> deletable(Queue queue, String handle) {
        Receipts.Receipt receipt = receipts.read(queue, handle);
        QueueIndex index = messages.index(queue);
        Optional<QueueIndex.Entry> entry = index.find(receipt.sequence());
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        QueuedMessage message = entry.get().message();
        boolean last = message.receipt() == receipt.receipt();
        if (queue.isFifo() && (!last || message.visibleAt() <= clock.millis())) {
            throw Errors.invalidParameter(handle, "ReceiptHandle", "The receipt handle has expired.");
        }
        return last ? Optional.of(message) : Optional.empty();
    }

    void changeVisibility(ChangeMessageVisibilityRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        changeVisibility(queue, request.receiptHandle(), request.visibilityTimeout());
    }

    ChangeMessageVisibilityBatchResponse changeVisibility(ChangeMessageVisibilityBatchRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Batches.check(
                request.entries().stream()
                        .map(ChangeMessageVisibilityBatchRequestEntry::id)
                        .toList(),
                "ChangeMessageVisibilityBatchRequestEntry");
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        List<ChangeMessageVisibilityBatchResultEntry> successful = new ArrayList<>();
        for (ChangeMessageVisibilityBatchRequestEntry entry : request.entries()) {
            try {
                if (entry.visibilityTimeout() == null) {
                    throw Errors.missingParameter("VisibilityTimeout");
                }
                changeVisibility(queue, entry.receiptHandle(), entry.visibilityTimeout());
                successful.add(ChangeMessageVisibilityBatchResultEntry.builder()
                        .id(entry.id())
                        .build());
            } catch (AwsError error) {
                failed.add(Batches.failed(entry.id(), error));
            }
        }
        return ChangeMessageVisibilityBatchResponse.builder()
                .successful(successful)
                .failed(failed)
                .build();
    }

    private void changeVisibility(Queue queue, String handle, int timeout) {
        if (timeout < 0 || timeout > QueueAttributes.LONGEST_VISIBILITY_TIMEOUT) {
            throw Errors.invalidParameter(timeout, "VisibilityTimeout", "Must be between 0 and 43200, if provided.");
        }
        Receipts.Receipt receipt = receipts.read(queue, handle);
        QueueIndex index = messages.index(queue);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            QueueIndex.Entry entry = index.find(receipt.sequence())
                    .filter(found -> found.message().receipt() == receipt.receipt())
                    .orElseThrow(() -> Errors.invalidParameter(
                            handle,
                            "ReceiptHandle",
                            "Message does not exist or is not available for visibility timeout change."));
            if (!index.isInFlight(entry)) {
                throw new AwsError("MessageNotInflight", 400, "The specified message isn't in flight.");
            }
            QueuedMessage message = messages.whole(queue, entry.message()).orElse(entry.message());
            long until = clock.millis() + timeout * 1000L;
            if (until > message.receivedAt() + QueueAttributes.LONGEST_VISIBILITY_TIMEOUT * 1000L) {
                throw Errors.invalidParameter(
                        timeout,
                        "VisibilityTimeout",
                        "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]");
            }
            Messages.Change change = new Messages.Change(entry, message, message.visibleAt(until));
            if (messages.change(queue, List.of(change), Optional.empty(), List.of())) {
                return;
            }
        }
        throw new AwsError("RequestThrottled", 400, "The message is being changed by others; try again.");
    }
}
