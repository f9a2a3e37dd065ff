package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.sql.QueriedDatabase;
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

        /** The database of structured data, to be closed. */
        QueriedDatabase database(KnowledgeBase base);

        /** The vector of a question. */
        float[] vector(KnowledgeBase base, String question);
    }

    /**
     * A knowledge base that can be asked.
     *
     * @throws software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException if there is none
     */
    KnowledgeBase find(String id) {
        KnowledgeBase base;
        try {
            base = inOwnName(
                    Ids.arn("bedrock", "knowledge-base/" + id),
                    () -> clients.get()
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

    /**
     * A knowledge base of structured data.
     *
     * @throws software.amazon.awssdk.services.bedrockagentruntime.model.ResourceNotFoundException if there is none
     */
    KnowledgeBase structured(String arn) {
        String id = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.equals(Ids.arn("bedrock", "knowledge-base/" + id))) {
            throw Errors.missing("Knowledge Base with ARN " + arn + " does not exist");
        }
        KnowledgeBase base = find(id);
        if (!isStructured(base)) {
            throw Errors.invalid("The knowledge base " + id + " is of type "
                    + base.knowledgeBaseConfiguration().typeAsString()
                    + ", and queries are generated only for those of type SQL.");
        }
        return base;
    }

    static boolean isStructured(KnowledgeBase base) {
        return base.knowledgeBaseConfiguration().type() == KnowledgeBaseType.SQL;
    }

    /**
     * What {@code body} gives in the service's own name: who may retrieve need not be let see a configuration.
     *
     * @param sourceArn of what it is done for
     */
    <T> T inOwnName(String sourceArn, Supplier<T> body) {
        CallContext call = CallContext.current();
        return CallContext.ofService(OWN_NAME, "bedrock-agent-runtime", call.account(), call.region(), sourceArn)
                .call(body::get);
    }

    QueriedDatabase database(KnowledgeBase base) {
        return access.database(base);
    }

    VectorStore store(KnowledgeBase base) {
        return access.store(base);
    }

    float[] vector(KnowledgeBase base, String question) {
        return access.vector(base, question);
    }
}
