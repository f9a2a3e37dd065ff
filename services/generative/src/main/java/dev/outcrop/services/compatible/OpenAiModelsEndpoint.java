package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;

/**
 * {@code GET /openai/v1/models} lists the installed models; {@code GET /openai/v1/models/{id}} tells whether any model id
 * can be used.
 */
final class OpenAiModelsEndpoint extends OpenAiEndpoint {
    static final String PATH = "/openai/v1/models";

    private final ServedModels models;

    /** @param path {@link #PATH}, alone or with everything below */
    OpenAiModelsEndpoint(ServedModels models, String path) {
        super("GET", path, "bedrock:ListModels", "bedrock:ListFoundationModels");
        this.models = models;
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        String id = exchange.path().substring(PATH.length());
        if (id.length() > 1) {
            models.find(id.substring(1));
            respond(exchange, entry(id.substring(1)));
            return;
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        models.all().forEach(model -> data.add(entry(model.id())));
        respond(exchange, list);
    }

    private ObjectNode entry(String id) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("id", id);
        entry.put("object", "model");
        entry.put("created", models.since().getEpochSecond());
        entry.put("owned_by", models.owner(id));
        return entry;
    }
}
