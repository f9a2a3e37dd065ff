package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.Tool;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads requests of Anthropic's Messages API.
 *
 * <p>Images are taken where they stand in the body, as base64; nothing is fetched. Tools that Anthropic's servers run
 * are refused, as are PDF documents.
 */
public final class AnthropicMessagesReader {
    /** More than this many marks would be refused by Anthropic too. */
    private static final int MAXIMUM_CACHE_MARKS = 4;

    private static final int MINIMUM_THINKING = 1024;
    private static final List<String> IMAGE_TYPES = List.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final JsonFields fields;
    private final List<Tool> tools = new ArrayList<>();
    private int cacheMarks;
    private boolean toolsCached;
    private boolean oneToolCall;

    private AnthropicMessagesReader(JsonFields fields) {
        this.fields = fields;
    }

    /**
     * A body of InvokeModel.
     *
     * @throws BodyException if the body breaks the rules
     */
    static Exchange invoked(byte[] body, Invocation invocation) {
        JsonFields fields = JsonFields.lenient(body);
        if (fields.has("prompt") && !fields.has("messages")) {
            if (takesTextCompletions(invocation.modelId())) {
                return new ClaudeTextFamily().read(body, invocation);
            }
            throw BodyException.refusal("\"" + shortName(invocation.modelId())
                    + "\" is not supported on this API. Please use the Messages API instead.");
        }
        fields.require("anthropic_version");
        fields.choice("anthropic_version", List.of("bedrock-2023-05-31"));
        fields.strings("anthropic_beta", Integer.MAX_VALUE);
        AnthropicMessagesReader reader = new AnthropicMessagesReader(fields);
        return reader.read(invocation.id("msg_bdrk_01", 22), shortName(invocation.modelId()), false);
    }

    /**
     * A body of {@code POST /v1/messages}, whose {@code model} and {@code stream} the caller has read.
     *
     * @throws BodyException if the body breaks the rules
     */
    public static AnthropicMessages posted(JsonFields fields, Invocation invocation) {
        fields.ignore("model", "stream");
        return new AnthropicMessagesReader(fields).read(invocation.id("msg_01", 22), invocation.modelId(), true);
    }

    /**
     * A body of {@code POST /v1/messages/count_tokens}: the same without what concerns the answer.
     *
     * @throws BodyException if the body breaks the rules
     */
    public static Prompt counted(JsonFields fields) {
        fields.ignore("model");
        AnthropicMessagesReader reader = new AnthropicMessagesReader(fields);
        Prompt prompt = reader.prompt(OptionalInt.empty());
        fields.nothingElse();
        fields.check();
        return prompt;
    }

    private static boolean takesTextCompletions(String modelId) {
        return modelId.contains("claude-v2") || modelId.contains("claude-instant");
    }

    /** {@code claude-3-haiku-20240307} of {@code anthropic.claude-3-haiku-20240307-v1:0}. */
    private static String shortName(String modelId) {
        return modelId.replaceFirst("^.*anthropic\\.", "").replaceFirst("-v\\d+(:\\d+.*)?$", "");
    }

    private AnthropicMessages read(String id, String model, boolean pings) {
        int maximum = fields.requiredInteger("max_tokens", 1, Integer.MAX_VALUE);
        OptionalDouble temperature = fields.number("temperature", 0, 1);
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt topK = fields.integer("top_k", 0, Integer.MAX_VALUE);
        List<String> stopSequences = fields.strings("stop_sequences", 8191);
        if (stopSequences.stream().anyMatch(String::isBlank)) {
            fields.note("stop_sequences", "each stop sequence must contain non-whitespace");
        }
        fields.object("metadata").ifPresent(metadata -> {
            metadata.string("user_id");
            metadata.nothingElse();
        });
        fields.ignore("service_tier", "inference_geo");
        Constraint constraint = outputFormat();
        Prompt prompt = prompt(OptionalInt.of(maximum));
        fields.nothingElse();
        fields.check();
        Decoding decoding = Decoding.of(
                OptionalDouble.of(temperature.orElse(1)), topP, topK, OptionalInt.of(maximum), stopSequences);
        TextRequest decoded = decoding.request(prompt);
        TextRequest request = new TextRequest(
                decoded.prompt(),
                decoded.sampling(),
                decoded.maximumTokens(),
                decoded.stopSequences(),
                constraint,
                decoded.logProbabilities(),
                decoded.scorePrompt(),
                decoded.timeout(),
                decoded.options());
        return new AnthropicMessages(request, oneToolCall, id, model, pings);
    }

    /** How much effort is asked for changes nothing: the models here know one. */
    private Constraint outputFormat() {
        Optional<JsonFields> configuration = fields.object("output_config");
        if (configuration.isEmpty()) {
            return new Constraint.None();
        }
        configuration.get().choice("effort", List.of("low", "medium", "high", "xhigh", "max"));
        Optional<JsonFields> format = configuration.get().object("format");
        configuration.get().nothingElse();
        if (format.isEmpty()) {
            return new Constraint.None();
        }
        format.get().requiredChoice("type", List.of("json_schema"));
        String schema = format.get().requiredJson("schema");
        format.get().nothingElse();
        return new Constraint.JsonSchema(schema);
    }

    private Prompt prompt(OptionalInt maximumTokens) {
        readTools();
        List<Message> messages = new ArrayList<>();
        List<Content> system = system();
        if (!system.isEmpty()) {
            messages.add(new Message(Role.SYSTEM, system));
        }
        Set<String> calls = new HashSet<>();
        for (JsonFields message : fields.requiredObjects("messages")) {
            messages.add(message(message, calls));
        }
        if (toolsCached && system.isEmpty() && !messages.isEmpty()) {
            markBeginning(messages);
        }
        if (marked(fields) && !messages.isEmpty()) {
            markEnd(messages);
        }
        boolean thinking = thinking(maximumTokens);
        ToolChoice choice = toolChoice(thinking);
        if (cacheMarks > MAXIMUM_CACHE_MARKS) {
            fields.note("A maximum of " + MAXIMUM_CACHE_MARKS + " blocks with cache_control may be provided. Found "
                    + cacheMarks + ".");
        }
        return new Prompt.Chat(messages, tools, choice, thinking);
    }

    /** Tools stand before all messages, so where only they are marked, the mark is the conversation's first content. */
    private static void markBeginning(List<Message> messages) {
        Message first = messages.getFirst();
        List<Content> content = new ArrayList<>(first.content());
        content.addFirst(new Content.CachePoint());
        messages.set(0, new Message(first.role(), content));
    }

    /** A mark of the whole request asks for the cache to end with the conversation. */
    private static void markEnd(List<Message> messages) {
        Message last = messages.removeLast();
        List<Content> content = new ArrayList<>(last.content());
        if (content.isEmpty() || !(content.getLast() instanceof Content.CachePoint)) {
            content.add(new Content.CachePoint());
        }
        messages.add(new Message(last.role(), content));
    }

    private List<Content> system() {
        List<Content> content = new ArrayList<>();
        if (fields.has("system") && fields.type("system") == JsonType.STRING) {
            fields.string("system")
                    .filter(text -> !text.isEmpty())
                    .map(Content.Text::new)
                    .ifPresent(content::add);
        } else {
            for (JsonFields block : fields.objects("system")) {
                block.requiredChoice("type", List.of("text"));
                content.add(new Content.Text(block.requiredText("text")));
                block.ignore("citations");
                mark(block, content);
                block.nothingElse();
            }
        }
        if (toolsCached && !content.isEmpty() && !content.contains(new Content.CachePoint())) {
            content.add(new Content.CachePoint());
        }
        return content;
    }

    private Message message(JsonFields message, Set<String> calls) {
        Role role = message.requiredChoice("role", List.of("user", "assistant")).equals("user")
                ? Role.USER
                : Role.ASSISTANT;
        List<Content> content = new ArrayList<>();
        if (message.has("content") && message.type("content") == JsonType.STRING) {
            content.add(new Content.Text(message.requiredText("content")));
        } else {
            for (JsonFields block : message.requiredObjects("content")) {
                block(block, role, content, calls);
            }
        }
        message.nothingElse();
        return new Message(role, content);
    }

    private void block(JsonFields block, Role role, List<Content> content, Set<String> calls) {
        List<String> allowed = role == Role.USER
                ? List.of("text", "image", "document", "tool_result")
                : List.of("text", "thinking", "redacted_thinking", "tool_use");
        switch (block.requiredChoice("type", allowed)) {
            case "text" -> {
                content.add(new Content.Text(block.requiredText("text")));
                block.ignore("citations");
            }
            case "image" -> image(block).ifPresent(content::add);
            case "document" -> document(block).ifPresent(content::add);
            case "thinking" -> {
                content.add(new Content.Reasoning(block.requiredString("thinking")));
                block.string("signature");
            }
            // Encrypted by another model: it says nothing to this one.
            case "redacted_thinking" -> block.requiredString("data");
            case "tool_use" -> {
                String id = block.requiredText("id");
                content.add(new Content.ToolCall(id, block.requiredText("name"), block.requiredJson("input")));
                calls.add(id);
            }
            default -> content.add(toolResult(block, calls));
        }
        mark(block, content);
        block.nothingElse();
    }

    private Content toolResult(JsonFields block, Set<String> calls) {
        String id = block.requiredText("tool_use_id");
        if (!id.isEmpty() && !calls.contains(id)) {
            block.note(
                    "unexpected `tool_use_id` found in `tool_result` blocks: " + id + ". Each `tool_result` block must"
                            + " have a corresponding `tool_use` block in the previous message.");
        }
        boolean error = block.flag("is_error").orElse(false);
        StringBuilder output = new StringBuilder();
        if (block.has("content") && block.type("content") == JsonType.STRING) {
            output.append(block.requiredString("content"));
        } else {
            for (JsonFields part : block.objects("content")) {
                if (part.requiredChoice("type", List.of("text", "image")).equals("image")) {
                    part.note("images in tool results cannot be read here");
                    part.ignore("source");
                } else {
                    output.append(output.isEmpty() ? "" : "\n").append(part.requiredString("text"));
                }
                mark(part, List.of());
                part.nothingElse();
            }
        }
        return new Content.ToolResult(id, output.toString(), error);
    }

    private static Optional<Content> image(JsonFields block) {
        JsonFields source = block.requiredObject("source");
        if (source.requiredChoice("type", List.of("base64", "url")).equals("url")) {
            source.note("url", "images are not fetched: send them as base64");
            source.nothingElse();
            return Optional.empty();
        }
        String mediaType = source.requiredChoice("media_type", IMAGE_TYPES);
        Optional<byte[]> bytes = bytes(source);
        source.nothingElse();
        return bytes.map(image -> new Content.Image(mediaType, image));
    }

    private static Optional<Content> document(JsonFields block) {
        Optional<String> title = block.string("title");
        Optional<String> context = block.string("context");
        block.ignore("citations");
        JsonFields source = block.requiredObject("source");
        Optional<Content> document = Optional.empty();
        if (source.requiredChoice("type", List.of("text", "base64")).equals("text")) {
            source.choice("media_type", List.of("text/plain"));
            String text = source.requiredText("data");
            StringBuilder whole = new StringBuilder();
            title.ifPresent(line -> whole.append(line).append("\n\n"));
            context.ifPresent(line -> whole.append(line).append("\n\n"));
            document = Optional.of(new Content.Text(whole.append(text).toString()));
        } else {
            source.note("documents are read here as plain text only; the Converse operations read PDF");
            source.ignore("media_type", "data");
        }
        source.nothingElse();
        return document;
    }

    private static Optional<byte[]> bytes(JsonFields source) {
        try {
            return Optional.of(Base64.getDecoder().decode(source.requiredText("data")));
        } catch (IllegalArgumentException invalid) {
            source.note("data", "invalid base64 data");
            return Optional.empty();
        }
    }

    private void readTools() {
        Set<String> names = new HashSet<>();
        for (JsonFields tool : fields.objects("tools")) {
            String type = tool.string("type").orElse("custom");
            if (!type.equals("custom")) {
                tool.note("type", "tools of type " + type + " are run by Anthropic and cannot be had here");
                return;
            }
            String name = tool.requiredText("name");
            if (!name.isEmpty() && !name.matches("[a-zA-Z0-9_-]{1,128}")) {
                tool.note("name", "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            }
            if (!names.add(name)) {
                fields.note("tools", "Tool names must be unique.");
            }
            String description = tool.string("description").orElse("");
            tools.add(new Tool(name, description, tool.requiredJson("input_schema")));
            toolsCached |= marked(tool);
            tool.flag("strict");
            tool.nothingElse();
        }
    }

    private ToolChoice toolChoice(boolean thinking) {
        Optional<JsonFields> given = fields.object("tool_choice");
        if (given.isEmpty()) {
            return new ToolChoice.Auto();
        }
        JsonFields choice = given.get();
        String type = choice.requiredChoice("type", List.of("auto", "any", "tool", "none"));
        Optional<String> name = choice.string("name");
        oneToolCall = choice.flag("disable_parallel_tool_use").orElse(false);
        choice.nothingElse();
        if (tools.isEmpty() && !type.equals("none")) {
            fields.note("tool_choice", "tool_choice may only be specified while providing tools");
        }
        if (thinking && (type.equals("any") || type.equals("tool"))) {
            fields.note("Thinking may not be enabled when tool_choice forces tool use.");
        }
        return switch (type) {
            case "any" -> new ToolChoice.Any();
            case "none" -> new ToolChoice.None();
            case "tool" -> {
                choice.require("name");
                if (name.isPresent()
                        && tools.stream().noneMatch(tool -> tool.name().equals(name.get()))) {
                    fields.note("tool_choice", "Tool '" + name.get() + "' not found in provided tools");
                }
                yield new ToolChoice.Named(name.orElse(""));
            }
            default -> new ToolChoice.Auto();
        };
    }

    private boolean thinking(OptionalInt maximumTokens) {
        Optional<JsonFields> given = fields.object("thinking");
        if (given.isEmpty()) {
            return false;
        }
        JsonFields thinking = given.get();
        String type = thinking.requiredChoice("type", List.of("enabled", "adaptive", "disabled"));
        thinking.choice("display", List.of("summarized"));
        if (type.equals("enabled")) {
            int budget = thinking.requiredInteger("budget_tokens", MINIMUM_THINKING, Integer.MAX_VALUE);
            if (maximumTokens.isPresent() && maximumTokens.getAsInt() <= budget) {
                fields.note("`max_tokens` must be greater than `thinking.budget_tokens`.");
            }
        }
        thinking.nothingElse();
        return !type.equals("disabled");
    }

    /** Ends the part of the prompt that is to be kept, where the block says so. */
    private void mark(JsonFields block, List<Content> content) {
        if (marked(block) && !content.isEmpty()) {
            content.add(new Content.CachePoint());
        }
    }

    private boolean marked(JsonFields block) {
        Optional<JsonFields> control = block.object("cache_control");
        if (control.isEmpty()) {
            return false;
        }
        control.get().requiredChoice("type", List.of("ephemeral"));
        control.get().choice("ttl", List.of("5m", "1h"));
        control.get().nothingElse();
        cacheMarks++;
        return true;
    }
}
