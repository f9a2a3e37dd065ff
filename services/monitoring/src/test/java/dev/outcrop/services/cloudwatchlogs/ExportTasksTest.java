package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTask;
import software.amazon.awssdk.services.cloudwatchlogs.model.ExportTaskStatusCode;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidOperationException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.model.S3Object;

class ExportTasksTest {
    private static final long NOON = LogsHouse.NOON;

    @TempDir
    private Path path;

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void open() {
        house = new LogsHouse(path);
        logs = house.logs();
        logs.createLogGroup(request -> request.logGroupName("app"));
        house.s3().createBucket(request -> request.bucket("exported"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void log(String stream, String... messages) {
        logs.createLogStream(request -> request.logGroupName("app").logStreamName(stream));
        for (int i = 0; i < messages.length; i++) {
            InputLogEvent event = InputLogEvent.builder()
                    .timestamp(NOON + i)
                    .message(messages[i])
                    .build();
            logs.putLogEvents(
                    request -> request.logGroupName("app").logStreamName(stream).logEvents(event));
        }
    }

    private void letLogsIn() {
        house.s3().putBucketPolicy(request -> request.bucket("exported").policy("""
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
                   "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::exported",
                   "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
                  {"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
                   "Action": "s3:PutObject", "Resource": "arn:aws:s3:::exported/*",
                   "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
                                 "ArnLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:log-group:*"}}}]}
                """));
    }

    private String export(long from, long to) {
        return logs.createExportTask(request -> request.logGroupName("app")
                        .from(from)
                        .to(to)
                        .destination("exported")
                        .destinationPrefix("copy"))
                .taskId();
    }

    private ExportTask task(String id) {
        return logs.describeExportTasks(request -> request.taskId(id))
                .exportTasks()
                .getFirst();
    }

    private String content(String key) throws IOException {
        byte[] bytes = house.s3()
                .getObject(request -> request.bucket("exported").key(key), ResponseTransformer.toBytes())
                .asByteArray();
        return new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), UTF_8);
    }

    @Test
    void copiesEachStreamIntoFilesOfItsOwnWithTheTimeBeforeEachMessage() throws IOException {
        log("web/1", "first", "second", "too late");
        log("web/2", "other");
        letLogsIn();
        house.startJobs();

        String id = export(NOON, NOON + 1);
        LogsHouse.await(() -> task(id).status().code() == ExportTaskStatusCode.COMPLETED);

        String folder = "copy/" + id + "/";
        assertThat(house.s3()
                        .listObjectsV2(request -> request.bucket("exported"))
                        .contents())
                .extracting(S3Object::key)
                .containsExactlyInAnyOrder(
                        "copy/aws-logs-write-test", folder + "web-1/000000.gz", folder + "web-2/000000.gz");
        assertThat(content(folder + "web-1/000000.gz"))
                .isEqualTo("2026-01-15T12:00:00.000Z first\n2026-01-15T12:00:00.001Z second\n");
        assertThat(content(folder + "web-2/000000.gz")).isEqualTo("2026-01-15T12:00:00.000Z other\n");
        assertThat(task(id).executionInfo().completionTime()).isNotNull();
        assertThatThrownBy(() -> logs.cancelExportTask(request -> request.taskId(id)))
                .isInstanceOf(InvalidOperationException.class);
    }

    @Test
    void refusesABucketThatDoesNotLetCloudWatchLogsIn() {
        assertThatThrownBy(() -> export(NOON, NOON + 1))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("GetBucketAcl call on the given bucket failed");
        assertThatThrownBy(() -> logs.createExportTask(request ->
                        request.logGroupName("app").from(NOON).to(NOON + 1).destination("no-such-bucket")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The given bucket does not exist");
    }

    @Test
    void hasOneTaskAtATimeWhichCanBeCancelled() {
        log("one", "message");
        letLogsIn();

        String id = export(NOON, NOON + 1);

        assertThat(task(id).status().code()).isEqualTo(ExportTaskStatusCode.PENDING);
        assertThatThrownBy(() -> export(NOON, NOON + 1)).isInstanceOf(LimitExceededException.class);
        logs.cancelExportTask(request -> request.taskId(id));
        house.startJobs();
        LogsHouse.await(() -> task(id).status().code() == ExportTaskStatusCode.CANCELLED);
        assertThat(logs.describeExportTasks(request -> request.statusCode(ExportTaskStatusCode.CANCELLED))
                        .exportTasks())
                .extracting(ExportTask::taskId)
                .isEqualTo(List.of(id));
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        letLogsIn();

        assertThatThrownBy(() -> export(NOON, NOON)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> export(0, 1)).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> logs.cancelExportTask(request -> request.taskId("none")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
