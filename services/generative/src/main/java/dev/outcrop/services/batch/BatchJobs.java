package dev.outcrop.services.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsResponse;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobSummary;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrock.model.SortOrder;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * The batch inference jobs of accounts.
 *
 * <p>Source: the operations' pages of the Amazon Bedrock API reference; "Monitor Amazon Bedrock job state changes using
 * Amazon EventBridge", user guide; "Amazon Bedrock endpoints and quotas".
 */
public final class BatchJobs {
    /** What the jobs are to {@link Jobs}. */
    public static final String KIND = "bedrock:model-invocation-job";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern IDENTIFIER =
            Pattern.compile("(?:arn:aws[a-z-]*:bedrock:([a-z0-9-]+):([0-9]{12}):model-invocation-job/)?([a-z0-9]{12})");
    private static final DateTimeFormatter EVENT_TIME = DateTimeFormatter.ofPattern(
                    "MMM d, yyyy, h:mm:ss a", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int DEFAULT_HOURS = 24;
    private static final int MOST_ACTIVE = 20;
    private static final Set<ModelInvocationJobStatus> ENDED = EnumSet.of(
            ModelInvocationJobStatus.COMPLETED,
            ModelInvocationJobStatus.PARTIALLY_COMPLETED,
            ModelInvocationJobStatus.FAILED,
            ModelInvocationJobStatus.STOPPED,
            ModelInvocationJobStatus.EXPIRED);

    private final Resources<GetModelInvocationJobResponse> resources;
    private final Tags tags;
    private final IdempotencyTokens idempotencyTokens;
    private final ServiceEvents events;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    public BatchJobs(ResourceStore store, ServiceEvents events, Supplier<Jobs> jobs, Ids ids, InstantSource clock) {
        resources = store.resources("bedrock:model-invocation-job", GetModelInvocationJobResponse::builder);
        tags = store.tags();
        idempotencyTokens = store.idempotencyTokens();
        this.events = events;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Queues a job.
     *
     * @param modelArn ARN of the model or inference profile that the request names
     * @param byKey    the tags of the request by their keys
     */
    public CreateModelInvocationJobResponse create(
            CreateModelInvocationJobRequest request, String modelArn, Map<String, String> byKey) {
        return idempotencyTokens.once(
                "bedrock:CreateModelInvocationJob",
                request.clientRequestToken(),
                request.toBuilder().clientRequestToken(null).build(),
                CreateModelInvocationJobResponse::builder,
                () -> submit(request, modelArn, byKey));
    }

    private CreateModelInvocationJobResponse submit(
            CreateModelInvocationJobRequest request, String modelArn, Map<String, String> byKey) {
        CallContext call = CallContext.current();
        if (request.vpcConfig() != null) {
            throw AwsError.notImplemented("bedrock", "CreateModelInvocationJob in a VPC");
        }
        if (!request.roleArn().split(":", 6)[4].equals(call.account())) {
            throw new AwsError("AccessDeniedException", 403, "Cross-account pass role is not allowed.");
        }
        if (request.inputDataConfig().s3InputDataConfig() == null
                || request.outputDataConfig().s3OutputDataConfig() == null) {
            throw invalid("The inputDataConfig field must hold an s3InputDataConfig, and the outputDataConfig field an"
                    + " s3OutputDataConfig.");
        }
        long active = resources
                .list()
                .where(job -> job.modelId().equals(modelArn) && !ENDED.contains(job.status()))
                .all()
                .size();
        if (active >= MOST_ACTIVE) {
            throw ServiceQuotaExceededException.builder()
                    .message("The sum of in-progress and submitted batch inference jobs of a model must not exceed "
                            + MOST_ACTIVE + ".")
                    .build();
        }
        String id = ids.lowercase(12);
        Instant now = clock.instant();
        int hours = Optional.ofNullable(request.timeoutDurationInHours()).orElse(DEFAULT_HOURS);
        GetModelInvocationJobResponse job = Shapes.copy(request, GetModelInvocationJobResponse.builder())
                .jobArn(Ids.arn("bedrock", "model-invocation-job/" + id))
                .modelId(modelArn)
                .status(ModelInvocationJobStatus.SUBMITTED)
                .submitTime(now)
                .lastModifiedTime(now)
                .timeoutDurationInHours(hours)
                .jobExpirationTime(now.plus(Duration.ofHours(hours)))
                .build();
        if (!byKey.isEmpty()) {
            tags.add(job.jobArn(), byKey);
        }
        resources.insert(id, job);
        tell(job);
        jobs.get().submit(KIND, id, id.getBytes(UTF_8));
        return CreateModelInvocationJobResponse.builder().jobArn(job.jobArn()).build();
    }

    /** The job of an id or ARN. */
    public GetModelInvocationJobResponse get(String identifier) {
        return resources.find(id(identifier)).orElseThrow(() -> missing(identifier));
    }

    private static String id(String identifier) {
        Matcher matcher = IDENTIFIER.matcher(identifier);
        CallContext call = CallContext.current();
        boolean own = matcher.matches()
                && (matcher.group(1) == null
                        || (matcher.group(1).equals(call.region())
                                && matcher.group(2).equals(call.account())));
        if (!own) {
            throw missing(identifier);
        }
        return matcher.group(3);
    }

    /** A page of the jobs that fit. */
    public ListModelInvocationJobsResponse list(ListModelInvocationJobsRequest request) {
        Page<GetModelInvocationJobResponse> page = resources
                .list()
                .order(request.sortOrder() == SortOrder.ASCENDING ? Order.OLDEST_FIRST : Order.NEWEST_FIRST)
                .where(job -> fits(job, request))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page();
        List<ModelInvocationJobSummary> summaries = page.items().stream()
                .map(job ->
                        Shapes.copy(job, ModelInvocationJobSummary.builder()).build())
                .toList();
        return ListModelInvocationJobsResponse.builder()
                .invocationJobSummaries(summaries)
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static boolean fits(GetModelInvocationJobResponse job, ListModelInvocationJobsRequest request) {
        return (request.submitTimeAfter() == null || job.submitTime().isAfter(request.submitTimeAfter()))
                && (request.submitTimeBefore() == null || job.submitTime().isBefore(request.submitTimeBefore()))
                && (request.statusEquals() == null || job.status() == request.statusEquals())
                && (request.nameContains() == null || job.jobName().contains(request.nameContains()));
    }

    /** Whether nothing happens to a job any more. */
    static boolean hasEnded(GetModelInvocationJobResponse job) {
        return ENDED.contains(job.status());
    }

    /** Has a job stop soon; what it has done is delivered. */
    public void stop(String identifier) {
        String id = id(identifier);
        GetModelInvocationJobResponse job = get(identifier);
        if (ENDED.contains(job.status()) || job.status() == ModelInvocationJobStatus.STOPPING) {
            throw ConflictException.builder()
                    .message("The job " + job.jobArn() + " can't be stopped because its status is "
                            + job.statusAsString() + ".")
                    .build();
        }
        change(id, ModelInvocationJobStatus.STOPPING, Optional.empty());
        jobs.get().stop(id);
    }

    /**
     * Brings a job to another status and tells so, unless it has ended.
     *
     * @param message why it failed, if it did
     */
    void change(String id, ModelInvocationJobStatus status, Optional<String> message) {
        GetModelInvocationJobResponse before = resources.get(id);
        boolean stays = before.status() == status
                || ENDED.contains(before.status())
                || (before.status() == ModelInvocationJobStatus.STOPPING && !ENDED.contains(status));
        if (stays) {
            return;
        }
        Instant now = clock.instant();
        tell(resources.update(
                id,
                present -> present.toBuilder()
                        .status(status)
                        .message(message.map(BatchJobs::shortened).orElse(null))
                        .lastModifiedTime(now)
                        .endTime(ENDED.contains(status) ? now : null)
                        .build()));
    }

    private static String shortened(String message) {
        return message.substring(0, Math.min(message.length(), 2048));
    }

    private void tell(GetModelInvocationJobResponse job) {
        CallContext call = CallContext.current();
        events.publish(
                new ServiceEvents.Origin(call.account(), call.region(), "aws.bedrock"),
                "Batch Inference Job State Change",
                List.of(job.jobArn()),
                () -> JSON.createObjectNode()
                        .put("version", "0.0")
                        .put("accountId", call.account())
                        .put("batchJobName", job.jobName())
                        .put("batchJobArn", job.jobArn())
                        .put("batchModelId", job.modelId())
                        .put("status", job.statusAsString())
                        .put("failureMessage", job.message() == null ? "" : job.message())
                        .put("creationTime", EVENT_TIME.format(job.submitTime()))
                        .toString());
    }

    private static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }

    private static ResourceNotFoundException missing(String identifier) {
        return ResourceNotFoundException.builder()
                .message("Could not find the model invocation job " + identifier + ".")
                .build();
    }
}
