package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.Tool;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.TextRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Amazon Nova: schema {@code messages-v1}, which is nearly that of Converse, with bytes as base64.
 *
 * <p>Source: <a href="https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html">Complete request
 * schema</a> of the Amazon Nova User Guide, and <a
 * href="https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html">Request and response
 * schema</a> of that of Nova 2.
 */
final class NovaFamily implements TextFamily {
    private static final List<String> IMAGE_FORMATS = List.of("jpeg", "png", "gif", "webp");

    @Override
    public Exchange read(byte[] body, Invocation invocation) {
        return new Reader(JsonFields.strict(body)).read(invocation.modelId());
    }

    /** Reads one body. */
    private static final class Reader {
        private final JsonFields fields;
        private final List<Tool> tools = new ArrayList<>();
        private final Set<String> calls = new HashSet<>();

        Reader(JsonFields fields) {
            this.fields = fields;
        }

        Exchange read(String modelId) {
            fields.choice("schemaVersion", List.of("messages-v1"));
            List<Message> messages = new ArrayList<>();
            List<Content> system = new ArrayList<>();
            for (JsonFields block : fields.objects("system")) {
                if (!cachePoint(block, system)) {
                    system.add(new Content.Text(block.requiredText("text")));
                }
                block.nothingElse();
            }
            if (!system.isEmpty()) {
                messages.add(new Message(Role.SYSTEM, system));
            }
            for (JsonFields message : fields.requiredObjects("messages")) {
                messages.add(message(message));
            }
            ToolChoice choice = toolConfiguration();
            Optional<JsonFields> configuration = fields.object("inferenceConfig");
            boolean reasons = reasoning(fields);
            boolean reasoning = configuration.map(Reader::reasoning).orElse(false) || reasons;
            Decoding decoding = decoding(configuration, modelId);
            fields.nothingElse();
            fields.check();
            if (messages.get(system.isEmpty() ? 0 : 1).role() != Role.USER) {
                throw BodyException.refusal(
                        "A conversation must start with a user message. Try again with a conversation that starts with a"
                                + " user message.");
            }
            return new Written(decoding.request(new Prompt.Chat(messages, tools, choice, reasoning)));
        }

        private Message message(JsonFields message) {
            Role role =
                    message.requiredChoice("role", List.of("user", "assistant")).equals("user")
                            ? Role.USER
                            : Role.ASSISTANT;
            List<Content> content = new ArrayList<>();
            for (JsonFields block : message.requiredObjects("content")) {
                block(block, content);
            }
            message.nothingElse();
            return new Message(role, content);
        }

        private void block(JsonFields block, List<Content> content) {
            if (block.has("image")) {
                image(block.requiredObject("image")).ifPresent(content::add);
            } else if (block.has("toolUse")) {
                JsonFields use = block.requiredObject("toolUse");
                String id = use.requiredText("toolUseId");
                content.add(new Content.ToolCall(id, use.requiredText("name"), use.requiredJson("input")));
                calls.add(id);
                use.nothingElse();
            } else if (block.has("toolResult")) {
                content.add(toolResult(block.requiredObject("toolResult")));
            } else if (block.has("reasoningContent")) {
                JsonFields reasoning = block.requiredObject("reasoningContent").requiredObject("reasoningText");
                content.add(new Content.Reasoning(reasoning.requiredString("text")));
            } else if (!cachePoint(block, content)) {
                content.add(new Content.Text(block.requiredText("text")));
            }
            block.nothingElse();
        }

        private static boolean cachePoint(JsonFields block, List<Content> content) {
            Optional<JsonFields> point = block.object("cachePoint");
            if (point.isEmpty()) {
                return false;
            }
            point.get().requiredChoice("type", List.of("default"));
            point.get().nothingElse();
            content.add(new Content.CachePoint());
            return true;
        }

        private static Optional<Content> image(JsonFields image) {
            String format = image.requiredChoice("format", IMAGE_FORMATS);
            JsonFields source = image.requiredObject("source");
            String base64 = source.requiredText("bytes");
            source.nothingElse();
            image.nothingElse();
            try {
                return Optional.of(
                        new Content.Image("image/" + format, Base64.getDecoder().decode(base64)));
            } catch (IllegalArgumentException invalid) {
                source.note("bytes", "string is not base64");
                return Optional.empty();
            }
        }

        private Content toolResult(JsonFields result) {
            String id = result.requiredText("toolUseId");
            if (!id.isEmpty() && !calls.contains(id)) {
                result.note("toolUseId", "no toolUse block of an earlier message has this id");
            }
            boolean error = result.choice("status", List.of("success", "error"))
                    .orElse("success")
                    .equals("error");
            StringBuilder output = new StringBuilder();
            for (JsonFields part : result.requiredObjects("content")) {
                output.append(output.isEmpty() ? "" : "\n");
                output.append(part.has("json") ? part.requiredJson("json") : part.requiredString("text"));
                part.nothingElse();
            }
            result.nothingElse();
            return new Content.ToolResult(id, output.toString(), error);
        }

        private ToolChoice toolConfiguration() {
            Optional<JsonFields> given = fields.object("toolConfig");
            if (given.isEmpty()) {
                return new ToolChoice.Auto();
            }
            JsonFields configuration = given.get();
            for (JsonFields entry : configuration.requiredObjects("tools")) {
                if (entry.has("cachePoint")) {
                    entry.requiredObject("cachePoint").requiredChoice("type", List.of("default"));
                } else {
                    JsonFields specification = entry.requiredObject("toolSpec");
                    String name = specification.requiredText("name");
                    String description = specification.string("description").orElse("");
                    JsonFields schema = specification.requiredObject("inputSchema");
                    tools.add(new Tool(name, description, schema.requiredJson("json")));
                    schema.nothingElse();
                    specification.nothingElse();
                }
                entry.nothingElse();
            }
            ToolChoice choice =
                    configuration.object("toolChoice").map(this::toolChoice).orElseGet(ToolChoice.Auto::new);
            configuration.nothingElse();
            return choice;
        }

        private ToolChoice toolChoice(JsonFields given) {
            ToolChoice choice = new ToolChoice.Auto();
            if (given.has("tool")) {
                JsonFields tool = given.requiredObject("tool");
                String name = tool.requiredText("name");
                if (!name.isEmpty()
                        && tools.stream().noneMatch(known -> known.name().equals(name))) {
                    tool.note("name", "no tool of toolConfig has this name");
                }
                tool.nothingElse();
                choice = new ToolChoice.Named(name);
            } else if (given.has("any")) {
                given.requiredObject("any").nothingElse();
                choice = new ToolChoice.Any();
            } else {
                given.requiredObject("auto").nothingElse();
            }
            given.nothingElse();
            return choice;
        }

        private static Decoding decoding(Optional<JsonFields> given, String modelId) {
            int limit = modelId.contains("nova-2") ? 65_536 : modelId.contains("premier") ? 32_000 : 10_000;
            OptionalInt maximum = OptionalInt.empty();
            OptionalDouble temperature = OptionalDouble.empty();
            OptionalDouble topP = OptionalDouble.empty();
            OptionalInt topK = OptionalInt.empty();
            List<String> stopSequences = List.of();
            if (given.isPresent()) {
                JsonFields configuration = given.get();
                maximum = configuration.integer("maxTokens", 1, limit);
                if (maximum.isEmpty()) {
                    maximum = configuration.integer("max_new_tokens", 1, limit);
                }
                temperature = configuration.number("temperature", 0, 1);
                topP = configuration.number("topP", 0, 1);
                topK = configuration.integer("topK", 0, 128);
                stopSequences = configuration.strings("stopSequences", 4);
                configuration.nothingElse();
            }
            return Decoding.of(
                    OptionalDouble.of(temperature.orElse(0.7)),
                    OptionalDouble.of(topP.orElse(0.9)),
                    topK,
                    OptionalInt.of(maximum.orElse(limit)),
                    stopSequences);
        }

        private static boolean reasoning(JsonFields place) {
            Optional<JsonFields> given = place.object("reasoningConfig");
            if (given.isEmpty()) {
                return false;
            }
            JsonFields reasoning = given.get();
            reasoning.choice("maxReasoningEffort", List.of("low", "medium", "high"));
            boolean enabled = reasoning
                    .requiredChoice("type", List.of("disabled", "enabled"))
                    .equals("enabled");
            reasoning.nothingElse();
            return enabled;
        }
    }

    private record Written(TextRequest request) implements Exchange {
        @Override
        public ObjectNode body(Answer answer) {
            ObjectNode body = JsonFields.MAPPER.createObjectNode();
            ObjectNode message = body.putObject("output").putObject("message");
            ArrayNode content = message.putArray("content");
            for (Content part : answer.content()) {
                switch (part) {
                    case Content.Text(String text) -> content.addObject().put("text", text);
                    case Content.Reasoning(String text) ->
                        content.addObject()
                                .putObject("reasoningContent")
                                .putObject("reasoningText")
                                .put("text", text);
                    case Content.ToolCall(String id, String name, String input) ->
                        content.addObject()
                                .putObject("toolUse")
                                .put("toolUseId", id)
                                .put("name", name)
                                .set("input", AnthropicMessages.tree(input));
                    case Content.Image _, Content.ToolResult _, Content.CachePoint _ ->
                        throw new IllegalStateException("no model writes " + part);
                }
            }
            message.put("role", "assistant");
            body.put("stopReason", stopReason(answer.reason()));
            body.set("usage", usage(answer.usage()));
            return body;
        }

        @Override
        public Chunks chunks() {
            return new NovaChunks();
        }
    }

    private static String stopReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case MAXIMUM_TOKENS -> "max_tokens";
            case TOOL_CALL -> "tool_use";
            case CONTENT_FILTERED -> "content_filtered";
        };
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode node = JsonFields.MAPPER.createObjectNode();
        node.put("inputTokens", usage.inputTokens() - usage.cacheReadTokens() - usage.cacheWriteTokens());
        node.put("outputTokens", usage.outputTokens());
        node.put("totalTokens", usage.inputTokens() + usage.outputTokens());
        node.put("cacheReadInputTokenCount", usage.cacheReadTokens());
        node.put("cacheWriteInputTokenCount", usage.cacheWriteTokens());
        return node;
    }

    /** Named events, as of ConverseStream; text blocks begin without an event. */
    private static final class NovaChunks implements Exchange.Chunks {
        /** What kind of content block is open. */
        private enum Block {
            NONE,
            TEXT,
            REASONING,
            TOOL_USE
        }

        private Block open = Block.NONE;
        private int index = -1;

        @Override
        public List<ObjectNode> begin(IntSupplier inputTokens) {
            ObjectNode start = JsonFields.MAPPER.createObjectNode();
            start.putObject("messageStart").put("role", "assistant");
            return List.of(start);
        }

        @Override
        public List<ObjectNode> next(GenerationEvent event) {
            List<ObjectNode> chunks = new ArrayList<>(2);
            switch (event) {
                case GenerationEvent.Text(String text) -> {
                    open(Block.TEXT, chunks);
                    delta(chunks).put("text", text);
                }
                case GenerationEvent.Reasoning(String text) -> {
                    open(Block.REASONING, chunks);
                    delta(chunks)
                            .putObject("reasoningContent")
                            .putObject("reasoningText")
                            .put("text", text);
                }
                case GenerationEvent.ToolCallStarted(int _, String id, String name) -> {
                    close(chunks);
                    open(Block.TOOL_USE, chunks);
                    ObjectNode start = add(chunks, "contentBlockStart");
                    start.putObject("start")
                            .putObject("toolUse")
                            .put("toolUseId", id)
                            .put("name", name);
                    start.put("contentBlockIndex", index);
                }
                case GenerationEvent.ToolCallInput(int _, String json) ->
                    delta(chunks).putObject("toolUse").put("input", json);
                case GenerationEvent.Probabilities _ -> {}
                case Finished finished -> {
                    close(chunks);
                    add(chunks, "messageStop").put("stopReason", stopReason(finished.reason()));
                    ObjectNode metadata = add(chunks, "metadata");
                    metadata.set("usage", usage(finished.usage()));
                    metadata.putObject("metrics");
                    metadata.putObject("trace");
                }
            }
            return chunks;
        }

        private void open(Block kind, List<ObjectNode> chunks) {
            if (open != kind) {
                close(chunks);
                open = kind;
                index++;
            }
        }

        private void close(List<ObjectNode> chunks) {
            if (open != Block.NONE) {
                add(chunks, "contentBlockStop").put("contentBlockIndex", index);
                open = Block.NONE;
            }
        }

        private ObjectNode delta(List<ObjectNode> chunks) {
            ObjectNode event = add(chunks, "contentBlockDelta");
            ObjectNode delta = event.putObject("delta");
            event.put("contentBlockIndex", index);
            return delta;
        }

        private static ObjectNode add(List<ObjectNode> chunks, String name) {
            ObjectNode chunk = JsonFields.MAPPER.createObjectNode();
            chunks.add(chunk);
            return chunk.putObject(name);
        }
    }
}
