package dev.outcrop.services.compatible;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.TextRoute;
import dev.outcrop.services.bedrockruntime.families.AnthropicMessagesReader;
import dev.outcrop.services.bedrockruntime.families.Exchange;
import dev.outcrop.services.bedrockruntime.families.JsonFields;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import java.io.IOException;

/** {@code POST /anthropic/v1/messages}. */
final class MessagesEndpoint extends AnthropicEndpoint {
    private final ServedModels models;

    MessagesEndpoint(ServedModels models) {
        super("POST", "/anthropic/v1/messages", "bedrock:CreateMessage", "bedrock:InvokeModel");
        this.models = models;
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        JsonFields fields = JsonFields.lenient(body(exchange));
        String model = fields.requiredText("model");
        boolean streaming = fields.flag("stream").orElse(false);
        if (streaming) {
            CallContext.current().require("bedrock:InvokeModelWithResponseStream");
        }
        Exchange messages = AnthropicMessagesReader.posted(fields, models.invocation(model, streaming));
        TextRoute route = models.text(bedrockId(model));
        TextInvocation invocation = new TextInvocation(route, messages);
        if (streaming) {
            ModelUse.used(
                    invocation.events(event -> stream.event(event.path("type").textValue(), event)));
        } else {
            respond(exchange, invocation);
        }
    }
}
