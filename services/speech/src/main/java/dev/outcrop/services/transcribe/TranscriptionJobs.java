package dev.outcrop.services.transcribe;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.transcribe.model.ListTranscriptionJobsRequest;
import software.amazon.awssdk.services.transcribe.model.ListTranscriptionJobsResponse;
import software.amazon.awssdk.services.transcribe.model.OutputLocationType;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.SubtitlesOutput;
import software.amazon.awssdk.services.transcribe.model.Transcript;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJob;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobSummary;

/**
 * Transcription jobs: {@link JobRules} says which are taken, {@link TranscriptionWork} does them.
 *
 * <p>Source: StartTranscriptionJob, GetTranscriptionJob, ListTranscriptionJobs and DeleteTranscriptionJob of the Amazon
 * Transcribe API reference.
 */
final class TranscriptionJobs {
    private static final int USUAL_PAGE = 5;
    private static final int MOST_AT_ONCE = 250;
    private static final String UNKNOWN =
            "The requested job couldn't be found. Check the job name and try your request again.";

    private final Resources<TranscriptionJob> jobs;
    private final JobRules rules;
    private final ServiceBucket bucket;
    private final TranscribeTags tags;
    private final Supplier<Jobs> work;
    private final InstantSource clock;

    TranscriptionJobs(
            ResourceStore store,
            JobRules rules,
            ServiceBucket bucket,
            TranscribeTags tags,
            Supplier<Jobs> work,
            InstantSource clock) {
        jobs = store.resources("transcribe:transcription-job", TranscriptionJob::builder);
        this.rules = rules;
        this.bucket = bucket;
        this.tags = tags;
        this.work = work;
        this.clock = clock;
    }

    static String arn(String name) {
        return Ids.arn("transcribe", "transcription-job/" + name);
    }

    /** The id of the kernel's job; a name may be used again once its job is deleted. */
    static String workId(TranscriptionJob job) {
        return "transcribe-" + job.transcriptionJobName() + "-"
                + job.creationTime().toEpochMilli();
    }

    TranscriptionJob start(StartTranscriptionJobRequest request) {
        String name = request.transcriptionJobName();
        if (jobs.find(name).isPresent()) {
            throw taken();
        }
        tags.check(request.tags());
        rules.check(request);
        boolean full = jobs.list()
                        .where(job -> !isEnded(job))
                        .maximum(MOST_AT_ONCE)
                        .page()
                        .items()
                        .size()
                >= MOST_AT_ONCE;
        boolean deferred = request.jobExecutionSettings() != null
                && Boolean.TRUE.equals(request.jobExecutionSettings().allowDeferredExecution());
        if (full && !deferred) {
            throw Failures.limit("You have reached the limit of " + MOST_AT_ONCE
                    + " concurrent transcription jobs. Wait until one of them has ended, or allow deferred execution.");
        }
        TranscriptionJob job = TranscriptionJob.builder()
                .transcriptionJobName(name)
                .transcriptionJobStatus(full ? TranscriptionJobStatus.QUEUED : TranscriptionJobStatus.IN_PROGRESS)
                .languageCode(request.languageCode())
                .mediaSampleRateHertz(request.mediaSampleRateHertz())
                .mediaFormat(request.mediaFormat())
                .media(request.media())
                .creationTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .startTime(full ? null : clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .settings(request.settings())
                .modelSettings(request.modelSettings())
                .jobExecutionSettings(request.jobExecutionSettings())
                .contentRedaction(request.contentRedaction())
                .identifyLanguage(request.identifyLanguage())
                .identifyMultipleLanguages(request.identifyMultipleLanguages())
                .languageOptions(request.hasLanguageOptions() ? request.languageOptions() : null)
                .languageIdSettings(request.hasLanguageIdSettings() ? request.languageIdSettings() : null)
                .subtitles(subtitles(request))
                .toxicityDetection(request.hasToxicityDetection() ? request.toxicityDetection() : null)
                .build();
        try {
            jobs.insert(name, job);
        } catch (AwsError another) {
            throw taken();
        }
        tags.add(arn(name), request.tags());
        work.get().submit(TranscriptionWork.KIND, workId(job), StoredShapes.write(request));
        return job.copy(told -> told.tags(request.hasTags() ? request.tags() : null));
    }

    private static RuntimeException taken() {
        return Failures.conflict("The requested job name already exists. Use a different job name.");
    }

    private static SubtitlesOutput subtitles(StartTranscriptionJobRequest request) {
        if (request.subtitles() == null || request.subtitles().formats().isEmpty()) {
            return null;
        }
        Integer start = request.subtitles().outputStartIndex();
        return SubtitlesOutput.builder()
                .formats(request.subtitles().formats())
                .outputStartIndex(start == null ? 0 : start)
                .build();
    }

    static boolean isEnded(TranscriptionJob job) {
        return job.transcriptionJobStatus() == TranscriptionJobStatus.COMPLETED
                || job.transcriptionJobStatus() == TranscriptionJobStatus.FAILED;
    }

    Optional<TranscriptionJob> find(String name) {
        return jobs.find(name);
    }

    /** Changes a job that is still the one that is worked on; says nothing where it is gone. */
    Optional<TranscriptionJob> change(String name, String workId, UnaryOperator<TranscriptionJob> change) {
        Optional<TranscriptionJob> present =
                jobs.find(name).filter(job -> workId(job).equals(workId));
        if (present.isEmpty()) {
            return present;
        }
        return Optional.of(jobs.update(name, job -> workId(job).equals(workId) ? change.apply(job) : job));
    }

    TranscriptionJob get(String name) {
        TranscriptionJob job = jobs.find(name).orElseThrow(() -> Failures.notFound(UNKNOWN));
        var found = tags.of(arn(name));
        return signed(job).copy(told -> told.tags(found.isEmpty() ? null : found));
    }

    /** Files in Transcribe's own bucket have a URI that is good for a while, a new one each time. */
    private TranscriptionJob signed(TranscriptionJob job) {
        if (job.transcript() == null) {
            return job;
        }
        Transcript transcript = job.transcript();
        SubtitlesOutput subtitles = job.subtitles();
        return job.copy(told -> {
            told.transcript(Transcript.builder()
                    .transcriptFileUri(signed(transcript.transcriptFileUri()))
                    .redactedTranscriptFileUri(signed(transcript.redactedTranscriptFileUri()))
                    .build());
            if (subtitles != null && subtitles.hasSubtitleFileUris()) {
                told.subtitles(subtitles.copy(files -> files.subtitleFileUris(
                        subtitles.subtitleFileUris().stream().map(this::signed).toList())));
            }
        });
    }

    private String signed(String uri) {
        return uri != null && uri.startsWith(TranscriptionWork.OWN)
                ? bucket.uri(uri.substring(TranscriptionWork.OWN.length()))
                : uri;
    }

    ListTranscriptionJobsResponse list(ListTranscriptionJobsRequest request) {
        Page<TranscriptionJob> page;
        try {
            page = jobs.list()
                    .order(Order.NEWEST_FIRST)
                    .where(job -> request.status() == null || job.transcriptionJobStatus() == request.status())
                    .where(job -> request.jobNameContains() == null
                            || TranscribeTags.contains(job.transcriptionJobName(), request.jobNameContains()))
                    .maximum(request.maxResults() == null ? USUAL_PAGE : request.maxResults())
                    .after(request.nextToken())
                    .page();
        } catch (AwsError invalid) {
            throw Failures.badRequest("The NextToken that you provided isn't valid.");
        }
        return ListTranscriptionJobsResponse.builder()
                .status(request.status())
                .nextToken(page.nextToken().orElse(null))
                .transcriptionJobSummaries(
                        page.items().stream().map(TranscriptionJobs::summary).toList())
                .build();
    }

    private static TranscriptionJobSummary summary(TranscriptionJob job) {
        boolean own = job.transcript() == null
                || Optional.ofNullable(job.transcript().transcriptFileUri())
                        .or(() -> Optional.ofNullable(job.transcript().redactedTranscriptFileUri()))
                        .filter(uri -> uri.startsWith(TranscriptionWork.OWN))
                        .isPresent();
        return TranscriptionJobSummary.builder()
                .transcriptionJobName(job.transcriptionJobName())
                .creationTime(job.creationTime())
                .startTime(job.startTime())
                .completionTime(job.completionTime())
                .languageCode(job.languageCode())
                .transcriptionJobStatus(job.transcriptionJobStatus())
                .failureReason(job.failureReason())
                .outputLocationType(own ? OutputLocationType.SERVICE_BUCKET : OutputLocationType.CUSTOMER_BUCKET)
                .contentRedaction(job.contentRedaction())
                .modelSettings(job.modelSettings())
                .identifyLanguage(job.identifyLanguage())
                .identifyMultipleLanguages(job.identifyMultipleLanguages())
                .identifiedLanguageScore(job.identifiedLanguageScore())
                .languageCodes(job.hasLanguageCodes() ? job.languageCodes() : null)
                .toxicityDetection(job.hasToxicityDetection() ? job.toxicityDetection() : null)
                .build();
    }

    void delete(String name) {
        TranscriptionJob job = jobs.find(name).orElseThrow(() -> Failures.badRequest(UNKNOWN));
        if (!isEnded(job)) {
            throw Failures.badRequest("The requested job is in progress and can't be deleted until it has ended.");
        }
        jobs.delete(name);
        tags.removeAll(arn(name));
        files(job).forEach(bucket::delete);
    }

    private static List<String> files(TranscriptionJob job) {
        List<String> uris = new ArrayList<>();
        if (job.transcript() != null) {
            uris.add(job.transcript().transcriptFileUri());
            uris.add(job.transcript().redactedTranscriptFileUri());
        }
        if (job.subtitles() != null) {
            uris.addAll(job.subtitles().subtitleFileUris());
        }
        return uris.stream()
                .filter(uri -> uri != null && uri.startsWith(TranscriptionWork.OWN))
                .map(uri -> uri.substring(TranscriptionWork.OWN.length()))
                .toList();
    }

    /** Whether the tags of a job are asked about. */
    boolean exists(String name) {
        return jobs.find(name).isPresent();
    }
}
