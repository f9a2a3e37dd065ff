package dev.outcrop.server;

import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.bedrockagent.BedrockAgentService;
import dev.outcrop.services.bedrockagent.Embeddings;
import dev.outcrop.services.bedrockagent.KnowledgeStores;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.utils.Lazy;

/** What is known: vectors, knowledge bases, and answers that rest on them. */
final class KnowledgeFamily implements Family {
    private final Supplier<EmbeddedStores> vectors;
    private final Lazy<Embeddings> embeddings;
    private final Lazy<KnowledgeStores> stores;
    private final Supplier<BedrockAgentService> agent;

    KnowledgeFamily(House house) {
        vectors = house.parts().lazily(EmbeddedStores::new);
        embeddings = new Lazy<>(() -> new Embeddings(house.clients()));
        stores = new Lazy<>(() -> new KnowledgeStores(
                house.folder().resolve("knowledge"),
                vectors.get(),
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
        services.serve("bedrock-agent", BedrockAgentClient.class, agent);
    }

    @Override
    public Background background() {
        return agent.get().background();
    }
}
