package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.Tool;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.chat.FamilyPrompts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Cohere Command R and Command R+.
 *
 * <p>Documents go to the model with the instructions; which of them an answer draws on it does not say, so there are no
 * citations. Search queries alone ({@code search_queries_only}) need Cohere's own model and are refused. A prompt in
 * Cohere's own template ({@code raw_prompting}) is read back into turns.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html">Cohere Command R
 * and Command R+ models</a>.
 */
final class CommandRFamily implements TextFamily {
    private static final int MAXIMUM = 4096;

    /** The types of parameters that Cohere names as Python does, as JSON Schema names them. */
    private static final Map<String, String> TYPES = Map.of(
            "str", "string",
            "string", "string",
            "int", "integer",
            "integer", "integer",
            "float", "number",
            "number", "number",
            "bool", "boolean",
            "boolean", "boolean",
            "dict", "object",
            "list", "array");

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.strict(body);
        String message = fields.requiredString("message");
        List<Tool> tools = tools(fields);
        List<Content> results = results(fields);
        List<Message> turns = new ArrayList<>();
        List<String> documents = documents(fields);
        String instructions = instructions(fields.string("preamble"), documents);
        if (!instructions.isEmpty()) {
            turns.add(Message.of(Role.SYSTEM, instructions));
        }
        List<JsonFields> history = fields.objects("chat_history");
        for (JsonFields turn : history) {
            turns.add(turn(turn));
        }
        if (results.isEmpty()) {
            if (message.isEmpty() && fields.has("message")) {
                fields.note("message", new Violation.Fault.TooShort(1, 0));
            }
            turns.add(Message.of(Role.USER, message));
        } else {
            if (!message.isEmpty()) {
                turns.add(Message.of(Role.USER, message));
            }
            turns.add(new Message(Role.ASSISTANT, calls(results)));
            turns.add(new Message(Role.USER, outputs(results)));
        }
        if (fields.flag("search_queries_only").orElse(false)) {
            fields.note("search_queries_only", "search queries alone are not generated here");
        }
        boolean raw = fields.flag("raw_prompting").orElse(false);
        boolean echo = fields.flag("return_prompt").orElse(false);
        fields.choice("prompt_truncation", List.of("OFF", "AUTO_PRESERVE_ORDER"));
        fields.flag("force_single_step");
        fields.flag("stream");
        Decoding decoding = decoding(fields);
        fields.nothingElse();
        fields.check();
        TextRequest request = decoding.request(
                raw
                        ? FamilyPrompts.read(FamilyPrompts.Family.COMMAND_R, message)
                        : new Prompt.Chat(turns, tools, new ToolChoice.Auto(), false));
        return new Written(
                request,
                invocation.uuid(),
                invocation.uuid(),
                history(history, message),
                echo ? Optional.of(transcript(turns)) : Optional.empty());
    }

    private static Decoding decoding(JsonFields fields) {
        OptionalDouble k = fields.number("k", 0, 500);
        return new Decoding(
                new Sampling(
                        OptionalDouble.of(fields.number("temperature", 0, 1).orElse(0.3)),
                        OptionalDouble.of(fields.number("p", 0.01, 0.99).orElse(0.75)),
                        OptionalInt.of((int) k.orElse(0)),
                        OptionalDouble.empty(),
                        fields.number("frequency_penalty", 0, 1),
                        fields.number("presence_penalty", 0, 1),
                        OptionalDouble.empty(),
                        seed(fields)),
                OptionalInt.of(fields.integer("max_tokens", 1, MAXIMUM).orElse(MAXIMUM)),
                fields.strings("stop_sequences", 5));
    }

    private static OptionalLong seed(JsonFields fields) {
        return fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static Message turn(JsonFields turn) {
        String role = turn.requiredChoice("role", List.of("USER", "CHATBOT", "SYSTEM"));
        String text = turn.requiredString("message");
        turn.ignore("tool_calls");
        turn.nothingElse();
        // A second system message has no place in chat templates; as the user's it is at least heard.
        return Message.of(role.equals("CHATBOT") ? Role.ASSISTANT : Role.USER, text);
    }

    private static List<String> documents(JsonFields fields) {
        List<String> documents = new ArrayList<>();
        for (JsonFields document : fields.objects("documents")) {
            StringBuilder text = new StringBuilder("Document: ").append(documents.size());
            document.eachText(
                    (key, value) -> text.append('\n').append(key).append(": ").append(value));
            documents.add(text.toString());
        }
        return documents;
    }

    private static String instructions(Optional<String> preamble, List<String> documents) {
        List<String> parts = new ArrayList<>();
        preamble.filter(text -> !text.isEmpty()).ifPresent(parts::add);
        if (!documents.isEmpty()) {
            parts.add("Answer from these documents where they say something about the question.");
            parts.addAll(documents);
        }
        return String.join("\n\n", parts);
    }

    private static List<Tool> tools(JsonFields fields) {
        List<Tool> tools = new ArrayList<>();
        for (JsonFields tool : fields.objects("tools")) {
            String name = tool.requiredText("name");
            String description = tool.requiredString("description");
            ObjectNode schema = JsonFields.MAPPER.createObjectNode();
            schema.put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            ArrayNode required = schema.putArray("required");
            tool.object("parameter_definitions")
                    .ifPresent(definitions -> definitions.eachObject((key, definition) -> {
                        ObjectNode property = properties.putObject(key);
                        property.put("type", type(definition));
                        definition.string("description").ifPresent(text -> property.put("description", text));
                        if (definition.flag("required").orElse(false)) {
                            required.add(key);
                        }
                        definition.nothingElse();
                    }));
            tool.nothingElse();
            tools.add(new Tool(name, description, schema.toString()));
        }
        return tools;
    }

    /** Of {@code List[str]} and {@code Dict[str, int]} only the outer type is told. */
    private static String type(JsonFields definition) {
        String given = definition.requiredText("type");
        String name = given.toLowerCase(Locale.ROOT).replaceFirst("\\[.*", "");
        String type = TYPES.get(name);
        if (type == null && !given.isEmpty()) {
            definition.note("type", given + " is not a type of parameters");
        }
        return type == null ? "string" : type;
    }

    /** A call and its outputs, side by side: a call is told from others by its place. */
    private static List<Content> results(JsonFields fields) {
        List<Content> results = new ArrayList<>();
        for (JsonFields result : fields.objects("tool_results")) {
            JsonFields call = result.requiredObject("call");
            String id = "call_" + results.size() / 2;
            results.add(new Content.ToolCall(
                    id, call.requiredText("name"), call.json("parameters").orElse("{}")));
            call.ignore("generation_id");
            call.nothingElse();
            result.require("outputs");
            ArrayNode outputs = JsonFields.MAPPER.createArrayNode();
            for (JsonFields output : result.objects("outputs")) {
                outputs.add(output.tree());
            }
            result.nothingElse();
            results.add(new Content.ToolResult(id, outputs.toString(), false));
        }
        return results;
    }

    private static List<Content> calls(List<Content> results) {
        return results.stream().filter(Content.ToolCall.class::isInstance).toList();
    }

    private static List<Content> outputs(List<Content> results) {
        return results.stream().filter(Content.ToolResult.class::isInstance).toList();
    }

    private static ArrayNode history(List<JsonFields> turns, String message) {
        ArrayNode history = JsonFields.MAPPER.createArrayNode();
        for (JsonFields turn : turns) {
            history.add(turn.tree());
        }
        if (!message.isEmpty()) {
            history.addObject().put("role", "USER").put("message", message);
        }
        return history;
    }

    private static String transcript(List<Message> turns) {
        StringBuilder transcript = new StringBuilder();
        for (Message turn : turns) {
            for (Content part : turn.content()) {
                if (part instanceof Content.Text(String text)) {
                    transcript.append(turn.role()).append(": ").append(text).append('\n');
                }
            }
        }
        return transcript.toString();
    }

    private record Written(
            TextRequest request, String responseId, String generationId, ArrayNode history, Optional<String> prompt)
            implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            ObjectNode body = JsonFields.MAPPER.createObjectNode();
            body.put("response_id", responseId);
            body.put("text", answer.text());
            body.put("generation_id", generationId);
            body.set("chat_history", historyWith(answer.text()));
            body.put("finish_reason", finishReason(answer.reason()));
            if (!answer.toolCalls().isEmpty()) {
                body.set("tool_calls", toolCalls(answer));
            }
            prompt.ifPresent(text -> body.put("prompt", text));
            ObjectNode meta = body.putObject("meta");
            meta.putObject("api_version").put("version", "1");
            meta.putObject("billed_units")
                    .put("input_tokens", answer.usage().inputTokens())
                    .put("output_tokens", answer.usage().outputTokens());
            return body;
        }

        private ArrayNode historyWith(String answer) {
            ArrayNode whole = history.deepCopy();
            whole.addObject().put("role", "CHATBOT").put("message", answer);
            return whole;
        }

        @Override
        public Chunks chunks() {
            return new CommandRChunks(this);
        }
    }

    private static ArrayNode toolCalls(Answer answer) {
        ArrayNode calls = JsonFields.MAPPER.createArrayNode();
        for (Content.ToolCall call : answer.toolCalls()) {
            ObjectNode entry = calls.addObject();
            entry.put("name", call.name());
            JsonNode input = AnthropicMessages.tree(call.input());
            entry.set("parameters", input);
        }
        return calls;
    }

    private static String finishReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN, STOP_SEQUENCE, TOOL_CALL -> "COMPLETE";
            case MAXIMUM_TOKENS -> "MAX_TOKENS";
            case CONTENT_FILTERED -> "ERROR_TOXIC";
        };
    }

    /** Text piece by piece, tool calls all at once, and at the end the whole response. */
    private static final class CommandRChunks implements Exchange.Chunks {
        private final Written written;
        private final Answer.Pieces pieces = new Answer.Pieces();

        CommandRChunks(Written written) {
            this.written = written;
        }

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            Optional<Answer> whole = pieces.add(event);
            if (event instanceof GenerationEvent.Text(String text)) {
                return List.of(event("text-generation", false).put("text", text));
            }
            if (whole.isEmpty() || !(event instanceof Finished finished)) {
                return List.of();
            }
            List<ObjectNode> events = new ArrayList<>(2);
            if (!whole.get().toolCalls().isEmpty()) {
                ObjectNode calls = event("tool-calls-generation", false);
                calls.set("tool_calls", toolCalls(whole.get()));
                events.add(calls);
            }
            ObjectNode end = event("stream-end", true);
            end.put("finish_reason", finishReason(finished.reason()));
            end.set("response", written.body(whole.get()));
            events.add(end);
            return events;
        }

        private static ObjectNode event(String type, boolean finished) {
            return JsonFields.MAPPER.createObjectNode().put("event_type", type).put("is_finished", finished);
        }
    }
}
