package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import java.util.List;

/** {@code GET /openai/v1/models} and {@code GET /openai/v1/models/{id}}. */
final class OpenAiModelsEndpoint extends ModelListEndpoint {
    OpenAiModelsEndpoint(ServedModels models, boolean below) {
        super(OPENAI, models, "/openai/v1/models", below);
    }

    @Override
    ObjectNode list(List<InstalledModel> installed, ServedModels known) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        installed.forEach(model -> data.add(entry(model.id(), known)));
        return list;
    }

    @Override
    ObjectNode entry(String id, ServedModels known) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("id", id);
        entry.put("object", "model");
        entry.put("created", known.since().getEpochSecond());
        entry.put("owned_by", known.owner(id));
        return entry;
    }
}
