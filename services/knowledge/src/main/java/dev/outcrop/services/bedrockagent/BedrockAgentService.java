package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.bedrockagent.prompts.Prompts;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.CreateDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreateDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeleteDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeleteDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetIngestionJobRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetIngestionJobResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.IngestKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.IngestKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListDataSourcesRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListDataSourcesResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListIngestionJobsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListIngestionJobsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBasesRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBasesResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.StartIngestionJobRequest;
import software.amazon.awssdk.services.bedrockagent.model.StartIngestionJobResponse;
import software.amazon.awssdk.services.bedrockagent.model.StopIngestionJobRequest;
import software.amazon.awssdk.services.bedrockagent.model.StopIngestionJobResponse;
import software.amazon.awssdk.services.bedrockagent.model.TagResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.TagResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.UntagResourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.UntagResourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.UpdateDataSourceRequest;
import software.amazon.awssdk.services.bedrockagent.model.UpdateDataSourceResponse;
import software.amazon.awssdk.services.bedrockagent.model.UpdateKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.UpdateKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptResponse;

/** Agents for Amazon Bedrock, build time. */
public final class BedrockAgentService implements BedrockAgentClient, ProtectedResources {
    private static final int USUAL_PAGE = 100;

    private final KnowledgeBases bases;
    private final DataSources sources;
    private final IngestionJobs ingestions;
    private final Documents documents;
    private final Lifecycle lifecycle;
    private final IngestionWork ingestionWork;
    private final DocumentsWork documentsWork;
    private final Prompts prompts;

    /**
     * Agents for Amazon Bedrock.
     *
     * @param stores  the stores of knowledge bases, which the run time opens, too
     * @param reader  reads pages that are pictures; opened when there is one
     * @param clients reaches buckets, models and stores
     * @param jobs    runs ingestions
     * @param folder  where what sources give is kept while it is read
     */
    public BedrockAgentService(
            Records records,
            Secrets secrets,
            KnowledgeStores stores,
            Embeddings embeddings,
            Supplier<DocumentReader> reader,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Path folder,
            Ids ids,
            InstantSource clock) {
        PageTokens pageTokens = new PageTokens(secrets);
        ResourceStore store = new ResourceStore(records, pageTokens, clock);
        Pages pages = new Pages(
                pageTokens,
                "bedrock-agent",
                USUAL_PAGE,
                () -> AwsError.validation("The provided pagination token is invalid"));
        KnowledgeRecords kept = new KnowledgeRecords(records, store, clock);
        Manifest manifest = new Manifest(records, pageTokens, clock);
        PendingBodies bodies = new PendingBodies(clients, secrets);
        Turns turns = new Turns(records, jobs, clock);
        Parsing parsing = new Parsing(embeddings, new ModelParsing(clients), new Pictures(reader));
        Indexing indexing = new Indexing(manifest, embeddings, parsing, clock);
        lifecycle = new Lifecycle(kept, manifest, stores, store.tags(), turns, jobs, clock);
        bases = new KnowledgeBases(
                kept, stores, lifecycle, clients, store.tags(), store.idempotencyTokens(), ids, clock);
        sources = new DataSources(kept, lifecycle, store.idempotencyTokens(), ids, clock);
        ingestions = new IngestionJobs(kept, embeddings, jobs, store.idempotencyTokens(), pages, ids, clock);
        documents = new Documents(kept, manifest, bodies, jobs, store.idempotencyTokens(), ids, clock);
        ingestionWork = new IngestionWork(
                kept, manifest, stores, new Sources(clients, folder, stores.reach()), indexing, turns, clock);
        documentsWork = new DocumentsWork(kept, manifest, bodies, stores, indexing, clients, turns, clock);
        prompts = new Prompts(store, records, clients, ids, clock);
    }

    /** What it does while nobody calls. */
    public Background background() {
        return new Background(
                Map.of(Lifecycle.KIND, lifecycle, IngestionWork.KIND, ingestionWork, DocumentsWork.KIND, documentsWork),
                List.of(lifecycle.chore()));
    }

    @Override
    public Map<String, String> tags(String arn) {
        if (arn.contains(":prompt/")) {
            return prompts.known(arn);
        }
        return arn.contains(":knowledge-base/") ? bases.known(arn) : Map.of();
    }

    @Override
    public CreateDataSourceResponse createDataSource(CreateDataSourceRequest request) {
        return sources.create(request);
    }

    @Override
    public CreateKnowledgeBaseResponse createKnowledgeBase(CreateKnowledgeBaseRequest request) {
        return bases.create(request);
    }

    @Override
    public CreatePromptResponse createPrompt(CreatePromptRequest request) {
        return prompts.create(request);
    }

    @Override
    public CreatePromptVersionResponse createPromptVersion(CreatePromptVersionRequest request) {
        return prompts.createVersion(request);
    }

    @Override
    public DeleteDataSourceResponse deleteDataSource(DeleteDataSourceRequest request) {
        return sources.delete(request);
    }

    @Override
    public DeleteKnowledgeBaseResponse deleteKnowledgeBase(DeleteKnowledgeBaseRequest request) {
        return bases.delete(request.knowledgeBaseId());
    }

    @Override
    public DeleteKnowledgeBaseDocumentsResponse deleteKnowledgeBaseDocuments(
            DeleteKnowledgeBaseDocumentsRequest request) {
        return documents.delete(request);
    }

    @Override
    public DeletePromptResponse deletePrompt(DeletePromptRequest request) {
        return prompts.delete(request);
    }

    @Override
    public GetDataSourceResponse getDataSource(GetDataSourceRequest request) {
        return GetDataSourceResponse.builder()
                .dataSource(sources.get(request.knowledgeBaseId(), request.dataSourceId()))
                .build();
    }

    @Override
    public GetIngestionJobResponse getIngestionJob(GetIngestionJobRequest request) {
        return GetIngestionJobResponse.builder()
                .ingestionJob(
                        ingestions.get(request.knowledgeBaseId(), request.dataSourceId(), request.ingestionJobId()))
                .build();
    }

    @Override
    public GetKnowledgeBaseResponse getKnowledgeBase(GetKnowledgeBaseRequest request) {
        return GetKnowledgeBaseResponse.builder()
                .knowledgeBase(bases.get(request.knowledgeBaseId()))
                .build();
    }

    @Override
    public GetKnowledgeBaseDocumentsResponse getKnowledgeBaseDocuments(GetKnowledgeBaseDocumentsRequest request) {
        return documents.get(request);
    }

    @Override
    public GetPromptResponse getPrompt(GetPromptRequest request) {
        return prompts.get(request);
    }

    @Override
    public IngestKnowledgeBaseDocumentsResponse ingestKnowledgeBaseDocuments(
            IngestKnowledgeBaseDocumentsRequest request) {
        return documents.ingest(request);
    }

    @Override
    public ListDataSourcesResponse listDataSources(ListDataSourcesRequest request) {
        return sources.list(request);
    }

    @Override
    public ListIngestionJobsResponse listIngestionJobs(ListIngestionJobsRequest request) {
        return ingestions.list(request);
    }

    @Override
    public ListKnowledgeBaseDocumentsResponse listKnowledgeBaseDocuments(ListKnowledgeBaseDocumentsRequest request) {
        return documents.list(request);
    }

    @Override
    public ListKnowledgeBasesResponse listKnowledgeBases(ListKnowledgeBasesRequest request) {
        return bases.list(request);
    }

    @Override
    public ListPromptsResponse listPrompts(ListPromptsRequest request) {
        return prompts.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(
                        Prompts.isPrompt(request.resourceArn())
                                ? prompts.tags(request.resourceArn())
                                : bases.tags(request.resourceArn()))
                .build();
    }

    @Override
    public StartIngestionJobResponse startIngestionJob(StartIngestionJobRequest request) {
        return StartIngestionJobResponse.builder()
                .ingestionJob(ingestions.start(request))
                .build();
    }

    @Override
    public StopIngestionJobResponse stopIngestionJob(StopIngestionJobRequest request) {
        return StopIngestionJobResponse.builder()
                .ingestionJob(ingestions.stop(request))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        if (Prompts.isPrompt(request.resourceArn())) {
            prompts.tag(request.resourceArn(), request.tags());
        } else {
            bases.tag(request.resourceArn(), request.tags());
        }
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        if (Prompts.isPrompt(request.resourceArn())) {
            prompts.untag(request.resourceArn(), request.tagKeys());
        } else {
            bases.untag(request.resourceArn(), request.tagKeys());
        }
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateDataSourceResponse updateDataSource(UpdateDataSourceRequest request) {
        return UpdateDataSourceResponse.builder()
                .dataSource(sources.update(request))
                .build();
    }

    @Override
    public UpdateKnowledgeBaseResponse updateKnowledgeBase(UpdateKnowledgeBaseRequest request) {
        return UpdateKnowledgeBaseResponse.builder()
                .knowledgeBase(bases.update(request))
                .build();
    }

    @Override
    public UpdatePromptResponse updatePrompt(UpdatePromptRequest request) {
        return prompts.update(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
