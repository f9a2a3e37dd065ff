package dev.outcrop.services.comprehend.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.comprehend.custom.CustomModels;
import dev.outcrop.services.comprehend.custom.Failures;
import dev.outcrop.services.comprehend.custom.ModelTags;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.DocumentClassificationJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobFilter;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.JobNotFoundException;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.LanguageCode;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionMode;
import software.amazon.awssdk.services.comprehend.model.StartDocumentClassificationJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartPiiEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartTopicsDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.TooManyRequestsException;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * The analysis jobs of accounts. The shapes of the kinds differ in names alone: what jobs have in common is read through
 * the shapes of entities detection jobs, which have all of it.
 *
 * <p>Source: the operations on jobs of the Amazon Comprehend API reference; "Guidelines and quotas" of the developer guide.
 */
public final class AnalysisJobs {
    private static final int MOST_ACTIVE = 10;
    private static final int USUAL_TOPICS = 10;
    private static final int ID_LENGTH = 32;
    private static final Set<JobStatus> ENDED = EnumSet.of(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED);

    private static final Set<LanguageCode> PERSONAL_DATA_LANGUAGES = EnumSet.of(
            LanguageCode.EN, LanguageCode.ES, LanguageCode.DE, LanguageCode.FR, LanguageCode.IT, LanguageCode.PT);

    private final Map<JobKind<?, ?>, Resources<? extends SdkPojo>> resources = new HashMap<>();
    private final CustomModels models;
    private final IdempotencyTokens tokens;
    private final ModelTags tags;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    public AnalysisJobs(
            ResourceStore store,
            CustomModels models,
            ModelTags tags,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        for (JobKind<?, ?> kind : JobKind.ALL) {
            resources.put(kind, resources(store, kind));
        }
        this.models = models;
        this.tokens = store.idempotencyTokens();
        this.tags = tags;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    private static <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> Resources<P> resources(
            ResourceStore store, JobKind<B, P> kind) {
        return store.resources("comprehend:" + kind.resource(), kind.newBuilder());
    }

    @SuppressWarnings("unchecked") // Each kind's resources were made for its own shape.
    private <P extends SdkPojo> Resources<P> of(JobKind<?, P> kind) {
        return (Resources<P>) resources.get(kind);
    }

    /**
     * Queues a job.
     *
     * @param response the builder of the answer
     * @return {@code response}
     */
    public <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo, R extends SdkPojo> R start(
            JobKind<B, P> kind, SdkPojo request, R response) {
        StartEntitiesDetectionJobRequest common = common(request);
        try {
            StartEntitiesDetectionJobResponse answer = tokens.once(
                    "comprehend:Start " + kind.resource(),
                    common.clientRequestToken(),
                    request,
                    StartEntitiesDetectionJobResponse::builder,
                    () -> submit(kind, request, common));
            P job = of(kind).get(answer.jobId());
            return Shapes.copy(answer, Shapes.copy(job, response));
        } catch (AwsError error) {
            throw error.code().equals("ConflictException") ? Failures.invalid(error.getMessage()) : error;
        }
    }

    private static StartEntitiesDetectionJobRequest common(SdkPojo request) {
        return Shapes.copy(request, StartEntitiesDetectionJobRequest.builder()).build();
    }

    private <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> StartEntitiesDetectionJobResponse submit(
            JobKind<B, P> kind, SdkPojo request, StartEntitiesDetectionJobRequest common) {
        check(request, common);
        long active = of(kind).list()
                .where(job -> !ENDED.contains(common(kind, job).jobStatus()))
                .all()
                .size();
        if (active >= MOST_ACTIVE) {
            throw TooManyRequestsException.builder()
                    .message("The maximum number of concurrent active jobs per job type, " + MOST_ACTIVE
                            + ", is reached.")
                    .build();
        }
        String id = ids.hexadecimal(ID_LENGTH);
        String arn = Ids.arn("comprehend", kind.resource() + "/" + id);
        Instant now = clock.instant();
        B builder = Shapes.copy(request, kind.newBuilder().get());
        EntitiesDetectionJobProperties patch = EntitiesDetectionJobProperties.builder()
                .jobId(id)
                .jobArn(arn)
                .jobStatus(JobStatus.SUBMITTED)
                .submitTime(now)
                .outputDataConfig(output -> output.s3Uri(output(kind, common, id))
                        .kmsKeyId(common.outputDataConfig().kmsKeyId()))
                .build();
        P job = Shapes.copy(patch, Shapes.copy(models.resolved(request), builder))
                .build();
        tags.add(arn, common.tags());
        of(kind).insert(id, job);
        jobs.get().submit(kind.work(), id, id.getBytes(UTF_8));
        return StartEntitiesDetectionJobResponse.builder()
                .jobId(id)
                .jobArn(arn)
                .jobStatus(JobStatus.SUBMITTED)
                .build();
    }

    /** Where the output goes: below what was asked for, in a folder of the job's own. */
    private static String output(JobKind<?, ?> kind, StartEntitiesDetectionJobRequest request, String id) {
        S3Place folder = S3Place.of(request.outputDataConfig().s3Uri())
                .below(CallContext.current().account() + "-" + kind.code() + "-" + id + "/output/");
        return kind.equals(JobKind.PII)
                ? folder.uri()
                : folder.below("output.tar.gz").uri();
    }

    /** Whether a job asks a model that a user trained. */
    static boolean isCustom(SdkPojo job) {
        return job instanceof DocumentClassificationJobProperties
                || (job instanceof EntitiesDetectionJobProperties entities && entities.entityRecognizerArn() != null);
    }

    private static void check(SdkPojo request, StartEntitiesDetectionJobRequest common) {
        boolean custom =
                request instanceof StartDocumentClassificationJobRequest || common.entityRecognizerArn() != null;
        if (common.inputDataConfig().documentReaderConfig() != null && !custom) {
            throw Failures.invalid("A DocumentReaderConfig is for jobs with a custom model.");
        }
        switch (request) {
            case StartPiiEntitiesDetectionJobRequest pii -> {
                if (!PERSONAL_DATA_LANGUAGES.contains(pii.languageCode())) {
                    throw Failures.invalid("Personal data is not detected in " + pii.languageCodeAsString() + ".");
                }
                boolean redacts = pii.mode() == PiiEntitiesDetectionMode.ONLY_REDACTION;
                if (redacts
                        && (pii.redactionConfig() == null
                                || pii.redactionConfig().piiEntityTypes().isEmpty())) {
                    throw Failures.invalid(
                            "RedactionConfig with PiiEntityTypes is required when Mode is ONLY_REDACTION.");
                }
                if (!redacts && pii.redactionConfig() != null) {
                    throw Failures.invalid("RedactionConfig is not allowed when Mode is ONLY_OFFSETS.");
                }
            }
            case StartEntitiesDetectionJobRequest entities
            when entities.entityRecognizerArn() != null && entities.flywheelArn() != null ->
                throw Failures.invalid("Specify either EntityRecognizerArn or FlywheelArn, but not both.");
            default -> {
                // Nothing else depends on something else.
            }
        }
    }

    /** The request with what it leaves open. */
    public static StartTopicsDetectionJobRequest complete(StartTopicsDetectionJobRequest request) {
        return request.numberOfTopics() != null
                ? request
                : request.toBuilder().numberOfTopics(USUAL_TOPICS).build();
    }

    private static EntitiesDetectionJobProperties common(JobKind<?, ?> kind, SdkPojo job) {
        if (job instanceof EntitiesDetectionJobProperties entities) {
            return entities;
        }
        EntitiesDetectionJobProperties.Builder common = Shapes.copy(job, EntitiesDetectionJobProperties.builder());
        return kind.equals(JobKind.LANGUAGE) || kind.equals(JobKind.TOPICS) || kind.equals(JobKind.CLASSIFICATION)
                ? common.languageCode(LanguageCode.EN).build()
                : common.build();
    }

    /** What all kinds of jobs have, of a job. */
    EntitiesDetectionJobProperties common(JobKind<?, ?> kind, String id) {
        return common(kind, get(kind, id));
    }

    /** The job with {@code id}. */
    public <P extends SdkPojo> P get(JobKind<?, P> kind, String id) {
        return of(kind).find(id)
                .orElseThrow(() -> JobNotFoundException.builder()
                        .message("The specified job was not found. Check the job ID and try again.")
                        .build());
    }

    /**
     * A page of the jobs that fit, the newest first.
     *
     * @param filter as a request has it, possibly null
     */
    public <P extends SdkPojo> Page<P> list(JobKind<?, P> kind, SdkPojo filter, Integer most, String token) {
        EntitiesDetectionJobFilter wanted = filter == null
                ? EntitiesDetectionJobFilter.builder().build()
                : Shapes.copy(filter, EntitiesDetectionJobFilter.builder()).build();
        int given = (wanted.jobName() == null ? 0 : 1)
                + (wanted.jobStatusAsString() == null ? 0 : 1)
                + (wanted.submitTimeAfter() == null && wanted.submitTimeBefore() == null ? 0 : 1);
        if (given > 1) {
            throw Failures.invalidFilter();
        }
        return Failures.page(() -> of(kind).list()
                .order(Order.NEWEST_FIRST)
                .where(job -> fits(common(kind, job), wanted))
                .maximum(most)
                .after(token)
                .page());
    }

    private static boolean fits(EntitiesDetectionJobProperties job, EntitiesDetectionJobFilter wanted) {
        return (wanted.jobName() == null || wanted.jobName().equals(job.jobName()))
                && (wanted.jobStatus() == null || wanted.jobStatus() == job.jobStatus())
                && (wanted.submitTimeAfter() == null || job.submitTime().isAfter(wanted.submitTimeAfter()))
                && (wanted.submitTimeBefore() == null || job.submitTime().isBefore(wanted.submitTimeBefore()));
    }

    /**
     * Asks a job to stop, which it does before the next document.
     *
     * @param response the builder of the answer
     * @return {@code response}
     */
    public <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo, R extends SdkPojo> R stop(
            JobKind<B, P> kind, String id, R response) {
        JobStatus status = common(kind, id).jobStatus();
        if (status == JobStatus.COMPLETED || status == JobStatus.FAILED) {
            throw Failures.invalid("The job " + id + " cannot be stopped: its status is " + status + ".");
        }
        change(kind, id, JobStatus.STOP_REQUESTED, Optional.empty());
        jobs.get().stop(id);
        return Shapes.copy(get(kind, id), response);
    }

    /**
     * Brings a job to another status, unless it has ended; one that is to stop only ends.
     *
     * @param message why it failed, if it did
     */
    <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> void change(
            JobKind<B, P> kind, String id, JobStatus status, Optional<String> message) {
        of(kind).update(id, present -> {
            JobStatus before = common(kind, present).jobStatus();
            if (ENDED.contains(before) || (before == JobStatus.STOP_REQUESTED && !ENDED.contains(status))) {
                return present;
            }
            EntitiesDetectionJobProperties patch = EntitiesDetectionJobProperties.builder()
                    .jobStatus(status)
                    .message(message.orElse(null))
                    .endTime(ENDED.contains(status) ? clock.instant() : null)
                    .build();
            return Shapes.copy(patch, Shapes.copy(present, kind.newBuilder().get()))
                    .build();
        });
    }

    /** Whether there is a job with an ARN in the account and region of the call. */
    public boolean exists(String arn) {
        CallContext call = CallContext.current();
        String[] parts = arn.split(":", 6);
        String[] resource = parts[5].split("/", 2);
        return parts[3].equals(call.region())
                && parts[4].equals(call.account())
                && JobKind.ALL.stream()
                        .filter(kind -> kind.resource().equals(resource[0]))
                        .anyMatch(kind -> of(kind).find(resource[1]).isPresent());
    }
}
