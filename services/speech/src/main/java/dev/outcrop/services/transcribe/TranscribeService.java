package dev.outcrop.services.transcribe;

import dev.outcrop.engines.guard.Guard;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.TranscribeClient;
import software.amazon.awssdk.services.transcribe.model.CreateLanguageModelRequest;
import software.amazon.awssdk.services.transcribe.model.CreateLanguageModelResponse;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyFilterResponse;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyResponse;
import software.amazon.awssdk.services.transcribe.model.DeleteLanguageModelRequest;
import software.amazon.awssdk.services.transcribe.model.DeleteLanguageModelResponse;
import software.amazon.awssdk.services.transcribe.model.DeleteTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.DeleteTranscriptionJobResponse;
import software.amazon.awssdk.services.transcribe.model.DeleteVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.DeleteVocabularyFilterResponse;
import software.amazon.awssdk.services.transcribe.model.DeleteVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.DeleteVocabularyResponse;
import software.amazon.awssdk.services.transcribe.model.DescribeLanguageModelRequest;
import software.amazon.awssdk.services.transcribe.model.DescribeLanguageModelResponse;
import software.amazon.awssdk.services.transcribe.model.GetTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.GetTranscriptionJobResponse;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyFilterResponse;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyResponse;
import software.amazon.awssdk.services.transcribe.model.LanguageModel;
import software.amazon.awssdk.services.transcribe.model.ListLanguageModelsRequest;
import software.amazon.awssdk.services.transcribe.model.ListLanguageModelsResponse;
import software.amazon.awssdk.services.transcribe.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.transcribe.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.transcribe.model.ListTranscriptionJobsRequest;
import software.amazon.awssdk.services.transcribe.model.ListTranscriptionJobsResponse;
import software.amazon.awssdk.services.transcribe.model.ListVocabulariesRequest;
import software.amazon.awssdk.services.transcribe.model.ListVocabulariesResponse;
import software.amazon.awssdk.services.transcribe.model.ListVocabularyFiltersRequest;
import software.amazon.awssdk.services.transcribe.model.ListVocabularyFiltersResponse;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobResponse;
import software.amazon.awssdk.services.transcribe.model.Tag;
import software.amazon.awssdk.services.transcribe.model.TagResourceRequest;
import software.amazon.awssdk.services.transcribe.model.TagResourceResponse;
import software.amazon.awssdk.services.transcribe.model.UntagResourceRequest;
import software.amazon.awssdk.services.transcribe.model.UntagResourceResponse;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyFilterResponse;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyResponse;

/** Amazon Transcribe: transcription jobs, custom vocabularies, vocabulary filters and custom language models. */
public final class TranscribeService implements TranscribeClient, ProtectedResources {
    private static final String UNKNOWN =
            "The requested resource couldn't be found. Check the resource ARN and try your request again.";

    private final TranscribeTags tags;
    private final ServiceBucket bucket;
    private final Vocabularies vocabularies;
    private final VocabularyFilters filters;
    private final LanguageModels models;
    private final TranscriptionJobs jobs;
    private final TranscriptionWork work;

    /**
     * The service; does no work.
     *
     * @param folder       for media while they are transcribed
     * @param guard  finds personal data, which takes no model, and what is toxic
     */
    public TranscribeService(
            ResourceStore store,
            Records records,
            Secrets secrets,
            Recognizers recognizers,
            Supplier<Guard> guard,
            Supplier<Clients> clients,
            Supplier<Jobs> work,
            Path folder,
            ServiceMetrics metrics,
            InstantSource clock) {
        tags = new TranscribeTags(store.tags());
        bucket = new ServiceBucket(records, secrets, clock);
        S3Files files = new S3Files(clients);
        vocabularies = new Vocabularies(store, bucket, files, tags, work, clock);
        filters = new VocabularyFilters(store, bucket, files, tags, clock);
        models = new LanguageModels(store, bucket, files, tags, work, clock);
        JobRules rules = new JobRules(recognizers, vocabularies, filters, models, files, guard);
        jobs = new TranscriptionJobs(store, rules, bucket, tags, work, clock);
        this.work = new TranscriptionWork(
                jobs,
                recognizers,
                guard,
                vocabularies,
                filters,
                models,
                files,
                bucket,
                folder,
                new JobMetrics(metrics),
                new JobEvents(new ServiceEvents(records, clock)),
                clock);
    }

    /** What it does while nobody calls. */
    public Background background() {
        return new Background(
                Map.of(TranscriptionWork.KIND, work, Vocabularies.KIND, vocabularies, LanguageModels.KIND, models),
                List.of());
    }

    /** Answers the URIs of files in Transcribe's own bucket. */
    public static Endpoint downloads(Records records, Secrets secrets, InstantSource clock) {
        return new ServiceBucket(records, secrets, clock).endpoint();
    }

    /** The vocabularies, for streams. */
    public Vocabularies vocabularies() {
        return vocabularies;
    }

    /** The filters, for streams. */
    public VocabularyFilters vocabularyFilters() {
        return filters;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    @Override
    public CreateLanguageModelResponse createLanguageModel(CreateLanguageModelRequest request) {
        LanguageModel created = models.create(request);
        return CreateLanguageModelResponse.builder()
                .modelName(created.modelName())
                .languageCode(created.languageCode())
                .baseModelName(created.baseModelName())
                .inputDataConfig(created.inputDataConfig())
                .modelStatus(created.modelStatus())
                .build();
    }

    @Override
    public CreateVocabularyResponse createVocabulary(CreateVocabularyRequest request) {
        GetVocabularyResponse created = vocabularies.create(request);
        return CreateVocabularyResponse.builder()
                .vocabularyName(created.vocabularyName())
                .languageCode(created.languageCodeAsString())
                .vocabularyState(created.vocabularyState())
                .lastModifiedTime(created.lastModifiedTime())
                .build();
    }

    @Override
    public CreateVocabularyFilterResponse createVocabularyFilter(CreateVocabularyFilterRequest request) {
        GetVocabularyFilterResponse created = filters.create(request);
        return CreateVocabularyFilterResponse.builder()
                .vocabularyFilterName(created.vocabularyFilterName())
                .languageCode(created.languageCodeAsString())
                .lastModifiedTime(created.lastModifiedTime())
                .build();
    }

    @Override
    public DeleteLanguageModelResponse deleteLanguageModel(DeleteLanguageModelRequest request) {
        models.delete(request.modelName());
        return DeleteLanguageModelResponse.builder().build();
    }

    @Override
    public DeleteTranscriptionJobResponse deleteTranscriptionJob(DeleteTranscriptionJobRequest request) {
        jobs.delete(request.transcriptionJobName());
        return DeleteTranscriptionJobResponse.builder().build();
    }

    @Override
    public DeleteVocabularyResponse deleteVocabulary(DeleteVocabularyRequest request) {
        vocabularies.delete(request.vocabularyName());
        return DeleteVocabularyResponse.builder().build();
    }

    @Override
    public DeleteVocabularyFilterResponse deleteVocabularyFilter(DeleteVocabularyFilterRequest request) {
        filters.delete(request.vocabularyFilterName());
        return DeleteVocabularyFilterResponse.builder().build();
    }

    @Override
    public DescribeLanguageModelResponse describeLanguageModel(DescribeLanguageModelRequest request) {
        return DescribeLanguageModelResponse.builder()
                .languageModel(models.get(request.modelName()))
                .build();
    }

    @Override
    public GetTranscriptionJobResponse getTranscriptionJob(GetTranscriptionJobRequest request) {
        return GetTranscriptionJobResponse.builder()
                .transcriptionJob(jobs.get(request.transcriptionJobName()))
                .build();
    }

    @Override
    public GetVocabularyResponse getVocabulary(GetVocabularyRequest request) {
        return vocabularies.get(request.vocabularyName());
    }

    @Override
    public GetVocabularyFilterResponse getVocabularyFilter(GetVocabularyFilterRequest request) {
        return filters.get(request.vocabularyFilterName());
    }

    @Override
    public ListLanguageModelsResponse listLanguageModels(ListLanguageModelsRequest request) {
        return models.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        requireResource(request.resourceArn());
        return ListTagsForResourceResponse.builder()
                .resourceArn(request.resourceArn())
                .tags(tags.of(request.resourceArn()))
                .build();
    }

    @Override
    public ListTranscriptionJobsResponse listTranscriptionJobs(ListTranscriptionJobsRequest request) {
        return jobs.list(request);
    }

    @Override
    public ListVocabulariesResponse listVocabularies(ListVocabulariesRequest request) {
        return vocabularies.list(request);
    }

    @Override
    public ListVocabularyFiltersResponse listVocabularyFilters(ListVocabularyFiltersRequest request) {
        return filters.list(request);
    }

    @Override
    public StartTranscriptionJobResponse startTranscriptionJob(StartTranscriptionJobRequest request) {
        return StartTranscriptionJobResponse.builder()
                .transcriptionJob(jobs.start(request))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        requireResource(request.resourceArn());
        List<Tag> given = request.tags();
        tags.add(request.resourceArn(), given);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        requireResource(request.resourceArn());
        tags.remove(request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateVocabularyResponse updateVocabulary(UpdateVocabularyRequest request) {
        GetVocabularyResponse updated = vocabularies.update(request);
        return UpdateVocabularyResponse.builder()
                .vocabularyName(updated.vocabularyName())
                .languageCode(updated.languageCodeAsString())
                .lastModifiedTime(updated.lastModifiedTime())
                .vocabularyState(updated.vocabularyState())
                .build();
    }

    @Override
    public UpdateVocabularyFilterResponse updateVocabularyFilter(UpdateVocabularyFilterRequest request) {
        GetVocabularyFilterResponse updated = filters.update(request);
        return UpdateVocabularyFilterResponse.builder()
                .vocabularyFilterName(updated.vocabularyFilterName())
                .languageCode(updated.languageCodeAsString())
                .lastModifiedTime(updated.lastModifiedTime())
                .build();
    }

    private void requireResource(String arn) {
        String[] resource = TranscribeTags.resource(arn);
        boolean exists = switch (resource[0]) {
            case "transcription-job" -> jobs.exists(resource[1]);
            case "vocabulary" -> vocabularies.exists(resource[1]);
            case "language-model" -> models.exists(resource[1]);
            case "vocabulary-filter" -> filters.exists(resource[1]);
            default -> false;
        };
        if (!exists) {
            throw Failures.notFound(UNKNOWN);
        }
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.known(arn);
    }
}
