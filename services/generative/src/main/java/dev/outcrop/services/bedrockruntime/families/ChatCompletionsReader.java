package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.Tool;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads requests for chat completions.
 *
 * <p>Images are taken from {@code data:} URLs; nothing is fetched. Fields that say what OpenAI may store, bill or cache
 * change nothing; a field that would change the answer and cannot be followed is refused.
 */
public final class ChatCompletionsReader {
    private static final Pattern DATA_URL =
            Pattern.compile("data:(image/(?:png|jpeg|gif|webp));base64,(.*)", Pattern.DOTALL);

    private final JsonFields fields;
    private final ChatDialect dialect;
    private final List<Tool> tools = new ArrayList<>();

    private ChatCompletionsReader(JsonFields fields, ChatDialect dialect) {
        this.fields = fields;
        this.dialect = dialect;
    }

    /**
     * A body of InvokeModel. Its {@code model} and {@code stream}, where they are given, have to say what the operation
     * says.
     *
     * @throws BodyException if the body breaks the rules
     */
    static Exchange invoked(byte[] body, Invocation invocation, ChatDialect dialect) {
        JsonFields fields = JsonFields.lenient(body);
        fields.string("model")
                .filter(named -> !named.equals(invocation.modelId()))
                .ifPresent(named ->
                        fields.note("model", "model is " + named + ", but " + invocation.modelId() + " is invoked"));
        fields.flag("stream")
                .filter(streaming -> streaming != invocation.streaming())
                .ifPresent(streaming ->
                        fields.note("stream", "stream is " + streaming + ", which is not what the operation does"));
        return new ChatCompletionsReader(fields, dialect).read(invocation);
    }

    /**
     * A body of {@code POST /v1/chat/completions}, whose {@code model} and {@code stream} the caller has read.
     *
     * @throws BodyException if the body breaks the rules
     */
    public static ChatCompletions posted(JsonFields fields, Invocation invocation) {
        fields.ignore("model", "stream");
        return new ChatCompletionsReader(fields, ChatDialect.OPENAI).read(invocation);
    }

    private ChatCompletions read(Invocation invocation) {
        fields.ignore(
                "user",
                "store",
                "metadata",
                "service_tier",
                "safety_identifier",
                "prompt_cache_key",
                "prompt_cache_retention",
                "prompt_cache_options",
                "prediction");
        if (fields.integer("n", 1, 128).orElse(1) > 1) {
            fields.note("n", "only one completion is made at a time: 'n' must be 1");
        }
        if (fields.object("logit_bias").map(bias -> !bias.isEmpty()).orElse(false)) {
            fields.note("logit_bias", "'logit_bias' is not supported: token ids differ from model to model");
        }
        fields.choice("verbosity", List.of("medium"));
        for (String modality : fields.strings("modalities", 10)) {
            if (!modality.equals("text")) {
                fields.note("modalities", new Violation.Fault.NotOneOf(modality, List.of("text")));
            }
        }
        boolean includeUsage = fields.object("stream_options")
                .map(options -> {
                    boolean include = options.flag("include_usage").orElse(false);
                    options.flag("include_obfuscation");
                    options.nothingElse();
                    return include;
                })
                .orElse(false);
        boolean oneToolCall = !fields.flag("parallel_tool_calls").orElse(true);
        readTools();
        ToolChoice choice = toolChoice();
        List<Message> messages = messages();
        boolean reasoning = reasoning();
        OptionalInt logProbabilities = logProbabilities();
        Constraint constraint = constraint();
        TextRequest decoded = decoding().request(new Prompt.Chat(messages, tools, choice, reasoning));
        fields.nothingElse();
        fields.check();
        TextRequest request = new TextRequest(
                decoded.prompt(),
                decoded.sampling(),
                decoded.maximumTokens(),
                decoded.stopSequences(),
                constraint,
                logProbabilities,
                false,
                decoded.timeout(),
                Map.of());
        return new ChatCompletions(
                request,
                oneToolCall,
                dialect,
                invocation.id("chatcmpl-", 29),
                invocation.modelId(),
                invocation.now().getEpochSecond(),
                includeUsage);
    }

    private Decoding decoding() {
        OptionalDouble temperature = fields.number("temperature", 0, dialect.maximumTemperature());
        OptionalDouble topP = fields.number("top_p", 0, 1);
        OptionalInt topK = fields.integer("top_k", 0, Integer.MAX_VALUE);
        OptionalDouble minP = fields.number("min_p", 0, 1);
        OptionalDouble frequency = penalty("frequency_penalty");
        OptionalDouble presence = penalty("presence_penalty");
        OptionalDouble repetition = fields.number("repetition_penalty", 0.01, 10);
        OptionalLong seed = fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        OptionalInt total = fields.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
        OptionalInt maximum = fields.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (total.isPresent()) {
            maximum = total;
        }
        return new Decoding(
                new Sampling(
                        temperature.isPresent() ? temperature : dialect.temperature(),
                        topP,
                        topK,
                        minP,
                        frequency,
                        presence,
                        repetition,
                        seed),
                maximum.isPresent() ? maximum : dialect.maximumTokens(),
                fields.stringOrStrings("stop", 16));
    }

    /** A number, or Jamba's object of a scale and where it applies. */
    private OptionalDouble penalty(String key) {
        if (dialect.equals(ChatDialect.JAMBA) && fields.has(key) && fields.type(key) == JsonType.OBJECT) {
            JsonFields penalty = fields.requiredObject(key);
            OptionalDouble scale = penalty.number("scale", 0, 2);
            penalty.nothingElse();
            return scale;
        }
        return fields.number(key, -2, 2);
    }

    private OptionalInt logProbabilities() {
        boolean wanted = fields.flag("logprobs").orElse(false);
        OptionalInt alternatives = fields.integer("top_logprobs", 0, 20);
        if (alternatives.isPresent() && !wanted) {
            fields.note("top_logprobs", "'logprobs' must be true to use 'top_logprobs'");
        }
        return wanted ? OptionalInt.of(alternatives.orElse(0)) : OptionalInt.empty();
    }

    private boolean reasoning() {
        Optional<String> effort =
                fields.choice("reasoning_effort", List.of("none", "minimal", "low", "medium", "high", "xhigh"));
        Optional<Boolean> thinking = Optional.empty();
        Optional<JsonFields> template = fields.object("chat_template_kwargs");
        if (template.isPresent()) {
            thinking = template.get().flag("enable_thinking");
            template.get().nothingElse();
        }
        return thinking.or(() -> effort.map(level -> !level.equals("none") && !level.equals("minimal")))
                .orElse(dialect.reasons());
    }

    private Constraint constraint() {
        Optional<JsonFields> given = fields.object("response_format");
        if (given.isEmpty()) {
            return new Constraint.None();
        }
        JsonFields format = given.get();
        Constraint constraint = switch (format.requiredChoice("type", List.of("text", "json_object", "json_schema"))) {
            case "json_object" -> new Constraint.JsonSchema("{\"type\":\"object\"}");
            case "json_schema" -> {
                JsonFields named = format.requiredObject("json_schema");
                named.requiredText("name");
                named.string("description");
                named.flag("strict");
                String schema = named.requiredJson("schema");
                named.nothingElse();
                yield new Constraint.JsonSchema(schema);
            }
            default -> new Constraint.None();
        };
        format.nothingElse();
        return constraint;
    }

    private void readTools() {
        Set<String> names = new HashSet<>();
        for (JsonFields tool : fields.objects("tools", 0, 128)) {
            tool.requiredChoice("type", List.of("function"));
            JsonFields function = tool.requiredObject("function");
            String name = function.requiredText("name");
            if (!name.isEmpty() && !name.matches("[a-zA-Z0-9_-]{1,64}")) {
                function.note("name", "a function's name is of letters, digits, _ and -, at most 64 of them");
            }
            if (!names.add(name)) {
                function.note("name", "another tool has this name");
            }
            String description = function.string("description").orElse("");
            String parameters = function.json("parameters").orElse("{\"type\":\"object\",\"properties\":{}}");
            function.flag("strict");
            function.nothingElse();
            tool.nothingElse();
            tools.add(new Tool(name, description, parameters));
        }
    }

    private ToolChoice toolChoice() {
        if (!fields.has("tool_choice")) {
            fields.ignore("tool_choice");
            return new ToolChoice.Auto();
        }
        if (tools.isEmpty()) {
            fields.note("tool_choice", "'tool_choice' is only allowed when 'tools' are specified.");
        }
        if (fields.type("tool_choice") == JsonType.OBJECT) {
            JsonFields choice = fields.requiredObject("tool_choice");
            choice.requiredChoice("type", List.of("function"));
            JsonFields function = choice.requiredObject("function");
            String name = function.requiredText("name");
            if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                fields.note("tool_choice", "Tool choice '" + name + "' not found in 'tools' parameter.");
            }
            function.nothingElse();
            choice.nothingElse();
            return new ToolChoice.Named(name);
        }
        return switch (fields.choice("tool_choice", dialect.toolChoices()).orElse("auto")) {
            case "none" -> new ToolChoice.None();
            case "required", "any" -> new ToolChoice.Any();
            default -> new ToolChoice.Auto();
        };
    }

    /** Instructions come first and in one message, wherever they stood: that is what chat templates take. */
    private List<Message> messages() {
        List<Content> instructions = new ArrayList<>();
        List<Message> turns = new ArrayList<>();
        List<Content> results = new ArrayList<>();
        Set<String> calls = new HashSet<>();
        for (JsonFields message : fields.requiredObjects("messages")) {
            String role = message.requiredChoice("role", List.of("user", "system", "developer", "assistant", "tool"));
            message.ignore("name");
            if (!role.equals("tool")) {
                endResults(results, turns);
            }
            switch (role) {
                case "system", "developer" -> instructions.addAll(content(message, false));
                case "assistant" -> turns.add(new Message(Role.ASSISTANT, assistant(message, calls)));
                case "tool" -> results.add(result(message, calls));
                default -> turns.add(new Message(Role.USER, content(message, true)));
            }
            message.nothingElse();
        }
        endResults(results, turns);
        if (!instructions.isEmpty()) {
            turns.addFirst(new Message(Role.SYSTEM, joined(instructions)));
        }
        return turns;
    }

    private static void endResults(List<Content> results, List<Message> turns) {
        if (!results.isEmpty()) {
            turns.add(new Message(Role.USER, results));
            results.clear();
        }
    }

    private static List<Content> joined(List<Content> instructions) {
        StringBuilder text = new StringBuilder();
        for (Content part : instructions) {
            if (part instanceof Content.Text(String instruction)) {
                text.append(text.isEmpty() ? "" : "\n\n").append(instruction);
            }
        }
        return List.of(new Content.Text(text.toString()));
    }

    private static Content result(JsonFields message, Set<String> calls) {
        String id = message.requiredText("tool_call_id");
        if (!id.isEmpty() && !calls.contains(id)) {
            message.note("messages with role 'tool' must be a response to a preceding message with 'tool_calls'.");
        }
        StringBuilder output = new StringBuilder();
        for (Content part : content(message, false)) {
            if (part instanceof Content.Text(String text)) {
                output.append(text);
            }
        }
        return new Content.ToolResult(id, output.toString(), false);
    }

    private static List<Content> assistant(JsonFields message, Set<String> calls) {
        List<Content> content = new ArrayList<>();
        message.string("reasoning_content")
                .filter(text -> !text.isEmpty())
                .map(Content.Reasoning::new)
                .ifPresent(content::add);
        message.ignore("refusal", "audio", "annotations", "function_call");
        List<JsonFields> toolCalls = message.objects("tool_calls");
        boolean silent = !toolCalls.isEmpty() && (!message.has("content") || isEmptyText(message));
        if (silent) {
            message.ignore("content");
        } else {
            content.addAll(content(message, false));
        }
        for (JsonFields call : toolCalls) {
            call.choice("type", List.of("function"));
            call.ignore("index");
            String id = call.requiredText("id");
            JsonFields function = call.requiredObject("function");
            String name = function.requiredText("name");
            String arguments = function.requiredString("arguments");
            if (!arguments.isBlank() && !isObject(arguments)) {
                function.note("arguments", "the arguments of a call must be a JSON object");
            }
            function.nothingElse();
            call.nothingElse();
            content.add(new Content.ToolCall(id, name, arguments.isBlank() ? "{}" : arguments));
            calls.add(id);
        }
        return content;
    }

    private static boolean isEmptyText(JsonFields message) {
        return message.type("content") == JsonType.STRING
                && message.requiredString("content").isEmpty();
    }

    private static boolean isObject(String json) {
        try {
            return JsonFields.MAPPER.readTree(json).isObject();
        } catch (JsonProcessingException invalid) {
            return false;
        }
    }

    private static List<Content> content(JsonFields message, boolean images) {
        if (message.has("content") && message.type("content") == JsonType.STRING) {
            return List.of(new Content.Text(message.requiredString("content")));
        }
        List<Content> content = new ArrayList<>();
        for (JsonFields part : message.requiredObjects("content")) {
            String type = part.requiredChoice("type", images ? List.of("text", "image_url") : List.of("text"));
            if (type.equals("text")) {
                content.add(new Content.Text(part.requiredString("text")));
            } else {
                image(part.requiredObject("image_url")).ifPresent(content::add);
            }
            part.nothingElse();
        }
        return content;
    }

    private static Optional<Content> image(JsonFields image) {
        String url = image.requiredText("url");
        image.choice("detail", List.of("auto", "low", "high"));
        image.nothingElse();
        Matcher data = DATA_URL.matcher(url);
        if (!data.matches()) {
            image.note("url", "images are not fetched: send them as data:image/…;base64,… of PNG, JPEG, GIF or WebP");
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Content.Image(data.group(1), Base64.getDecoder().decode(data.group(2))));
        } catch (IllegalArgumentException invalid) {
            image.note("url", "the image is not valid base64");
            return Optional.empty();
        }
    }
}
