package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.TemplateException;
import dev.outcrop.engines.text.template.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation as the {@code messages} and {@code tools} that chat templates read.
 *
 * <p>What comes with the request is marked by its origin: 1 for the tools, then 2 and so on for the parts of the
 * messages in order.
 */
final class TemplateMessages {
    private static final int TOOLS_ORIGIN = 1;
    private static final String SHORT_ID = "[a-zA-Z0-9]{9}";

    private final TemplateTraits traits;
    private final List<Prompt.Tool> tools;
    private final List<Map<String, Object>> messages = new ArrayList<>();
    private final List<Integer> cachePointOrigins = new ArrayList<>();
    private final Map<String, Text> toolNames = new HashMap<>();
    private final Map<String, String> shortIds = new HashMap<>();
    private int origin = TOOLS_ORIGIN;
    private Text unsaidSystem = Text.EMPTY;

    private TemplateMessages(TemplateTraits traits, List<Prompt.Tool> tools) {
        this.traits = traits;
        this.tools = tools;
    }

    static TemplateMessages of(Prompt.Chat chat, TemplateTraits traits) {
        boolean toolsWanted = !(chat.toolChoice() instanceof Prompt.ToolChoice.None);
        TemplateMessages messages = new TemplateMessages(traits, toolsWanted ? chat.tools() : List.of());
        boolean describe = !messages.tools.isEmpty() && !traits.tools();
        List<Prompt.Message> turns = chat.messages();
        if (describe && (turns.isEmpty() || turns.getFirst().role() != Prompt.Role.SYSTEM)) {
            messages.system(messages.toolDescription());
            describe = false;
        }
        for (Prompt.Message turn : turns) {
            switch (turn.role()) {
                case SYSTEM -> {
                    Text said = messages.said(turn.content());
                    messages.system(describe ? said.concat(Text.of("\n\n")).concat(messages.toolDescription()) : said);
                    describe = false;
                }
                case USER -> messages.user(turn.content());
                case ASSISTANT -> messages.assistant(turn.content());
            }
        }
        messages.sayUnsaidSystem();
        return messages;
    }

    List<Map<String, Object>> messages() {
        return messages;
    }

    /** The tools for the template; empty where it has no place for them. */
    List<Object> tools() {
        if (!traits.tools()) {
            return List.of();
        }
        List<Object> described = new ArrayList<>();
        tools.forEach(tool -> described.add(Map.of("type", "function", "function", function(tool))));
        return described;
    }

    /** For each cache point, the origin of the last part before it. */
    List<Integer> cachePointOrigins() {
        return cachePointOrigins;
    }

    private static Map<String, Object> function(Prompt.Tool tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", Text.of(tool.name(), TOOLS_ORIGIN));
        function.put("description", Text.of(tool.description(), TOOLS_ORIGIN));
        function.put("parameters", json(tool.inputSchema(), TOOLS_ORIGIN, "the input schema of tool " + tool.name()));
        return function;
    }

    private static Object json(String json, int origin, String what) {
        try {
            return JsonText.read(json, origin);
        } catch (TemplateException e) {
            throw new TextModelException(
                    TextModelException.Category.INVALID, what + " must be JSON: " + e.getMessage(), e);
        }
    }

    private Text toolDescription() {
        Text.Builder text = new Text.Builder().append("""
                You can call tools. Each line between <tools> and </tools> is a tool: its name, what it does, and the \
                JSON Schema of its arguments.
                <tools>
                """);
        for (Prompt.Tool tool : tools) {
            text.append(JsonText.write(JsonText.fromJava(function(tool)))).append("\n");
        }
        return text.append("""
                </tools>
                To call a tool, write its name and arguments as JSON between tags, like this:
                <tool_call>
                {"name": "tool", "arguments": {"argument": "value"}}
                </tool_call>
                Its answer follows between <tool_response> and </tool_response>.""").build();
    }

    private Text said(List<Content> content) {
        Text.Builder text = new Text.Builder();
        for (Content part : content) {
            switch (part) {
                case Content.Text(String value) -> text.append(value, ++origin);
                case Content.CachePoint _ -> cachePointOrigins.add(origin);
                case Content.Image _ ->
                    throw new TextModelException(
                            TextModelException.Category.UNSUPPORTED, "This model does not see images.");
                case Content.Reasoning _, Content.ToolCall _, Content.ToolResult _ ->
                    throw new TextModelException(
                            TextModelException.Category.INVALID,
                            "A system message holds text only, but has "
                                    + part.getClass().getSimpleName() + ".");
            }
        }
        return text.build();
    }

    private void system(Text text) {
        if (traits.systemRole()) {
            add("system", text);
        } else {
            unsaidSystem = unsaidSystem.length() == 0
                    ? text
                    : unsaidSystem.concat(Text.of("\n\n")).concat(text);
        }
    }

    /** Where the template takes no system message, the next turn of the user begins with what it said. */
    private Text withUnsaidSystem(Text text) {
        if (unsaidSystem.length() == 0) {
            return text;
        }
        Text joined = unsaidSystem.concat(Text.of("\n\n")).concat(text);
        unsaidSystem = Text.EMPTY;
        return joined;
    }

    private void sayUnsaidSystem() {
        if (unsaidSystem.length() > 0) {
            add("user", unsaidSystem);
        }
    }

    private void user(List<Content> content) {
        Text.Builder text = new Text.Builder();
        for (Content part : content) {
            if (!(part instanceof Content.ToolResult result)) {
                text.append(said(List.of(part)));
                continue;
            }
            flushUser(text.build());
            text = new Text.Builder();
            toolResult(result);
        }
        flushUser(text.build());
    }

    private void flushUser(Text text) {
        if (text.length() > 0) {
            add("user", withUnsaidSystem(text));
        }
    }

    private void toolResult(Content.ToolResult result) {
        Text output = Text.of(result.output(), ++origin);
        if (result.error()) {
            output = Text.of("Error: ").concat(output);
        }
        if (!traits.toolResults()) {
            add(
                    "user",
                    withUnsaidSystem(
                            Text.of("<tool_response>\n").concat(output).concat(Text.of("\n</tool_response>"))));
            return;
        }
        Map<String, Object> message = message("tool", output);
        message.put("tool_call_id", Text.of(identifier(result.id()), origin));
        message.put("name", toolNames.getOrDefault(result.id(), Text.EMPTY));
        messages.add(message);
    }

    private void assistant(List<Content> content) {
        Text.Builder text = new Text.Builder();
        Text.Builder reasoning = new Text.Builder();
        List<Object> calls = new ArrayList<>();
        for (Content part : content) {
            switch (part) {
                case Content.Reasoning(String value) -> reasoning.append(value, ++origin);
                case Content.ToolCall call when traits.toolCalls() -> calls.add(call(call));
                case Content.ToolCall call ->
                    text.append(text.length() == 0 ? "" : "\n").append(callAsText(call));
                default -> text.append(said(List.of(part)));
            }
        }
        Map<String, Object> message = message("assistant", text.build());
        if (reasoning.length() > 0) {
            message.put("reasoning_content", reasoning.build());
            message.put("thinking", reasoning.build());
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        messages.add(message);
    }

    private Object call(Content.ToolCall call) {
        origin++;
        Text name = Text.of(call.name(), origin);
        toolNames.put(call.id(), name);
        Object input = json(call.input(), origin, "the input of tool call " + call.id());
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", traits.inputAsText() ? JsonText.write(input) : input);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", Text.of(identifier(call.id()), origin));
        result.put("type", "function");
        result.put("function", function);
        return result;
    }

    private Text callAsText(Content.ToolCall call) {
        origin++;
        Map<Object, Object> fields = new LinkedHashMap<>();
        fields.put(Text.of("name"), Text.of(call.name(), origin));
        fields.put(Text.of("arguments"), json(call.input(), origin, "the input of tool call " + call.id()));
        return Text.of("<tool_call>\n").concat(JsonText.write(fields)).concat(Text.of("\n</tool_call>"));
    }

    private String identifier(String id) {
        if (!traits.shortCallIds() || id.matches(SHORT_ID)) {
            return id;
        }
        return shortIds.computeIfAbsent(id, _ -> "call%05d".formatted(shortIds.size()));
    }

    private void add(String role, Text text) {
        messages.add(message(role, text));
    }

    private Map<String, Object> message(String role, Text text) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", traits.contentInParts() ? List.of(Map.of("type", "text", "text", text)) : text);
        return message;
    }
}
