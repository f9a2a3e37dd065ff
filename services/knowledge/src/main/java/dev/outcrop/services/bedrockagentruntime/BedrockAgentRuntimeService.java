package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Tags;
import dev.outcrop.services.bedrockagent.Embeddings;
import dev.outcrop.services.bedrockagent.KnowledgeStores;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateInvocationRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateInvocationResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.CreateSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.DeleteSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.DeleteSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.EndSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.EndSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GenerateQueryRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.GenerateQueryResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GeneratedQuery;
import software.amazon.awssdk.services.bedrockagentruntime.model.GeneratedQueryType;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetInvocationStepRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetInvocationStepResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.GetSessionResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.GuadrailAction;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseQueryType;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrievalConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationStepsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationStepsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListInvocationsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListSessionsRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListSessionsResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.PutInvocationStepRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.PutInvocationStepResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RerankResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.TagResourceRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.TagResourceResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.TextToSqlConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.UntagResourceRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.UntagResourceResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.UpdateSessionRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.UpdateSessionResponse;

/** Agents for Amazon Bedrock, run time, as far as one answer goes; streams are in {@link BedrockAgentRuntimeStreams}. */
public final class BedrockAgentRuntimeService implements BedrockAgentRuntimeClient, ProtectedResources {
    private final SearchedBases bases;
    private final StructuredQueries structured;
    private final PromptOptimization promptOptimization;
    private final Retrieval retrieval;
    private final ResultPages resultPages;
    private final Reranking reranking;
    private final Guarding guarding;
    private final Generation generation;
    private final StoredSessions sessions;
    private final Tags tags;

    /**
     * Agents for Amazon Bedrock, run time.
     *
     * @param stores   opens what knowledge bases keep
     * @param clients  reaches knowledge bases, models, guardrails, buckets and keys
     * @param reranker   what reranks, where a model is installed that was trained to
     * @param comparison what compares meanings, where a model is installed that can; it reranks where nothing else does,
     *                   and says which passage a sentence rests on
     */
    public BedrockAgentRuntimeService(
            Records records,
            Secrets secrets,
            KnowledgeStores stores,
            Embeddings embeddings,
            Supplier<Clients> clients,
            Supplier<Optional<Reranker>> reranker,
            Supplier<Optional<Reranker>> comparison,
            Ids ids,
            InstantSource clock) {
        PageTokens pageTokens = new PageTokens(secrets);
        ResourceStore store = new ResourceStore(records, pageTokens, clock);
        SealedContent sealing = new SealedContent(secrets, clients);
        Writer writer = new Writer(clients);
        tags = store.tags();
        reranking = new Reranking(reranker, comparison);
        guarding = new Guarding(clients);
        resultPages = new ResultPages(pageTokens);
        sessions = new StoredSessions(records, store, sealing, ids, clock);
        bases = new SearchedBases(clients, access(stores, embeddings));
        structured = new StructuredQueries(bases, writer);
        retrieval = new Retrieval(bases, reranking, new ImplicitFilters(writer), structured);
        promptOptimization = new PromptOptimization(writer);
        generation = new Generation(
                retrieval,
                new ExternalSources(clients, reranking),
                reranking,
                new Conversations(records, sealing, ids, clock),
                writer,
                guarding,
                clock);
    }

    private static SearchedBases.Access access(KnowledgeStores stores, Embeddings embeddings) {
        return new SearchedBases.Access() {
            @Override
            public VectorStore store(KnowledgeBase base) {
                return stores.open(base);
            }

            @Override
            public QueriedDatabase database(KnowledgeBase base) {
                return stores.database(base);
            }

            @Override
            public float[] vector(KnowledgeBase base, String question) {
                return embeddings.ofQuery(base, question);
            }
        };
    }

    Generation generation() {
        return generation;
    }

    PromptOptimization promptOptimization() {
        return promptOptimization;
    }

    static GuadrailAction action(boolean intervened) {
        return intervened ? GuadrailAction.INTERVENED : GuadrailAction.NONE;
    }

    @Override
    public CreateInvocationResponse createInvocation(CreateInvocationRequest request) {
        return sessions.createInvocation(request);
    }

    @Override
    public CreateSessionResponse createSession(CreateSessionRequest request) {
        return sessions.create(request);
    }

    @Override
    public DeleteSessionResponse deleteSession(DeleteSessionRequest request) {
        return sessions.delete(request.sessionIdentifier());
    }

    @Override
    public EndSessionResponse endSession(EndSessionRequest request) {
        return sessions.end(request.sessionIdentifier());
    }

    @Override
    public GenerateQueryResponse generateQuery(GenerateQueryRequest request) {
        TextToSqlConfiguration settings = request.transformationConfiguration().textToSqlConfiguration();
        if (settings == null || settings.knowledgeBaseConfiguration() == null) {
            throw Errors.invalid(
                    "The mode TEXT_TO_SQL needs a textToSqlConfiguration with a knowledgeBaseConfiguration.");
        }
        String sql = structured.generate(
                bases.structured(settings.knowledgeBaseConfiguration().knowledgeBaseArn()),
                request.queryGenerationInput().text());
        return GenerateQueryResponse.builder()
                .queries(GeneratedQuery.builder()
                        .type(GeneratedQueryType.REDSHIFT_SQL)
                        .sql(sql)
                        .build())
                .build();
    }

    @Override
    public GetInvocationStepResponse getInvocationStep(GetInvocationStepRequest request) {
        return sessions.step(request);
    }

    @Override
    public GetSessionResponse getSession(GetSessionRequest request) {
        return sessions.get(request.sessionIdentifier());
    }

    @Override
    public ListInvocationStepsResponse listInvocationSteps(ListInvocationStepsRequest request) {
        return sessions.steps(request);
    }

    @Override
    public ListInvocationsResponse listInvocations(ListInvocationsRequest request) {
        return sessions.invocations(request);
    }

    @Override
    public ListSessionsResponse listSessions(ListSessionsRequest request) {
        return sessions.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(sessions.taggable(request.resourceArn())))
                .build();
    }

    @Override
    public PutInvocationStepResponse putInvocationStep(PutInvocationStepRequest request) {
        return sessions.putStep(request);
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        return reranking.rerank(request);
    }

    @Override
    public RetrieveResponse retrieve(RetrieveRequest request) {
        if (request.retrievalQuery().type() == KnowledgeBaseQueryType.IMAGE
                || request.retrievalQuery().image() != null) {
            throw AwsError.notImplemented("bedrock-agent-runtime", "Retrieve by an image");
        }
        String question = Optional.ofNullable(request.retrievalQuery().text()).orElse("");
        if (question.isBlank()) {
            throw Errors.invalid("The text of the retrievalQuery must not be empty.");
        }
        Optional<Boolean> stopped = Optional.ofNullable(request.guardrailConfiguration())
                .map(guardrail -> guarding.stopped(guardrail, question).isPresent());
        if (stopped.orElse(false)) {
            return RetrieveResponse.builder()
                    .retrievalResults(List.of())
                    .guardrailAction(GuadrailAction.INTERVENED)
                    .build();
        }
        List<Passage> passages = retrieval.search(
                request.knowledgeBaseId(),
                question,
                List.of(question),
                Optional.ofNullable(request.retrievalConfiguration())
                        .map(KnowledgeBaseRetrievalConfiguration::vectorSearchConfiguration));
        return resultPages
                .page(request, passages)
                .guardrailAction(stopped.map(BedrockAgentRuntimeService::action).orElse(null))
                .build();
    }

    @Override
    public RetrieveAndGenerateResponse retrieveAndGenerate(RetrieveAndGenerateRequest request) {
        Generation.Prepared prepared = generation.prepare(new Generation.Request(
                request.input().text(),
                Optional.ofNullable(request.retrieveAndGenerateConfiguration()),
                Optional.ofNullable(request.sessionId()),
                Optional.ofNullable(request.sessionConfiguration()).map(session -> session.kmsKeyArn())));
        Generation.Answer answer = generation.answer(prepared);
        return RetrieveAndGenerateResponse.builder()
                .sessionId(prepared.conversation().id())
                .output(output -> output.text(answer.text()))
                .citations(answer.citations())
                .guardrailAction(prepared.guardrail()
                        .map(_ -> action(answer.intervened()))
                        .orElse(null))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(sessions.taggable(request.resourceArn()), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(sessions.taggable(request.resourceArn()), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateSessionResponse updateSession(UpdateSessionRequest request) {
        return sessions.update(request);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return arn.contains(":session/") ? tags.of(arn) : Map.of();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
