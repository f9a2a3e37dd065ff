package dev.outcrop.server;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.retrieval.CrossEncoding;
import dev.outcrop.engines.retrieval.LateInteraction;
import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.bedrockagent.BedrockAgentService;
import dev.outcrop.services.bedrockagent.Embeddings;
import dev.outcrop.services.bedrockagent.KnowledgeStores;
import dev.outcrop.services.bedrockagentruntime.BedrockAgentRuntimeService;
import dev.outcrop.services.bedrockagentruntime.BedrockAgentRuntimeStreams;
import dev.outcrop.services.bedrockruntime.RoutingTable;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import dev.outcrop.services.s3vectors.S3VectorsService;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeClient;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;
import software.amazon.awssdk.utils.Lazy;

/** What is known: vectors, knowledge bases, and answers that rest on them. */
final class KnowledgeFamily implements Family {
    private final Supplier<S3VectorsService> vectors;
    private final Supplier<EmbeddedStores> collections;
    private final Lazy<Embeddings> embeddings;
    private final Lazy<KnowledgeStores> stores;
    private final Supplier<BedrockAgentService> agent;
    private final Lazy<BedrockAgentRuntimeService> agentRuntime;

    KnowledgeFamily(House house, HouseModels models, RoutingTable routing, Supplier<DocumentReader> reader) {
        vectors = house.parts()
                .lazily(() -> new S3VectorsService(
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.folder().resolve("vectors"),
                        house.clients(),
                        house.ids(),
                        house.clock()));
        collections = house.parts().lazily(EmbeddedStores::new);
        embeddings = new Lazy<>(() -> new Embeddings(house.clients()));
        stores = new Lazy<>(() -> new KnowledgeStores(
                house.folder().resolve("knowledge"),
                collections.get(),
                house.records(),
                house.secrets(),
                house.rights(),
                house.clients(),
                embeddings.getValue(),
                house.configuration().reach(),
                house.clock()));
        agent = house.parts()
                .lazily(() -> new BedrockAgentService(
                        house.records(),
                        house.secrets(),
                        stores.getValue(),
                        embeddings.getValue(),
                        reader,
                        house.clients(),
                        house.jobs(),
                        house.folder().resolve("crawled"),
                        house.ids(),
                        house.clock()));
        agentRuntime = new Lazy<>(() -> new BedrockAgentRuntimeService(
                house.records(),
                house.secrets(),
                stores.getValue(),
                embeddings.getValue(),
                house.clients(),
                () -> models.crossEncoder().map(CrossEncoding::new),
                () -> comparison(models, routing),
                house.ids(),
                house.clock()));
    }

    /** What compares meanings: the tokens of the embedding model that answers where none of ours is asked for. */
    private static Optional<Reranker> comparison(HouseModels models, RoutingTable routing) {
        return routing.answering("amazon.titan-embed-text-v2:0", InstalledModel.Kind.EMBEDDING)
                .flatMap(id -> LateInteraction.over(models.embedding(id)));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("s3vectors", S3VectorsClient.class, vectors);
        services.serve("bedrock-agent", BedrockAgentClient.class, agent);
        services.serve(
                "bedrock-agent-runtime",
                BedrockAgentRuntimeClient.class,
                agentRuntime::getValue,
                BedrockAgentRuntimeAsyncClient.class,
                () -> new BedrockAgentRuntimeStreams(agentRuntime.getValue()));
    }

    @Override
    public Background background() {
        return agent.get().background().and(Background.of(List.of(S3VectorsService.chore(vectors))));
    }
}
