package dev.outcrop.services.polly;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.SynthesisTask;
import software.amazon.awssdk.services.polly.model.TaskStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Speaks a text into a file and puts it into S3, as the one who asked for it; then tells a topic. Begun again after a kill,
 * it speaks anew and writes the same file.
 */
final class SynthesisWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "polly:synthesis";

    private static final Logger LOG = LoggerFactory.getLogger(SynthesisWork.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PIECE = 64 * 1024;
    private static final String NOT_WRITTEN = "Error occurred while trying to upload file to S3. Please verify that the"
            + " bucket exists in this region and you have permission to write objects to the specified path.";

    private final SynthesisTasks tasks;
    private final Synthesis synthesis;
    private final InstalledVoice installed;
    private final Supplier<Clients> clients;

    SynthesisWork(SynthesisTasks tasks, Synthesis synthesis, InstalledVoice installed, Supplier<Clients> clients) {
        this.tasks = tasks;
        this.synthesis = synthesis;
        this.installed = installed;
        this.clients = clients;
    }

    @Override
    public void run(JobRun run) throws IOException {
        String id = run.job().id();
        tasks.become(id, TaskStatus.IN_PROGRESS, null);
        StartSpeechSynthesisTaskRequest request =
                StoredShapes.read(run.job().input(), StartSpeechSynthesisTaskRequest::builder);
        Order order = Order.of(request, installed);
        Path file = Files.createTempFile("speech", order.suffix());
        try {
            write(run, order, file);
            try {
                clients.get()
                        .of(S3Client.class)
                        .putObject(
                                put -> put.bucket(request.outputS3BucketName())
                                        .key(SynthesisTasks.key(request, order, id))
                                        .contentType(order.contentType()),
                                RequestBody.fromFile(file));
            } catch (AwsServiceException refusal) {
                LOG.debug("the speech of task {} was not taken", id, refusal);
                throw Failures.failed(NOT_WRITTEN);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void write(JobRun run, Order order, Path file) throws IOException {
        try (SpeechStream speech = synthesis.speak(order);
                OutputStream out = Files.newOutputStream(file)) {
            byte[] piece = new byte[PIECE];
            int count = speech.read(piece, 0, PIECE);
            while (count >= 0) {
                out.write(piece, 0, count);
                run.proceed();
                count = speech.read(piece, 0, PIECE);
            }
        }
    }

    @Override
    public void ended(Job job) {
        SynthesisTask task = switch (job.status()) {
            case COMPLETED -> tasks.become(job.id(), TaskStatus.COMPLETED, null);
            default ->
                tasks.become(job.id(), TaskStatus.FAILED, job.reason().orElse("The task could not be completed."));
        };
        if (task.snsTopicArn() != null) {
            try {
                clients.get()
                        .of(SnsClient.class)
                        .publish(message -> message.topicArn(task.snsTopicArn()).message(notice(task)));
            } catch (AwsServiceException refusal) {
                LOG.warn("topic {} was not told of task {}", task.snsTopicArn(), job.id(), refusal);
            }
        }
    }

    /** What a topic is told, in AWS's names. */
    private static String notice(SynthesisTask task) {
        ObjectNode notice = JSON.createObjectNode();
        notice.put("taskId", task.taskId());
        notice.put("taskStatus", task.taskStatus().name());
        if (task.taskStatusReason() != null) {
            notice.put("taskStatusReason", task.taskStatusReason());
        }
        notice.put("outputUri", task.outputUri());
        notice.put("creationTime", task.creationTime().toString());
        notice.put("requestCharacters", task.requestCharacters());
        notice.put("snsTopicArn", task.snsTopicArn());
        notice.put("outputFormat", task.outputFormatAsString().toUpperCase(Locale.ROOT));
        if (task.sampleRate() != null) {
            notice.put("sampleRate", task.sampleRate());
        }
        task.speechMarkTypesAsStrings().forEach(notice.withArray("speechMarkTypes")::add);
        notice.put(
                "textType", task.textType() == null ? "TEXT" : task.textType().name());
        notice.put("voiceId", task.voiceIdAsString());
        try {
            return JSON.writeValueAsString(notice);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
