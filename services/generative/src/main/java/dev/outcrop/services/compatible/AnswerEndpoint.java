package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.TextRoute;
import dev.outcrop.services.bedrockruntime.families.AnthropicMessagesReader;
import dev.outcrop.services.bedrockruntime.families.ChatCompletionsReader;
import dev.outcrop.services.bedrockruntime.families.Exchange;
import dev.outcrop.services.bedrockruntime.families.Invocation;
import dev.outcrop.services.bedrockruntime.families.JsonFields;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Lets a model answer: {@code POST /openai/v1/chat/completions} and {@code POST /anthropic/v1/messages}. */
final class AnswerEndpoint extends ModelEndpoint {
    private final Dialect dialect;
    private final ServedModels models;
    private final BiFunction<JsonFields, Invocation, Exchange> reader;
    private final BiConsumer<EventStreamWriter, ObjectNode> events;
    /** What comes after the last event of a stream. */
    private final Optional<String> last;

    private AnswerEndpoint(
            Dialect dialect,
            String path,
            String operation,
            ServedModels models,
            BiFunction<JsonFields, Invocation, Exchange> reader,
            BiConsumer<EventStreamWriter, ObjectNode> events,
            Optional<String> last) {
        super(dialect, "POST", path, operation, Optional.empty());
        this.dialect = dialect;
        this.models = models;
        this.reader = reader;
        this.events = events;
        this.last = last;
    }

    static AnswerEndpoint chatCompletions(ServedModels models) {
        return new AnswerEndpoint(
                OPENAI,
                "/openai/v1/chat/completions",
                "bedrock:ChatCompletions",
                models,
                ChatCompletionsReader::posted,
                EventStreamWriter::data,
                Optional.of("[DONE]"));
    }

    static AnswerEndpoint messages(ServedModels models) {
        return new AnswerEndpoint(
                ANTHROPIC,
                "/anthropic/v1/messages",
                "bedrock:CreateMessage",
                models,
                AnthropicMessagesReader::posted,
                (stream, event) -> stream.event(event.path("type").textValue(), event),
                Optional.empty());
    }

    @Override
    void answer(EndpointExchange exchange, EventStreamWriter stream) throws IOException {
        JsonFields fields = JsonFields.lenient(body(exchange));
        String model = fields.requiredText("model");
        boolean streaming = fields.flag("stream").orElse(false);
        models.require(
                streaming ? "bedrock:InvokeModelWithResponseStream" : "bedrock:InvokeModel", dialect.bedrockId(model));
        Exchange asked = reader.apply(fields, models.invocation(model, streaming));
        TextRoute route = models.text(dialect.bedrockId(model));
        TextInvocation invocation = new TextInvocation(route, asked);
        if (streaming) {
            ModelUse.used(invocation.events(event -> events.accept(stream, event)));
            last.ifPresent(stream::data);
        } else {
            respond(exchange, invocation);
        }
    }
}
