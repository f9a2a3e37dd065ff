package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.retrieval.LexicalOverlap;
import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.services.KnowledgeHouse;
import dev.outcrop.services.bedrockagent.ChunkMetadata;
import dev.outcrop.services.kms.KmsService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateConfiguration;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** Knowledge bases that can be asked, with models that play what a test tells them; the time goes when it is told to. */
final class AnsweringHouse implements AutoCloseable {
    static final String MODEL = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0";
    static final String RERANKER = "arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0";

    private final KnowledgeHouse house;
    private final PlayedModels models;
    private final KmsService kms;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final AtomicReference<Optional<Reranker>> reranker = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Reranker>> comparison = new AtomicReference<>(Optional.empty());

    AnsweringHouse(Path path) {
        house = new KnowledgeHouse(path);
        models = new PlayedModels(house.models());
        InstantSource clock = now::get;
        house.serve(
                "bedrock-runtime",
                BedrockRuntimeClient.class,
                models,
                BedrockRuntimeAsyncClient.class,
                models.new Streams());
        ResourceStore resources =
                new ResourceStore(house.records(), new PageTokens(house.folder().secrets()), clock);
        kms = new KmsService(house.records(), house.folder().secrets(), resources.tags(), new Ids(), clock);
        house.serve("kms", KmsClient.class, kms);
        BedrockAgentRuntimeService service = new BedrockAgentRuntimeService(
                house.records(),
                house.folder().secrets(),
                house.stores(),
                house.embeddings(),
                house::clients,
                reranker::get,
                comparison::get,
                new Ids(),
                clock);
        house.serve(
                "bedrock-agent-runtime",
                BedrockAgentRuntimeClient.class,
                service,
                BedrockAgentRuntimeAsyncClient.class,
                new BedrockAgentRuntimeStreams(service));
    }

    KnowledgeHouse knowledge() {
        return house;
    }

    PlayedModels models() {
        return models;
    }

    /** Has passages compared by their words from now on, as if a model did. */
    void comparing() {
        comparison.set(Optional.of(new LexicalOverlap()));
    }

    /** Installs a model that reranks. */
    void install(Reranker model) {
        reranker.set(Optional.of(model));
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    <T> T root(Function<BedrockAgentRuntimeClient, T> call) {
        return as(KnowledgeHouse.ROOT, call);
    }

    <T> T as(Principal principal, Function<BedrockAgentRuntimeClient, T> call) {
        return house.as(principal, BedrockAgentRuntimeClient.class, call);
    }

    /** A knowledge base without documents. */
    KnowledgeBase base() {
        return house.base("base", house.usualRole());
    }

    /** Puts passages into a knowledge base, each a document of its own in S3: {@code doc0.txt} and so on. */
    void fill(KnowledgeBase base, List<String> texts, List<Map<String, MetadataValue>> attributes) {
        CallContext ingesting = CallContext.builder()
                .principal(KnowledgeHouse.ROOT)
                .requestId("11111111-2222-3333-4444-555555555555")
                .callingService(Optional.of("bedrock-agent"))
                .build();
        ingesting.run(() -> {
            List<float[]> vectors = house.embeddings().ofDocuments(base, texts);
            try (VectorStore store = house.stores().open(base)) {
                for (int i = 0; i < texts.size(); i++) {
                    Map<String, MetadataValue> metadata =
                            new HashMap<>(attributes.isEmpty() ? Map.of() : attributes.get(i));
                    metadata.putIfAbsent(ChunkMetadata.SOURCE_URI, MetadataValue.of("s3://documents/doc" + i + ".txt"));
                    metadata.putIfAbsent(ChunkMetadata.DATA_SOURCE_TYPE, MetadataValue.of("S3"));
                    metadata.put(ChunkMetadata.CHUNK_ID, MetadataValue.of("chunk" + i));
                    store.put(List.of(new VectorEntry("chunk" + i, vectors.get(i), texts.get(i), metadata)));
                }
            }
        });
    }

    void fill(KnowledgeBase base, String... texts) {
        fill(base, List.of(texts), List.of());
    }

    /** How to answer from a knowledge base. */
    static RetrieveAndGenerateConfiguration from(KnowledgeBase base) {
        return RetrieveAndGenerateConfiguration.builder()
                .type("KNOWLEDGE_BASE")
                .knowledgeBaseConfiguration(configuration ->
                        configuration.knowledgeBaseId(base.knowledgeBaseId()).modelArn(MODEL))
                .build();
    }

    @Override
    public void close() {
        kms.close();
        house.close();
    }
}
