package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.families.AnthropicMessagesReader;
import dev.outcrop.services.bedrockruntime.families.JsonFields;
import java.io.IOException;
import java.util.Optional;

/** {@code POST /anthropic/v1/messages/count_tokens}, by the tokenizer of the model that would answer. */
final class MessageTokensEndpoint extends ModelEndpoint {
    private final ServedModels models;

    MessageTokensEndpoint(ServedModels models) {
        super(ANTHROPIC, "POST", "/anthropic/v1/messages/count_tokens", "bedrock:CountMessageTokens", Optional.empty());
        this.models = models;
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        JsonFields fields = JsonFields.lenient(body(exchange));
        String model = fields.requiredText("model");
        models.require("bedrock:CountTokens", ANTHROPIC.bedrockId(model));
        Prompt prompt = AnthropicMessagesReader.counted(fields);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put(
                "input_tokens", models.text(ANTHROPIC.bedrockId(model)).model().countTokens(prompt));
        respond(exchange, answer);
    }
}
