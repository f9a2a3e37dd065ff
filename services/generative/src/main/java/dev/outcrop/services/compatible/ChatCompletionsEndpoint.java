package dev.outcrop.services.compatible;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.TextRoute;
import dev.outcrop.services.bedrockruntime.families.ChatCompletionsReader;
import dev.outcrop.services.bedrockruntime.families.Exchange;
import dev.outcrop.services.bedrockruntime.families.JsonFields;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import java.io.IOException;

/** {@code POST /openai/v1/chat/completions}. */
final class ChatCompletionsEndpoint extends OpenAiEndpoint {
    private final ServedModels models;

    ChatCompletionsEndpoint(ServedModels models) {
        super("POST", "/openai/v1/chat/completions", "bedrock:ChatCompletions", "bedrock:InvokeModel");
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
        Exchange completions = ChatCompletionsReader.posted(fields, models.invocation(model, streaming));
        TextRoute route = models.text(model);
        TextInvocation invocation = new TextInvocation(route, completions);
        if (streaming) {
            ModelUse.used(invocation.events(stream::data));
            stream.data("[DONE]");
        } else {
            respond(exchange, invocation);
        }
    }
}
