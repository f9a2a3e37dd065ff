package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.EventCursor;
import dev.outcrop.engines.logs.EventScan;
import dev.outcrop.engines.logs.LogEvent;
import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTask;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTaskStatusCode;

/**
 * Copies the events of a group into a bucket, each stream into gzip files of its own, with the time before each message. A
 * server that was killed begins again with the stream that it was at; the same files are written again.
 */
final class ExportWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "logs:export";

    /** A file of a stream ends behind so many bytes of messages, so that it fits into memory. */
    private static final long FILE_BYTES = 64L << 20;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ExportTasks tasks;
    private final GroupStore groups;
    private final Supplier<LogStore> events;
    private final GroupKeys keys;
    private final DataProtection protection;
    private final ExportBucket bucket;
    private final InstantSource clock;

    ExportWork(
            ExportTasks tasks,
            GroupStore groups,
            Supplier<LogStore> events,
            GroupKeys keys,
            DataProtection protection,
            ExportBucket bucket,
            InstantSource clock) {
        this.tasks = tasks;
        this.groups = groups;
        this.events = events;
        this.keys = keys;
        this.protection = protection;
        this.bucket = bucket;
        this.clock = clock;
    }

    @Override
    public void run(JobRun run) {
        ExportTasks.Stored stored = tasks.change(
                id(run.job()),
                task -> task.status().code() == ExportTaskStatusCode.PENDING
                        ? task.copy(changed -> changed.status(ExportTasks.status(ExportTaskStatusCode.RUNNING, null)))
                        : task);
        ExportTask task = stored.task();
        StoredGroup group = groups.group(task.logGroupName());
        keys.requireUsable(group);
        List<String> streams = streams(group, stored.streamPrefix());
        int done = run.checkpoint()
                .map(last -> streams.indexOf(new String(last, UTF_8)) + 1)
                .orElse(0);
        for (int i = done; i < streams.size(); i++) {
            String stream = streams.get(i);
            export(run, task, group, stream);
            run.progress((i + 1.0) / streams.size(), stream.getBytes(UTF_8));
        }
    }

    private static String id(Job job) {
        return new String(job.input(), UTF_8);
    }

    /** The keys of the streams to copy, in an order that stays. */
    private List<String> streams(StoredGroup group, String prefix) {
        Set<String> deleted = groups.deletedStreams(group);
        return events.get().streams(group.id()).keySet().stream()
                .filter(stream -> !deleted.contains(stream))
                .filter(stream -> StoredStream.nameOf(stream).startsWith(prefix))
                .sorted()
                .toList();
    }

    private void export(JobRun run, ExportTask task, StoredGroup group, String stream) {
        long from = Math.max(task.from(), group.expiry(clock.millis()));
        Mask mask = protection.mask(group);
        String folder = task.destinationPrefix() + "/" + task.taskId() + "/"
                + StoredStream.nameOf(stream).replace('/', '-') + "/";
        // An event of the very end is exported, too.
        try (EventScan scan = events.get().scan(group.id(), stream, from, task.to() + 1)) {
            EventCursor cursor = scan.forward(Optional.empty());
            Optional<LogEvent> next = cursor.next();
            for (int file = 0; next.isPresent(); file++) {
                run.proceed();
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                long bytes = 0;
                try (OutputStream lines = new GZIPOutputStream(content)) {
                    while (next.isPresent() && bytes < FILE_BYTES) {
                        LogEvent event = next.get();
                        lines.write(TIME.format(Instant.ofEpochMilli(event.timestamp()))
                                .getBytes(UTF_8));
                        lines.write(' ');
                        lines.write(mask.shown(event.ingestedAt(), event.message()));
                        lines.write('\n');
                        bytes += event.message().length;
                        next = cursor.next();
                    }
                } catch (IOException impossible) {
                    throw new IllegalStateException(impossible);
                }
                String key = folder + String.format("%06d.gz", file);
                OwnCalls.call(group, () -> {
                    bucket.put(task.destination(), key, content.toByteArray());
                    return null;
                });
            }
        }
    }

    @Override
    public void ended(Job job) {
        switch (job.status()) {
            case COMPLETED -> tasks.end(id(job), ExportTaskStatusCode.COMPLETED, "Completed successfully");
            case STOPPED -> tasks.end(id(job), ExportTaskStatusCode.CANCELLED, "Cancelled by the user");
            default ->
                tasks.end(id(job), ExportTaskStatusCode.FAILED, job.reason().orElse("Failed"));
        }
    }
}
