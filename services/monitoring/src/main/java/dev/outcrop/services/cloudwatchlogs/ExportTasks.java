package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateExportTaskRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeExportTasksRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeExportTasksResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTask;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTaskStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTaskStatusCode;

/**
 * Copies of log groups into buckets; {@link ExportWork} makes them.
 *
 * <p>Source: CreateExportTask, DescribeExportTasks and CancelExportTask of the Amazon CloudWatch Logs API reference.
 */
final class ExportTasks {
    private static final String TYPE = "logs:export-task";
    private static final String DEFAULT_PREFIX = "exportedlogs";
    private static final int PAGE = 50;

    private final GroupStore groups;
    private final Records records;
    private final RecordPages pages;
    private final ExportBucket bucket;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    ExportTasks(
            GroupStore groups,
            Records records,
            RecordPages pages,
            ExportBucket bucket,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        this.groups = groups;
        this.records = records;
        this.pages = pages;
        this.bucket = bucket;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** A task, and which streams it copies, which no answer tells. */
    record Stored(ExportTask task, String streamPrefix) {
        static Stored read(StoredRecord record) {
            return new Stored(
                    StoredShapes.read(record.body(), ExportTask::builder),
                    record.name().orElse(""));
        }

        ExportTaskStatusCode status() {
            return task.status().code();
        }

        boolean isActive() {
            return switch (status()) {
                case PENDING, RUNNING, PENDING_CANCEL -> true;
                default -> false;
            };
        }
    }

    String create(CreateExportTaskRequest request) {
        StoredGroup group = groups.group(request.logGroupName());
        if (request.from() >= request.to()) {
            throw LogFailures.invalid("The value of from must be less than the value of to.");
        }
        if (request.to() < group.shape().creationTime()) {
            throw LogFailures.invalid("The value of to must not be before the log group was created.");
        }
        if (all().stream().anyMatch(Stored::isActive)) {
            throw LogFailures.limit("Resource limit exceeded.");
        }
        String prefix = request.destinationPrefix() == null ? DEFAULT_PREFIX : request.destinationPrefix();
        bucket.check(group, request.destination(), prefix);
        String id = UUID.randomUUID().toString();
        ExportTask task = ExportTask.builder()
                .taskId(id)
                .taskName(request.taskName())
                .logGroupName(group.name())
                .from(request.from())
                .to(request.to())
                .destination(request.destination())
                .destinationPrefix(prefix)
                .status(status(ExportTaskStatusCode.PENDING, null))
                .executionInfo(info -> info.creationTime(clock.millis()))
                .build();
        RecordKey key = key(id);
        records.write(transaction -> {
            transaction.insert(
                    key,
                    "",
                    Optional.ofNullable(request.logStreamNamePrefix()),
                    clock.instant(),
                    StoredShapes.write(task));
            return null;
        });
        jobs.get().submit(ExportWork.KIND, id, id.getBytes(UTF_8));
        return id;
    }

    static ExportTaskStatus status(ExportTaskStatusCode code, String message) {
        return ExportTaskStatus.builder().code(code).message(message).build();
    }

    private static RecordKey key(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }

    private List<Stored> all() {
        return pages.all(TYPE, "", Stored::read);
    }

    /** The task with {@code id} of the call's account and region. */
    Stored get(String id) {
        return records.get(key(id))
                .map(Stored::read)
                .orElseThrow(() -> LogFailures.notFound("The specified export task does not exist."));
    }

    /** Changes a task, unless it has ended; says what it is then. */
    Stored change(String id, UnaryOperator<ExportTask> change) {
        RecordKey key = key(id);
        return records.write(transaction -> {
            StoredRecord record = transaction.get(key).orElseThrow();
            Stored present = Stored.read(record);
            if (!present.isActive()) {
                return present;
            }
            ExportTask changed = change.apply(present.task());
            transaction.update(key, record.version(), record.name(), clock.instant(), StoredShapes.write(changed));
            return new Stored(changed, present.streamPrefix());
        });
    }

    /** The task has ended. */
    void end(String id, ExportTaskStatusCode code, String message) {
        change(
                id,
                task -> task.copy(changed -> changed.status(status(code, message))
                        .executionInfo(task.executionInfo().copy(info -> info.completionTime(clock.millis())))));
    }

    void cancel(String id) {
        Stored task = get(id);
        if (task.status() != ExportTaskStatusCode.PENDING && task.status() != ExportTaskStatusCode.RUNNING) {
            throw LogFailures.notAllowed("The specified export task is not in a state that can be cancelled.");
        }
        change(
                id,
                present -> present.copy(changed -> changed.status(status(ExportTaskStatusCode.PENDING_CANCEL, null))));
        jobs.get().stop(id);
    }

    DescribeExportTasksResponse describe(DescribeExportTasksRequest request) {
        if (request.taskId() != null && request.statusCode() != null) {
            throw LogFailures.invalid("Only one of taskId and statusCode may be specified.");
        }
        if (request.taskId() != null) {
            return DescribeExportTasksResponse.builder()
                    .exportTasks(get(request.taskId()).task())
                    .build();
        }
        Page<ExportTask> page = pages.page(
                TYPE,
                "",
                "logs:export-tasks " + request.statusCodeAsString(),
                record -> Optional.of(Stored.read(record))
                        .filter(task -> request.statusCode() == null || task.status() == request.statusCode())
                        .map(Stored::task),
                request.limit() == null ? PAGE : request.limit(),
                request.nextToken());
        return DescribeExportTasksResponse.builder()
                .exportTasks(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
