package dev.outcrop.server;

import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.bedrockagent.BedrockAgentService;
import dev.outcrop.services.bedrockagent.Embeddings;
import dev.outcrop.services.bedrockagent.KnowledgeStores;
import dev.outcrop.services.s3vectors.S3VectorsService;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;
import software.amazon.awssdk.utils.Lazy;

/** What is known: vectors, knowledge bases, and answers that rest on them. */
final class KnowledgeFamily implements Family {
    private final Supplier<S3VectorsService> vectors;
    private final Supplier<EmbeddedStores> collections;
    private final Lazy<Embeddings> embeddings;
    private final Lazy<KnowledgeStores> stores;
    private final Supplier<BedrockAgentService> agent;

    KnowledgeFamily(House house) {
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
                house.clock()));
        agent = house.parts()
                .lazily(() -> new BedrockAgentService(
                        house.records(),
                        house.secrets(),
                        stores.getValue(),
                        embeddings.getValue(),
                        house.clients(),
                        house.jobs(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("s3vectors", S3VectorsClient.class, vectors);
        services.serve("bedrock-agent", BedrockAgentClient.class, agent);
    }

    @Override
    public Background background() {
        return agent.get().background().and(Background.of(List.of(S3VectorsService.chore(vectors))));
    }
}
