package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import java.util.List;

/** {@code GET /anthropic/v1/models}, those that write text, all on one page; and {@code GET /anthropic/v1/models/{id}}. */
final class AnthropicModelsEndpoint extends ModelListEndpoint {
    AnthropicModelsEndpoint(ServedModels models, boolean below) {
        super(ANTHROPIC, models, "/anthropic/v1/models", below);
    }

    @Override
    ObjectNode list(List<InstalledModel> installed, ServedModels known) {
        List<String> ids = installed.stream()
                .filter(model -> model.kind() == InstalledModel.Kind.TEXT)
                .map(InstalledModel::id)
                .toList();
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode data = list.putArray("data");
        ids.forEach(model -> data.add(entry(model, known)));
        list.put("has_more", false);
        list.put("first_id", ids.isEmpty() ? null : ids.getFirst());
        list.put("last_id", ids.isEmpty() ? null : ids.getLast());
        return list;
    }

    @Override
    ObjectNode entry(String id, ServedModels known) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("type", "model");
        entry.put("id", id);
        entry.put("display_name", known.name(id));
        entry.put("created_at", known.since().toString());
        return entry;
    }
}
