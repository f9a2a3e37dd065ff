package dev.outcrop.services.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.CancelMessageMoveTaskResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;

/**
 * Moves the messages of a dead-letter queue to where they came from, or to another queue: jobs, each message in a
 * transaction of its own.
 *
 * <p>Source: "StartMessageMoveTask" and its neighbours of the Amazon SQS API Reference; "Learn how to configure a
 * dead-letter queue redrive" of the developer guide.
 */
final class MoveTasks implements Work {
    static final String KIND = "sqs:message-move";

    private static final String TYPE = "sqs:move-task";
    private static final int FASTEST = 500;
    private static final int MOST_LISTED = 10;
    private static final int MOST_ACTIVE = 100;
    private static final int NOTED_EACH = 100;
    private static final Duration LONGEST = Duration.ofHours(36);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Records records;
    private final Queues queues;
    private final Messages messages;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    MoveTasks(Records records, Queues queues, Messages messages, Supplier<Jobs> jobs, Ids ids, InstantSource clock) {
        this.records = records;
        this.queues = queues;
        this.messages = messages;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A task.
     *
     * @param destination empty for where the messages came from
     * @param perSecond   0 for as fast as it goes
     * @param until       messages that were sent later stay
     */
    record Task(
            String id,
            String source,
            String destination,
            int perSecond,
            long until,
            String status,
            long moved,
            long toMove,
            String failure,
            long startedAt) {
        boolean isActive() {
            return status.equals("RUNNING") || status.equals("CANCELLING");
        }

        Task with(String newStatus, long nowMoved, String reason) {
            return new Task(id, source, destination, perSecond, until, newStatus, nowMoved, toMove, reason, startedAt);
        }
    }

    StartMessageMoveTaskResponse start(StartMessageMoveTaskRequest request) {
        Queue source = queue(request.sourceArn());
        String destination = request.destinationArn() == null ? "" : request.destinationArn();
        CallContext call = CallContext.current();
        call.require("sqs:ReceiveMessage", source.arn());
        call.require("sqs:DeleteMessage", source.arn());
        call.require("sqs:GetQueueAttributes", source.arn());
        Integer rate = request.maxNumberOfMessagesPerSecond();
        if (rate != null && (rate < 1 || rate > FASTEST)) {
            throw Errors.invalidParameter(
                    rate, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.");
        }
        boolean deadLetters = queues.all()
                .anyMatch(queue -> queue.redrive()
                        .filter(redrive -> redrive.target().equals(source.arn()))
                        .isPresent());
        if (!deadLetters) {
            throw Errors.invalidParameter("Source queue must be configured as a Dead Letter Queue.");
        }
        if (!destination.isEmpty()) {
            Queue target = queue(destination);
            if (target.uid().equals(source.uid())) {
                throw Errors.invalidParameter("Source queue arn and destination queue arn cannot be the same.");
            }
            if (target.isFifo() != source.isFifo()) {
                throw Errors.invalidParameter("Source and destination queues must be of the same type.");
            }
            call.require("sqs:SendMessage", target.arn());
        }
        QueueIndex index = messages.index(source);
        Task task = new Task(
                ids.uuid(),
                source.arn(),
                destination,
                rate == null ? 0 : rate,
                index.behindAll(),
                "RUNNING",
                0,
                index.counts(source.retentionMillis()).visible(),
                "",
                clock.millis());
        records.write(transaction -> {
            List<Task> active = transaction.list(all(call.account(), call.region())).stream()
                    .map(MoveTasks::read)
                    .filter(Task::isActive)
                    .toList();
            if (active.stream().anyMatch(other -> other.source.equals(source.arn()))) {
                throw Errors.invalidParameter("There is already a task running. Only one active task is allowed for a"
                        + " source queue arn at a given time.");
            }
            if (active.size() >= MOST_ACTIVE) {
                throw new AwsError("OverLimit", 403, "There are already " + MOST_ACTIVE + " active tasks.");
            }
            transaction.insert(key(source, task.id), source.uid(), Optional.empty(), clock.instant(), write(task));
            return null;
        });
        jobs.get().submit(KIND, task.id, (source.arn() + "\n" + task.id).getBytes(UTF_8));
        return StartMessageMoveTaskResponse.builder().taskHandle(handle(task)).build();
    }

    ListMessageMoveTasksResponse list(ListMessageMoveTasksRequest request) {
        Queue source = queue(request.sourceArn());
        int most = request.maxResults() == null ? 1 : request.maxResults();
        if (most < 1 || most > MOST_LISTED) {
            throw Errors.invalidParameter(most, "MaxResults", "Must be between 1 and 10, if provided.");
        }
        List<ListMessageMoveTasksResultEntry> results = new ArrayList<>();
        List<StoredRecord> newest = records.list(new RecordQuery(
                TYPE,
                Optional.of(source.account()),
                Optional.of(source.region()),
                Optional.of(source.uid()),
                RecordQuery.Order.NEWEST_FIRST,
                Optional.empty(),
                most));
        for (Task task : newest.stream().map(MoveTasks::read).toList()) {
            results.add(ListMessageMoveTasksResultEntry.builder()
                    .taskHandle(task.status.equals("RUNNING") ? handle(task) : null)
                    .status(task.status)
                    .sourceArn(task.source)
                    .destinationArn(task.destination.isEmpty() ? null : task.destination)
                    .maxNumberOfMessagesPerSecond(task.perSecond == 0 ? null : task.perSecond)
                    .approximateNumberOfMessagesMoved(task.moved)
                    .approximateNumberOfMessagesToMove(task.toMove)
                    .failureReason(task.failure.isEmpty() ? null : task.failure)
                    .startedTimestamp(task.startedAt)
                    .build());
        }
        return ListMessageMoveTasksResponse.builder().results(results).build();
    }

    CancelMessageMoveTaskResponse cancel(CancelMessageMoveTaskRequest request) {
        String[] parts = parts(request.taskHandle())
                .orElseThrow(() ->
                        Errors.invalidParameter(request.taskHandle(), "TaskHandle", "It is not a valid task handle."));
        Queue source = queue(parts[1]);
        Task task = update(source, parts[0], present -> {
            if (!present.isActive()) {
                throw Errors.unsupported("Only active tasks can be cancelled.");
            }
            return present.with("CANCELLING", present.moved, "");
        });
        return CancelMessageMoveTaskResponse.builder()
                .approximateNumberOfMessagesMoved(task.moved)
                .build();
    }

    /** ARN of the queue that the task with a handle moves from. */
    Optional<String> sourceOf(String handle) {
        return parts(handle).map(parts -> parts[1]);
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        String[] parts = new String(run.job().input(), UTF_8).split("\n", 2);
        Queue source = queue(parts[0]);
        Task task = find(source, parts[1]).orElseThrow();
        long moved = task.moved;
        long pause = task.perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / task.perSecond;
        long next = System.nanoTime();
        Instant last = Instant.ofEpochMilli(task.startedAt).plus(LONGEST);
        while (true) {
            run.proceed();
            if (moved % NOTED_EACH == 0 || pause > 0) {
                long sofar = moved;
                task = update(source, task.id, present -> present.with(present.status, sofar, ""));
            }
            if (task.status.equals("CANCELLING")) {
                end(source, task, "CANCELLED", moved, "");
                return;
            }
            if (clock.instant().isAfter(last)) {
                end(source, task, "FAILED", moved, "The task ran for longer than 36 hours.");
                return;
            }
            Optional<QueueIndex.Entry> entry = messages.index(source).firstAvailable(task.until);
            if (entry.isEmpty()) {
                end(source, task, "COMPLETED", moved, "");
                return;
            }
            Optional<String> failure = move(source, task, entry.get());
            if (failure.isPresent()) {
                end(source, task, "FAILED", moved, failure.get());
                return;
            }
            moved++;
            if (pause > 0) {
                next += pause;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            }
        }
    }

    /** Why a message cannot be moved, if it cannot. */
    private Optional<String> move(Queue source, Task task, QueueIndex.Entry entry) {
        String arn = task.destination.isEmpty() ? entry.message().deadLetterOf() : task.destination;
        if (arn.isEmpty()) {
            return Optional.of("CouldNotDetermineMessageSource");
        }
        Optional<Queue> target = queues.byArn(arn);
        if (target.isEmpty()) {
            return Optional.of("AWS.SimpleQueueService.NonExistentQueue");
        }
        QueueIndex index = messages.index(source);
        if (!index.claim(entry)) {
            return Optional.empty();
        }
        Optional<QueuedMessage> whole = messages.whole(source, entry.message());
        if (whole.isEmpty()) {
            index.remove(entry.message().sequence());
            return Optional.empty();
        }
        // The content was sealed for the id that the message has.
        QueuedMessage moved = whole.get().moved(whole.get().id(), clock.millis(), "");
        messages.change(source, List.of(), target, List.of(new Messages.Change(entry, whole.get(), moved)));
        return Optional.empty();
    }

    private void end(Queue source, Task task, String status, long moved, String failure) {
        update(source, task.id, present -> present.with(status, moved, failure));
    }

    @Override
    public void ended(Job job) {
        String[] parts = new String(job.input(), UTF_8).split("\n", 2);
        queues.byArn(parts[0])
                .ifPresent(source -> find(source, parts[1])
                        .filter(Task::isActive)
                        .ifPresent(task -> end(
                                source, task, "FAILED", task.moved, job.reason().orElse("Stopped"))));
    }

    private Optional<Task> find(Queue source, String id) {
        return records.get(key(source, id)).map(MoveTasks::read);
    }

    private Task update(Queue source, String id, UnaryOperator<Task> change) {
        RecordKey key = key(source, id);
        return records.write(transaction -> {
            StoredRecord present =
                    transaction.get(key).orElseThrow(() -> Errors.noTarget("The specified task doesn't exist."));
            Task changed = change.apply(read(present));
            transaction.update(key, present.version(), Optional.empty(), clock.instant(), write(changed));
            return changed;
        });
    }

    private Queue queue(String arn) {
        return queues.byArn(arn)
                .orElseThrow(() ->
                        Errors.noTarget("The resource that you specified for the SourceArn parameter doesn't exist."));
    }

    private static RecordKey key(Queue source, String id) {
        return new RecordKey(TYPE, source.account(), source.region(), id);
    }

    private static RecordQuery all(String account, String region) {
        return new RecordQuery(
                TYPE,
                Optional.of(account),
                Optional.of(region),
                Optional.empty(),
                RecordQuery.Order.NEWEST_FIRST,
                Optional.empty(),
                RecordQuery.MAXIMUM_LIMIT);
    }

    private static String handle(Task task) {
        return Base64.getEncoder()
                .encodeToString(
                        ("{\"taskId\":\"" + task.id + "\",\"sourceArn\":\"" + task.source + "\"}").getBytes(UTF_8));
    }

    private static Optional<String[]> parts(String handle) {
        try {
            var node = JSON.readTree(Base64.getDecoder().decode(handle));
            String id = node.path("taskId").asText("");
            String source = node.path("sourceArn").asText("");
            return id.isEmpty() || source.isEmpty() ? Optional.empty() : Optional.of(new String[] {id, source});
        } catch (IllegalArgumentException | IOException foreign) {
            return Optional.empty();
        }
    }

    private static byte[] write(Task task) {
        try {
            return JSON.writeValueAsBytes(task);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Task read(StoredRecord record) {
        try {
            return JSON.readerFor(Task.class)
                    .without(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(record.body());
        } catch (IOException damaged) {
            throw new UncheckedIOException("a task cannot be read", damaged);
        }
    }
}
