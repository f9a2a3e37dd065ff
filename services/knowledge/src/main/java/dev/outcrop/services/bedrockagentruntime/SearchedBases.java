package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseType;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;

/** The knowledge bases that can be searched: their configuration, their stores, and the vectors of questions. */
final class SearchedBases {
    private static final String OWN_NAME = "bedrock.amazonaws.com";

    private final Supplier<Clients> clients;
    private final Access access;

    SearchedBases(Supplier<Clients> clients, Access access) {
        this.clients = clients;
        this.access = access;
    }

    /** How the contents of a knowledge base are reached, as its role. Called within a {@link CallContext}. */
    interface Access {
        /** The store of its vectors, to be closed. */
        VectorStore store(KnowledgeBase base);

        /** The vector of a question. */
        float[] vector(KnowledgeBase base, String question);
    }

    /**
     * A knowledge base of vectors that can be searched.
     *
     * @throws software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException if there is none
     */
    KnowledgeBase vectors(String id) {
        KnowledgeBase base = find(id);
        if (base.knowledgeBaseConfiguration().type() != KnowledgeBaseType.VECTOR) {
            throw Errors.invalid("The knowledge base " + id + " is of type "
                    + base.knowledgeBaseConfiguration().typeAsString()
                    + ", and only those of type VECTOR can be searched.");
        }
        return base;
    }

    /** The configuration is asked for in the service's own name: who may retrieve need not be let see it. */
    private KnowledgeBase find(String id) {
        CallContext call = CallContext.current();
        KnowledgeBase base;
        try {
            base = CallContext.ofService(
                            OWN_NAME,
                            "bedrock-agent-runtime",
                            call.account(),
                            call.region(),
                            Ids.arn("bedrock", "knowledge-base/" + id))
                    .call(() -> clients.get()
                            .of(BedrockAgentClient.class)
                            .getKnowledgeBase(request -> request.knowledgeBaseId(id))
                            .knowledgeBase());
        } catch (ResourceNotFoundException missing) {
            throw Errors.missing("Knowledge Base with id " + id + " does not exist");
        }
        if (base.status() != KnowledgeBaseStatus.ACTIVE && base.status() != KnowledgeBaseStatus.UPDATING) {
            throw Errors.invalid("The knowledge base with ID " + id + " is in status " + base.statusAsString()
                    + ". Wait until it is ACTIVE and retry your request.");
        }
        return base;
    }

    VectorStore store(KnowledgeBase base) {
        return access.store(base);
    }

    float[] vector(KnowledgeBase base, String question) {
        return access.vector(base, question);
    }
}
