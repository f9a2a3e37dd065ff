package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import java.io.IOException;
import java.util.List;

/**
 * {@code GET /anthropic/v1/models} lists the installed models that write text, all on one page;
 * {@code GET /anthropic/v1/models/{id}} tells whether any model id can be used.
 */
final class AnthropicModelsEndpoint extends AnthropicEndpoint {
    static final String PATH = "/anthropic/v1/models";

    private final ServedModels models;

    /** @param path {@link #PATH}, alone or with everything below */
    AnthropicModelsEndpoint(ServedModels models, String path) {
        super("GET", path, "bedrock:ListModels", "bedrock:ListFoundationModels");
        this.models = models;
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        String id = exchange.path().substring(PATH.length());
        if (id.length() > 1) {
            models.find(bedrockId(id.substring(1)));
            respond(exchange, entry(id.substring(1)));
            return;
        }
        List<String> ids = models.all().stream()
                .filter(model -> model.kind() == InstalledModel.Kind.TEXT)
                .map(InstalledModel::id)
                .toList();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode data = list.putArray("data");
        ids.forEach(model -> data.add(entry(model)));
        list.put("has_more", false);
        list.put("first_id", ids.isEmpty() ? null : ids.getFirst());
        list.put("last_id", ids.isEmpty() ? null : ids.getLast());
        respond(exchange, list);
    }

    private ObjectNode entry(String id) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("type", "model");
        entry.put("id", id);
        entry.put("display_name", models.name(id));
        entry.put("created_at", models.since().toString());
        return entry;
    }
}
