package dev.outcrop.services.polly;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordQuery;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.polly.model.GetSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.GetSpeechSynthesisTaskResponse;
import software.amazon.awssdk.services.polly.model.ListSpeechSynthesisTasksRequest;
import software.amazon.awssdk.services.polly.model.ListSpeechSynthesisTasksResponse;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskRequest;
import software.amazon.awssdk.services.polly.model.StartSpeechSynthesisTaskResponse;
import software.amazon.awssdk.services.polly.model.SynthesisTask;
import software.amazon.awssdk.services.polly.model.TaskStatus;

/**
 * Texts that are spoken into files in S3; {@link SynthesisWork} does it, as the caller.
 *
 * <p>Source: StartSpeechSynthesisTask and "Creating long audio files" of the Amazon Polly developer guide.
 */
final class SynthesisTasks {
    private final Resources<SynthesisTask> tasks;
    private final InstalledVoice installed;
    private final Lexicons lexicons;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    SynthesisTasks(
            ResourceStore store,
            InstalledVoice installed,
            Lexicons lexicons,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        tasks = store.resources("polly:task", SynthesisTask::builder);
        this.installed = installed;
        this.lexicons = lexicons;
        this.jobs = jobs;
        this.clock = clock;
    }

    StartSpeechSynthesisTaskResponse start(StartSpeechSynthesisTaskRequest request) {
        Order order = Order.of(request, installed);
        lexicons.applied(order.lexicons(), order.voice().language().toString());
        String id = UUID.randomUUID().toString();
        SynthesisTask task = SynthesisTask.builder()
                .taskId(id)
                .taskStatus(TaskStatus.SCHEDULED)
                .creationTime(clock.instant())
                .engine(request.engine())
                .languageCode(request.languageCode())
                .lexiconNames(order.lexicons())
                .outputFormat(order.format())
                .outputUri("https://s3." + CallContext.current().region() + ".amazonaws.com/"
                        + request.outputS3BucketName() + "/" + key(request, order, id))
                .requestCharacters(order.characters())
                .sampleRate(order.wantsMarks() ? null : Integer.toString(order.sampleRate()))
                .snsTopicArn(request.snsTopicArn())
                .speechMarkTypes(request.speechMarkTypes())
                .textType(request.textType())
                .voiceId(request.voiceId())
                .build();
        tasks.insert(id, task);
        jobs.get().submit(SynthesisWork.KIND, id, StoredShapes.write(request));
        return StartSpeechSynthesisTaskResponse.builder().synthesisTask(task).build();
    }

    /** The key of the file that a task writes. */
    static String key(StartSpeechSynthesisTaskRequest request, Order order, String id) {
        String prefix = request.outputS3KeyPrefix();
        return (prefix == null || prefix.isEmpty() ? "" : prefix.endsWith("/") ? prefix : prefix + ".")
                + id
                + order.suffix();
    }

    /** Changes what is told of a task, and tells what it is then. */
    SynthesisTask become(String id, TaskStatus status, String reason) {
        return tasks.update(
                id, task -> task.copy(changed -> changed.taskStatus(status).taskStatusReason(reason)));
    }

    SynthesisTask task(String id) {
        return tasks.find(id).orElseThrow(Failures::noTask);
    }

    GetSpeechSynthesisTaskResponse get(GetSpeechSynthesisTaskRequest request) {
        return GetSpeechSynthesisTaskResponse.builder()
                .synthesisTask(task(request.taskId()))
                .build();
    }

    ListSpeechSynthesisTasksResponse list(ListSpeechSynthesisTasksRequest request) {
        Page<SynthesisTask> page;
        try {
            page = tasks.list()
                    .where(task -> request.status() == null || task.taskStatus() == request.status())
                    .order(RecordQuery.Order.NEWEST_FIRST)
                    .maximum(request.maxResults())
                    .after(request.nextToken())
                    .page();
        } catch (AwsError foreign) {
            throw Lexicons.invalidToken();
        }
        return ListSpeechSynthesisTasksResponse.builder()
                .synthesisTasks(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
