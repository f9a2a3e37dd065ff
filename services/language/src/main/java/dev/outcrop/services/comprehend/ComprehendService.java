package dev.outcrop.services.comprehend;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.comprehend.custom.Customization;
import dev.outcrop.services.comprehend.custom.Failures;
import dev.outcrop.services.comprehend.jobs.AnalysisJobs;
import dev.outcrop.services.comprehend.jobs.AnalysisWork;
import dev.outcrop.services.comprehend.jobs.JobKind;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectDominantLanguageResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectKeyPhrasesResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectSyntaxResponse;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.BatchDetectTargetedSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentRequest;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.ContainsPiiEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.ContainsPiiEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.CreateDatasetRequest;
import software.amazon.awssdk.services.comprehend.model.CreateDatasetResponse;
import software.amazon.awssdk.services.comprehend.model.CreateDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.CreateDocumentClassifierResponse;
import software.amazon.awssdk.services.comprehend.model.CreateEndpointRequest;
import software.amazon.awssdk.services.comprehend.model.CreateEndpointResponse;
import software.amazon.awssdk.services.comprehend.model.CreateEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.CreateEntityRecognizerResponse;
import software.amazon.awssdk.services.comprehend.model.CreateFlywheelRequest;
import software.amazon.awssdk.services.comprehend.model.CreateFlywheelResponse;
import software.amazon.awssdk.services.comprehend.model.DatasetProperties;
import software.amazon.awssdk.services.comprehend.model.DeleteDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.DeleteDocumentClassifierResponse;
import software.amazon.awssdk.services.comprehend.model.DeleteEndpointRequest;
import software.amazon.awssdk.services.comprehend.model.DeleteEndpointResponse;
import software.amazon.awssdk.services.comprehend.model.DeleteEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.DeleteEntityRecognizerResponse;
import software.amazon.awssdk.services.comprehend.model.DeleteFlywheelRequest;
import software.amazon.awssdk.services.comprehend.model.DeleteFlywheelResponse;
import software.amazon.awssdk.services.comprehend.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.comprehend.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeDatasetRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeDatasetResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeDocumentClassificationJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeDocumentClassificationJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeDocumentClassifierResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeDominantLanguageDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeDominantLanguageDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeEndpointRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeEntityRecognizerResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeFlywheelIterationRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeFlywheelIterationResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeFlywheelRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeFlywheelResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeKeyPhrasesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeKeyPhrasesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribePiiEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribePiiEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeResourcePolicyRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeResourcePolicyResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeTargetedSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeTargetedSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DescribeTopicsDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.DescribeTopicsDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.DetectDominantLanguageRequest;
import software.amazon.awssdk.services.comprehend.model.DetectDominantLanguageResponse;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectKeyPhrasesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectKeyPhrasesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectPiiEntitiesRequest;
import software.amazon.awssdk.services.comprehend.model.DetectPiiEntitiesResponse;
import software.amazon.awssdk.services.comprehend.model.DetectSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectSyntaxRequest;
import software.amazon.awssdk.services.comprehend.model.DetectSyntaxResponse;
import software.amazon.awssdk.services.comprehend.model.DetectTargetedSentimentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectTargetedSentimentResponse;
import software.amazon.awssdk.services.comprehend.model.DetectToxicContentRequest;
import software.amazon.awssdk.services.comprehend.model.DetectToxicContentResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentClassificationJobProperties;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierSummary;
import software.amazon.awssdk.services.comprehend.model.DominantLanguageDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.EndpointProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerSummary;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationProperties;
import software.amazon.awssdk.services.comprehend.model.FlywheelSummary;
import software.amazon.awssdk.services.comprehend.model.ImportModelRequest;
import software.amazon.awssdk.services.comprehend.model.ImportModelResponse;
import software.amazon.awssdk.services.comprehend.model.KeyPhrasesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.ListDatasetsRequest;
import software.amazon.awssdk.services.comprehend.model.ListDatasetsResponse;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassificationJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassificationJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassifierSummariesRequest;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassifierSummariesResponse;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassifiersRequest;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassifiersResponse;
import software.amazon.awssdk.services.comprehend.model.ListDominantLanguageDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListDominantLanguageDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListEndpointsRequest;
import software.amazon.awssdk.services.comprehend.model.ListEndpointsResponse;
import software.amazon.awssdk.services.comprehend.model.ListEntitiesDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListEntitiesDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListEntityRecognizerSummariesRequest;
import software.amazon.awssdk.services.comprehend.model.ListEntityRecognizerSummariesResponse;
import software.amazon.awssdk.services.comprehend.model.ListEntityRecognizersRequest;
import software.amazon.awssdk.services.comprehend.model.ListEntityRecognizersResponse;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelIterationHistoryRequest;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelIterationHistoryResponse;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelsRequest;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelsResponse;
import software.amazon.awssdk.services.comprehend.model.ListKeyPhrasesDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListKeyPhrasesDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListPiiEntitiesDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListPiiEntitiesDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListSentimentDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListSentimentDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.comprehend.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.comprehend.model.ListTargetedSentimentDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListTargetedSentimentDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.ListTopicsDetectionJobsRequest;
import software.amazon.awssdk.services.comprehend.model.ListTopicsDetectionJobsResponse;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.comprehend.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.comprehend.model.SentimentDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.StartDocumentClassificationJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartDocumentClassificationJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartDominantLanguageDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartDominantLanguageDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartFlywheelIterationRequest;
import software.amazon.awssdk.services.comprehend.model.StartFlywheelIterationResponse;
import software.amazon.awssdk.services.comprehend.model.StartKeyPhrasesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartKeyPhrasesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartPiiEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartPiiEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartTargetedSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartTargetedSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StartTopicsDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartTopicsDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopDominantLanguageDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopDominantLanguageDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopKeyPhrasesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopKeyPhrasesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopPiiEntitiesDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopPiiEntitiesDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopTargetedSentimentDetectionJobRequest;
import software.amazon.awssdk.services.comprehend.model.StopTargetedSentimentDetectionJobResponse;
import software.amazon.awssdk.services.comprehend.model.StopTrainingDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.StopTrainingDocumentClassifierResponse;
import software.amazon.awssdk.services.comprehend.model.StopTrainingEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.StopTrainingEntityRecognizerResponse;
import software.amazon.awssdk.services.comprehend.model.TagResourceRequest;
import software.amazon.awssdk.services.comprehend.model.TagResourceResponse;
import software.amazon.awssdk.services.comprehend.model.TargetedSentimentDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.UntagResourceRequest;
import software.amazon.awssdk.services.comprehend.model.UntagResourceResponse;
import software.amazon.awssdk.services.comprehend.model.UpdateEndpointRequest;
import software.amazon.awssdk.services.comprehend.model.UpdateEndpointResponse;
import software.amazon.awssdk.services.comprehend.model.UpdateFlywheelRequest;
import software.amazon.awssdk.services.comprehend.model.UpdateFlywheelResponse;

/** Amazon Comprehend: what texts say, and what is felt in them. */
public final class ComprehendService implements ComprehendClient, ProtectedResources {
    private static final int USUAL_PAGE = 100;

    private final RealTime realTime;
    private final Batches batches;
    private final Customization custom;
    private final AnalysisJobs jobs;
    private final AnalysisWork work;
    private final Pages pages;

    /**
     * The service. Nothing is opened before it is asked for.
     *
     * @param analyses says what is in texts
     * @param clients  reaches buckets and keys
     * @param runner   runs jobs and trainings
     */
    public ComprehendService(
            Analyses analyses,
            Records records,
            Secrets secrets,
            Supplier<Clients> clients,
            Supplier<Jobs> runner,
            Ids ids,
            InstantSource clock) {
        PageTokens pageTokens = new PageTokens(secrets);
        ResourceStore store = new ResourceStore(records, pageTokens, clock);
        pages = new Pages(
                pageTokens,
                "comprehend",
                USUAL_PAGE,
                () -> Failures.invalid("The NextToken is not valid for this list."));
        custom = new Customization(records, secrets, store, clients, runner, ids, clock);
        jobs = new AnalysisJobs(store, custom.models(), custom.tags(), runner, ids, clock);
        work = new AnalysisWork(jobs, analyses, custom.models(), clients, records, secrets, clock);
        realTime = new RealTime(analyses, custom::endpoints, clients);
        batches = new Batches(analyses);
    }

    /** What it does while nobody calls. */
    public Background background() {
        return custom.background().and(work.background());
    }

    private boolean exists(String arn) {
        return custom.exists(arn) || jobs.exists(arn);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return custom.tags().of(arn);
    }

    @Override
    public Optional<String> policy(String arn) {
        return custom.policies().policy(arn);
    }

    @Override
    public BatchDetectDominantLanguageResponse batchDetectDominantLanguage(BatchDetectDominantLanguageRequest request) {
        return batches.dominantLanguage(request);
    }

    @Override
    public BatchDetectEntitiesResponse batchDetectEntities(BatchDetectEntitiesRequest request) {
        return batches.entities(request);
    }

    @Override
    public BatchDetectKeyPhrasesResponse batchDetectKeyPhrases(BatchDetectKeyPhrasesRequest request) {
        return batches.keyPhrases(request);
    }

    @Override
    public BatchDetectSentimentResponse batchDetectSentiment(BatchDetectSentimentRequest request) {
        return batches.sentiment(request);
    }

    @Override
    public BatchDetectSyntaxResponse batchDetectSyntax(BatchDetectSyntaxRequest request) {
        return batches.syntax(request);
    }

    @Override
    public BatchDetectTargetedSentimentResponse batchDetectTargetedSentiment(
            BatchDetectTargetedSentimentRequest request) {
        return batches.targetedSentiment(request);
    }

    @Override
    public ClassifyDocumentResponse classifyDocument(ClassifyDocumentRequest request) {
        return realTime.classifyDocument(request);
    }

    @Override
    public ContainsPiiEntitiesResponse containsPiiEntities(ContainsPiiEntitiesRequest request) {
        return realTime.containsPiiEntities(request);
    }

    @Override
    public DetectDominantLanguageResponse detectDominantLanguage(DetectDominantLanguageRequest request) {
        return realTime.detectDominantLanguage(request);
    }

    @Override
    public DetectEntitiesResponse detectEntities(DetectEntitiesRequest request) {
        return realTime.detectEntities(request);
    }

    @Override
    public DetectKeyPhrasesResponse detectKeyPhrases(DetectKeyPhrasesRequest request) {
        return realTime.detectKeyPhrases(request);
    }

    @Override
    public DetectPiiEntitiesResponse detectPiiEntities(DetectPiiEntitiesRequest request) {
        return realTime.detectPiiEntities(request);
    }

    @Override
    public DetectSentimentResponse detectSentiment(DetectSentimentRequest request) {
        return realTime.detectSentiment(request);
    }

    @Override
    public DetectSyntaxResponse detectSyntax(DetectSyntaxRequest request) {
        return realTime.detectSyntax(request);
    }

    @Override
    public DetectTargetedSentimentResponse detectTargetedSentiment(DetectTargetedSentimentRequest request) {
        return realTime.detectTargetedSentiment(request);
    }

    @Override
    public DetectToxicContentResponse detectToxicContent(DetectToxicContentRequest request) {
        return realTime.detectToxicContent(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public CreateDocumentClassifierResponse createDocumentClassifier(CreateDocumentClassifierRequest request) {
        return custom.classifiers().create(request);
    }

    @Override
    public CreateEndpointResponse createEndpoint(CreateEndpointRequest request) {
        return custom.endpoints().create(request);
    }

    @Override
    public CreateEntityRecognizerResponse createEntityRecognizer(CreateEntityRecognizerRequest request) {
        return custom.recognizers().create(request);
    }

    @Override
    public DeleteDocumentClassifierResponse deleteDocumentClassifier(DeleteDocumentClassifierRequest request) {
        custom.deleteModel(request.documentClassifierArn());
        return DeleteDocumentClassifierResponse.builder().build();
    }

    @Override
    public DeleteEndpointResponse deleteEndpoint(DeleteEndpointRequest request) {
        custom.endpoints().delete(request.endpointArn());
        return DeleteEndpointResponse.builder().build();
    }

    @Override
    public DeleteEntityRecognizerResponse deleteEntityRecognizer(DeleteEntityRecognizerRequest request) {
        custom.deleteModel(request.entityRecognizerArn());
        return DeleteEntityRecognizerResponse.builder().build();
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        custom.policies().delete(request.resourceArn(), Optional.ofNullable(request.policyRevisionId()));
        return DeleteResourcePolicyResponse.builder().build();
    }

    @Override
    public DescribeDocumentClassificationJobResponse describeDocumentClassificationJob(
            DescribeDocumentClassificationJobRequest request) {
        return DescribeDocumentClassificationJobResponse.builder()
                .documentClassificationJobProperties(jobs.get(JobKind.CLASSIFICATION, request.jobId()))
                .build();
    }

    @Override
    public DescribeDocumentClassifierResponse describeDocumentClassifier(DescribeDocumentClassifierRequest request) {
        return DescribeDocumentClassifierResponse.builder()
                .documentClassifierProperties(custom.classifiers().get(request.documentClassifierArn()))
                .build();
    }

    @Override
    public DescribeDominantLanguageDetectionJobResponse describeDominantLanguageDetectionJob(
            DescribeDominantLanguageDetectionJobRequest request) {
        return DescribeDominantLanguageDetectionJobResponse.builder()
                .dominantLanguageDetectionJobProperties(jobs.get(JobKind.LANGUAGE, request.jobId()))
                .build();
    }

    @Override
    public DescribeEndpointResponse describeEndpoint(DescribeEndpointRequest request) {
        return DescribeEndpointResponse.builder()
                .endpointProperties(custom.endpoints().get(request.endpointArn()))
                .build();
    }

    @Override
    public DescribeEntitiesDetectionJobResponse describeEntitiesDetectionJob(
            DescribeEntitiesDetectionJobRequest request) {
        return DescribeEntitiesDetectionJobResponse.builder()
                .entitiesDetectionJobProperties(jobs.get(JobKind.ENTITIES, request.jobId()))
                .build();
    }

    @Override
    public DescribeEntityRecognizerResponse describeEntityRecognizer(DescribeEntityRecognizerRequest request) {
        return DescribeEntityRecognizerResponse.builder()
                .entityRecognizerProperties(custom.recognizers().get(request.entityRecognizerArn()))
                .build();
    }

    @Override
    public DescribeKeyPhrasesDetectionJobResponse describeKeyPhrasesDetectionJob(
            DescribeKeyPhrasesDetectionJobRequest request) {
        return DescribeKeyPhrasesDetectionJobResponse.builder()
                .keyPhrasesDetectionJobProperties(jobs.get(JobKind.KEY_PHRASES, request.jobId()))
                .build();
    }

    @Override
    public DescribePiiEntitiesDetectionJobResponse describePiiEntitiesDetectionJob(
            DescribePiiEntitiesDetectionJobRequest request) {
        return DescribePiiEntitiesDetectionJobResponse.builder()
                .piiEntitiesDetectionJobProperties(jobs.get(JobKind.PII, request.jobId()))
                .build();
    }

    @Override
    public DescribeResourcePolicyResponse describeResourcePolicy(DescribeResourcePolicyRequest request) {
        return custom.policies().get(request.resourceArn());
    }

    @Override
    public DescribeSentimentDetectionJobResponse describeSentimentDetectionJob(
            DescribeSentimentDetectionJobRequest request) {
        return DescribeSentimentDetectionJobResponse.builder()
                .sentimentDetectionJobProperties(jobs.get(JobKind.SENTIMENT, request.jobId()))
                .build();
    }

    @Override
    public DescribeTargetedSentimentDetectionJobResponse describeTargetedSentimentDetectionJob(
            DescribeTargetedSentimentDetectionJobRequest request) {
        return DescribeTargetedSentimentDetectionJobResponse.builder()
                .targetedSentimentDetectionJobProperties(jobs.get(JobKind.TARGETED_SENTIMENT, request.jobId()))
                .build();
    }

    @Override
    public DescribeTopicsDetectionJobResponse describeTopicsDetectionJob(DescribeTopicsDetectionJobRequest request) {
        return DescribeTopicsDetectionJobResponse.builder()
                .topicsDetectionJobProperties(jobs.get(JobKind.TOPICS, request.jobId()))
                .build();
    }

    @Override
    public ListDocumentClassificationJobsResponse listDocumentClassificationJobs(
            ListDocumentClassificationJobsRequest request) {
        Page<DocumentClassificationJobProperties> page =
                jobs.list(JobKind.CLASSIFICATION, request.filter(), request.maxResults(), request.nextToken());
        return ListDocumentClassificationJobsResponse.builder()
                .documentClassificationJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListDocumentClassifierSummariesResponse listDocumentClassifierSummaries(
            ListDocumentClassifierSummariesRequest request) {
        Pages.Slice<DocumentClassifierSummary> page = pages.of(
                "document-classifier-summaries",
                custom.classifiers().summaries(),
                request.maxResults(),
                request.nextToken());
        return ListDocumentClassifierSummariesResponse.builder()
                .documentClassifierSummariesList(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public ListDocumentClassifiersResponse listDocumentClassifiers(ListDocumentClassifiersRequest request) {
        Page<DocumentClassifierProperties> page = custom.classifiers().list(request);
        return ListDocumentClassifiersResponse.builder()
                .documentClassifierPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListDominantLanguageDetectionJobsResponse listDominantLanguageDetectionJobs(
            ListDominantLanguageDetectionJobsRequest request) {
        Page<DominantLanguageDetectionJobProperties> page =
                jobs.list(JobKind.LANGUAGE, request.filter(), request.maxResults(), request.nextToken());
        return ListDominantLanguageDetectionJobsResponse.builder()
                .dominantLanguageDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListEndpointsResponse listEndpoints(ListEndpointsRequest request) {
        Page<EndpointProperties> page = custom.endpoints().list(request);
        return ListEndpointsResponse.builder()
                .endpointPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListEntitiesDetectionJobsResponse listEntitiesDetectionJobs(ListEntitiesDetectionJobsRequest request) {
        Page<EntitiesDetectionJobProperties> page =
                jobs.list(JobKind.ENTITIES, request.filter(), request.maxResults(), request.nextToken());
        return ListEntitiesDetectionJobsResponse.builder()
                .entitiesDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListEntityRecognizerSummariesResponse listEntityRecognizerSummaries(
            ListEntityRecognizerSummariesRequest request) {
        Pages.Slice<EntityRecognizerSummary> page = pages.of(
                "entity-recognizer-summaries",
                custom.recognizers().summaries(),
                request.maxResults(),
                request.nextToken());
        return ListEntityRecognizerSummariesResponse.builder()
                .entityRecognizerSummariesList(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public ListEntityRecognizersResponse listEntityRecognizers(ListEntityRecognizersRequest request) {
        Page<EntityRecognizerProperties> page = custom.recognizers().list(request);
        return ListEntityRecognizersResponse.builder()
                .entityRecognizerPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListKeyPhrasesDetectionJobsResponse listKeyPhrasesDetectionJobs(ListKeyPhrasesDetectionJobsRequest request) {
        Page<KeyPhrasesDetectionJobProperties> page =
                jobs.list(JobKind.KEY_PHRASES, request.filter(), request.maxResults(), request.nextToken());
        return ListKeyPhrasesDetectionJobsResponse.builder()
                .keyPhrasesDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListPiiEntitiesDetectionJobsResponse listPiiEntitiesDetectionJobs(
            ListPiiEntitiesDetectionJobsRequest request) {
        Page<PiiEntitiesDetectionJobProperties> page =
                jobs.list(JobKind.PII, request.filter(), request.maxResults(), request.nextToken());
        return ListPiiEntitiesDetectionJobsResponse.builder()
                .piiEntitiesDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListSentimentDetectionJobsResponse listSentimentDetectionJobs(ListSentimentDetectionJobsRequest request) {
        Page<SentimentDetectionJobProperties> page =
                jobs.list(JobKind.SENTIMENT, request.filter(), request.maxResults(), request.nextToken());
        return ListSentimentDetectionJobsResponse.builder()
                .sentimentDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return custom.tags().list(request.resourceArn(), this::exists);
    }

    @Override
    public ListTargetedSentimentDetectionJobsResponse listTargetedSentimentDetectionJobs(
            ListTargetedSentimentDetectionJobsRequest request) {
        Page<TargetedSentimentDetectionJobProperties> page =
                jobs.list(JobKind.TARGETED_SENTIMENT, request.filter(), request.maxResults(), request.nextToken());
        return ListTargetedSentimentDetectionJobsResponse.builder()
                .targetedSentimentDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListTopicsDetectionJobsResponse listTopicsDetectionJobs(ListTopicsDetectionJobsRequest request) {
        Page<TopicsDetectionJobProperties> page =
                jobs.list(JobKind.TOPICS, request.filter(), request.maxResults(), request.nextToken());
        return ListTopicsDetectionJobsResponse.builder()
                .topicsDetectionJobPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        String revision = custom.policies()
                .put(request.resourceArn(), request.resourcePolicy(), Optional.ofNullable(request.policyRevisionId()));
        return PutResourcePolicyResponse.builder().policyRevisionId(revision).build();
    }

    @Override
    public StartDocumentClassificationJobResponse startDocumentClassificationJob(
            StartDocumentClassificationJobRequest request) {
        return jobs.start(JobKind.CLASSIFICATION, request, StartDocumentClassificationJobResponse.builder())
                .build();
    }

    @Override
    public StartDominantLanguageDetectionJobResponse startDominantLanguageDetectionJob(
            StartDominantLanguageDetectionJobRequest request) {
        return jobs.start(JobKind.LANGUAGE, request, StartDominantLanguageDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartEntitiesDetectionJobResponse startEntitiesDetectionJob(StartEntitiesDetectionJobRequest request) {
        return jobs.start(JobKind.ENTITIES, request, StartEntitiesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartKeyPhrasesDetectionJobResponse startKeyPhrasesDetectionJob(StartKeyPhrasesDetectionJobRequest request) {
        return jobs.start(JobKind.KEY_PHRASES, request, StartKeyPhrasesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartPiiEntitiesDetectionJobResponse startPiiEntitiesDetectionJob(
            StartPiiEntitiesDetectionJobRequest request) {
        return jobs.start(JobKind.PII, request, StartPiiEntitiesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartSentimentDetectionJobResponse startSentimentDetectionJob(StartSentimentDetectionJobRequest request) {
        return jobs.start(JobKind.SENTIMENT, request, StartSentimentDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartTargetedSentimentDetectionJobResponse startTargetedSentimentDetectionJob(
            StartTargetedSentimentDetectionJobRequest request) {
        return jobs.start(JobKind.TARGETED_SENTIMENT, request, StartTargetedSentimentDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StartTopicsDetectionJobResponse startTopicsDetectionJob(StartTopicsDetectionJobRequest request) {
        return jobs.start(JobKind.TOPICS, AnalysisJobs.complete(request), StartTopicsDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopDominantLanguageDetectionJobResponse stopDominantLanguageDetectionJob(
            StopDominantLanguageDetectionJobRequest request) {
        return jobs.stop(JobKind.LANGUAGE, request.jobId(), StopDominantLanguageDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopEntitiesDetectionJobResponse stopEntitiesDetectionJob(StopEntitiesDetectionJobRequest request) {
        return jobs.stop(JobKind.ENTITIES, request.jobId(), StopEntitiesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopKeyPhrasesDetectionJobResponse stopKeyPhrasesDetectionJob(StopKeyPhrasesDetectionJobRequest request) {
        return jobs.stop(JobKind.KEY_PHRASES, request.jobId(), StopKeyPhrasesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopPiiEntitiesDetectionJobResponse stopPiiEntitiesDetectionJob(StopPiiEntitiesDetectionJobRequest request) {
        return jobs.stop(JobKind.PII, request.jobId(), StopPiiEntitiesDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopSentimentDetectionJobResponse stopSentimentDetectionJob(StopSentimentDetectionJobRequest request) {
        return jobs.stop(JobKind.SENTIMENT, request.jobId(), StopSentimentDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopTargetedSentimentDetectionJobResponse stopTargetedSentimentDetectionJob(
            StopTargetedSentimentDetectionJobRequest request) {
        return jobs.stop(
                        JobKind.TARGETED_SENTIMENT,
                        request.jobId(),
                        StopTargetedSentimentDetectionJobResponse.builder())
                .build();
    }

    @Override
    public StopTrainingDocumentClassifierResponse stopTrainingDocumentClassifier(
            StopTrainingDocumentClassifierRequest request) {
        custom.classifiers().stop(request.documentClassifierArn());
        return StopTrainingDocumentClassifierResponse.builder().build();
    }

    @Override
    public StopTrainingEntityRecognizerResponse stopTrainingEntityRecognizer(
            StopTrainingEntityRecognizerRequest request) {
        custom.recognizers().stop(request.entityRecognizerArn());
        return StopTrainingEntityRecognizerResponse.builder().build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        custom.tags().add(request.resourceArn(), request.tags(), this::exists);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        custom.tags().remove(request.resourceArn(), request.tagKeys(), this::exists);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateEndpointResponse updateEndpoint(UpdateEndpointRequest request) {
        return UpdateEndpointResponse.builder()
                .desiredModelArn(custom.endpoints().update(request))
                .build();
    }

    @Override
    public CreateDatasetResponse createDataset(CreateDatasetRequest request) {
        return custom.datasets().create(request);
    }

    @Override
    public CreateFlywheelResponse createFlywheel(CreateFlywheelRequest request) {
        return custom.flywheels().create(request);
    }

    @Override
    public DeleteFlywheelResponse deleteFlywheel(DeleteFlywheelRequest request) {
        custom.deleteFlywheel(request.flywheelArn());
        return DeleteFlywheelResponse.builder().build();
    }

    @Override
    public DescribeDatasetResponse describeDataset(DescribeDatasetRequest request) {
        return DescribeDatasetResponse.builder()
                .datasetProperties(custom.datasets().get(request.datasetArn()))
                .build();
    }

    @Override
    public DescribeFlywheelResponse describeFlywheel(DescribeFlywheelRequest request) {
        return DescribeFlywheelResponse.builder()
                .flywheelProperties(custom.flywheels().get(request.flywheelArn()))
                .build();
    }

    @Override
    public DescribeFlywheelIterationResponse describeFlywheelIteration(DescribeFlywheelIterationRequest request) {
        return DescribeFlywheelIterationResponse.builder()
                .flywheelIterationProperties(
                        custom.iterations().get(request.flywheelArn(), request.flywheelIterationId()))
                .build();
    }

    @Override
    public ImportModelResponse importModel(ImportModelRequest request) {
        return custom.imports().copy(request);
    }

    @Override
    public ListDatasetsResponse listDatasets(ListDatasetsRequest request) {
        Page<DatasetProperties> page = custom.datasets().list(request);
        return ListDatasetsResponse.builder()
                .datasetPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListFlywheelIterationHistoryResponse listFlywheelIterationHistory(
            ListFlywheelIterationHistoryRequest request) {
        Page<FlywheelIterationProperties> page = custom.iterations().list(request);
        return ListFlywheelIterationHistoryResponse.builder()
                .flywheelIterationPropertiesList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public ListFlywheelsResponse listFlywheels(ListFlywheelsRequest request) {
        Page<FlywheelSummary> page = custom.flywheels().list(request);
        return ListFlywheelsResponse.builder()
                .flywheelSummaryList(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    @Override
    public StartFlywheelIterationResponse startFlywheelIteration(StartFlywheelIterationRequest request) {
        return custom.iterations().start(request);
    }

    @Override
    public UpdateFlywheelResponse updateFlywheel(UpdateFlywheelRequest request) {
        return UpdateFlywheelResponse.builder()
                .flywheelProperties(custom.updateFlywheel(request))
                .build();
    }
}
