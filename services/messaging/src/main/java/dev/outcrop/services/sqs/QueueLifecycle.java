package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.DeleteQueueRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListDeadLetterSourceQueuesResponse;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsRequest;
import software.amazon.awssdk.services.sqs.model.ListQueueTagsResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesRequest;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.TagQueueRequest;
import software.amazon.awssdk.services.sqs.model.UntagQueueRequest;

/**
 * Queues from their making to their end, their attributes and tags.
 *
 * <p>Source: the operations of these names in the Amazon SQS API Reference.
 */
final class QueueLifecycle {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final long PURGE_INTERVAL_MILLIS = 60_000;
    /** A send to a queue that is being deleted may still be on its way for so long. */
    private static final Duration LAST_SENDS = Duration.ofMinutes(10);

    private static final int MOST_FORGOTTEN = 5000;

    private final Records records;
    private final Queues queues;
    private final Messages messages;
    private final QueueAttributes attributes;
    private final Tags tags;
    private final InstantSource clock;

    QueueLifecycle(
            Records records,
            Queues queues,
            Messages messages,
            QueueAttributes attributes,
            Tags tags,
            InstantSource clock) {
        this.records = records;
        this.queues = queues;
        this.messages = messages;
        this.attributes = attributes;
        this.tags = tags;
        this.clock = clock;
    }

    /** Removes what is too old, was purged, or belonged to queues that are gone. */
    Chore chore() {
        return new Chore("sqs-retention", INTERVAL, this::clean);
    }

    private void clean(BooleanSupplier ending) {
        for (Queue queue : (Iterable<Queue>) queues.all()::iterator) {
            if (ending.getAsBoolean()) {
                return;
            }
            messages.removeExpired(queue);
        }
        while (!ending.getAsBoolean() && messages.forgetDeduplication(MOST_FORGOTTEN) == MOST_FORGOTTEN) {}
        List<StoredRecord> gone = records.all(Queues.GONE, Optional.empty())
                .filter(record -> record.createdAt().plus(LAST_SENDS).isBefore(clock.instant()))
                .toList();
        for (StoredRecord record : gone) {
            while (!ending.getAsBoolean() && !messages.removeAll(record.key())) {}
        }
    }

    CreateQueueResponse create(CreateQueueRequest request) {
        CallContext call = CallContext.current();
        String name = request.queueName();
        boolean fifo = name.endsWith(".fifo");
        String stem = fifo ? name.substring(0, name.length() - ".fifo".length()) : name;
        if (name.length() > 80 || !stem.matches("[A-Za-z0-9_-]{1,80}")) {
            throw Errors.invalidParameter(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
        Map<String, String> given = request.attributesAsStrings();
        Map<String, String> all =
                attributes.changed(call.account(), call.region(), name, QueueAttributes.ofNew(fifo), given, true);
        Queue queue = queues.create(name, all, present -> {
            Map<String, String> has = QueueAttributes.all(present, new QueueIndex.Counts(0, 0, 0));
            return given.entrySet().stream()
                    .allMatch(entry ->
                            entry.getValue().isEmpty() || Objects.equals(has.get(entry.getKey()), entry.getValue()));
        });
        if (!request.tags().isEmpty()) {
            tag(queue, request.tags());
        }
        return CreateQueueResponse.builder().queueUrl(Queues.url(queue)).build();
    }

    void delete(DeleteQueueRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        queues.delete(queue);
        tags.removeAll(queue.arn());
    }

    void purge(PurgeQueueRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        queues.update(queue, present -> {
            long now = clock.millis();
            if (present.purgedAt() > now - PURGE_INTERVAL_MILLIS) {
                throw new AwsError(
                        "PurgeQueueInProgress",
                        403,
                        "Only one PurgeQueue operation on " + queue.name() + " is allowed every 60 seconds.");
            }
            return present.purged(now);
        });
    }

    GetQueueUrlResponse url(GetQueueUrlRequest request) {
        CallContext call = CallContext.current();
        String account = request.queueOwnerAWSAccountId() == null ? call.account() : request.queueOwnerAWSAccountId();
        Queue queue = queues.find(account, call.region(), request.queueName()).orElseThrow(Errors::noQueue);
        return GetQueueUrlResponse.builder().queueUrl(Queues.url(queue)).build();
    }

    ListQueuesResponse list(ListQueuesRequest request) {
        String prefix = request.queueNamePrefix() == null ? "" : request.queueNamePrefix();
        Queues.Slice slice = queues.list(Queue.TYPE, prefix, queue -> true, request.maxResults(), request.nextToken());
        List<String> urls = slice.queues().stream().map(Queues::url).toList();
        return ListQueuesResponse.builder()
                .queueUrls(urls.isEmpty() ? null : urls)
                .nextToken(slice.nextToken().orElse(null))
                .build();
    }

    ListDeadLetterSourceQueuesResponse sources(ListDeadLetterSourceQueuesRequest request) {
        Queue target = queues.byUrl(request.queueUrl());
        Queues.Slice slice = queues.list(
                "sqs:sources:" + target.uid(),
                "",
                queue -> queue.redrive()
                        .filter(redrive -> redrive.target().equals(target.arn()))
                        .isPresent(),
                request.maxResults(),
                request.nextToken());
        return ListDeadLetterSourceQueuesResponse.builder()
                .queueUrls(slice.queues().stream().map(Queues::url).toList())
                .nextToken(slice.nextToken().orElse(null))
                .build();
    }

    GetQueueAttributesResponse attributes(GetQueueAttributesRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Set<String> wanted = Set.copyOf(request.attributeNamesAsStrings());
        for (String name : wanted) {
            if (QueueAttributeName.fromValue(name) == QueueAttributeName.UNKNOWN_TO_SDK_VERSION) {
                throw new AwsError("InvalidAttributeName", 400, "Unknown Attribute " + name + ".");
            }
        }
        if (wanted.isEmpty()) {
            return GetQueueAttributesResponse.builder().build();
        }
        Map<String, String> all =
                QueueAttributes.all(queue, messages.index(queue).counts(queue.retentionMillis()));
        if (!wanted.contains("All")) {
            all.keySet().retainAll(wanted);
        }
        return GetQueueAttributesResponse.builder().attributesWithStrings(all).build();
    }

    void setAttributes(SetQueueAttributesRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        Map<String, String> given = request.attributesAsStrings();
        // Policies name other queues, which are looked for before the transaction.
        attributes.changed(queue.account(), queue.region(), queue.name(), queue.attributes(), given, false);
        queues.update(
                queue,
                present -> present.with(
                        attributes.changed(
                                queue.account(), queue.region(), queue.name(), present.attributes(), given, false),
                        clock.millis()));
    }

    ListQueueTagsResponse tags(ListQueueTagsRequest request) {
        Queue queue = queues.byUrl(request.queueUrl());
        return ListQueueTagsResponse.builder().tags(tags.of(queue.arn())).build();
    }

    void tag(TagQueueRequest request) {
        tag(queues.byUrl(request.queueUrl()), request.tags());
    }

    private void tag(Queue queue, Map<String, String> given) {
        try {
            tags.add(queue.arn(), new LinkedHashMap<>(given));
        } catch (AwsError refusal) {
            throw Errors.invalidParameter(refusal.getMessage());
        }
    }

    void untag(UntagQueueRequest request) {
        tags.remove(queues.byUrl(request.queueUrl()).arn(), request.tagKeys());
    }
}
