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
    private final String exampleCall;
    private final List<Map<String, Object>> messages = new ArrayList<>();
    private final List<Integer> cachePointOrigins = new ArrayList<>();
    private final Map<String, Text> toolNames = new HashMap<>();
    private final Map<String, String> shortIds = new HashMap<>();
    private int origin = TOOLS_ORIGIN;
    private Text unsaidSystem = Text.EMPTY;
    /** Calls of the last turn that are shown only with their results, where the template shows one call a turn. */
    private final Map<String, Object> heldCalls = new LinkedHashMap<>();

    private TemplateMessages(TemplateTraits traits, List<Prompt.Tool> tools, String exampleCall) {
        this.traits = traits;
        this.tools = tools;
        this.exampleCall = exampleCall;
    }

    /**
     * The messages of {@code chat}.
     *
     * @param exampleCall a call as the model is to write it, where it has to be told
     */
    static TemplateMessages of(Prompt.Chat chat, TemplateTraits traits, String exampleCall) {
        boolean toolsWanted = !(chat.toolChoice() instanceof Prompt.ToolChoice.None);
        TemplateMessages messages = new TemplateMessages(traits, toolsWanted ? chat.tools() : List.of(), exampleCall);
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
        messages.showHeldCalls();
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
        text.append("""
                </tools>
                To call a tool, write its name and arguments as JSON, like this:
                """).append(exampleCall);
        return traits.toolResults()
                ? text.build()
                : text.append("\nIts answer follows between <tool_response> and </tool_response>.")
                        .build();
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
            } else if (traits.toolResults()) {
                flushUser(text.build());
                text = new Text.Builder();
                toolResult(result);
            } else {
                text.append(text.length() == 0 ? "" : "\n")
                        .append("<tool_response>\n")
                        .append(output(result))
                        .append("\n</tool_response>");
            }
        }
        showHeldCalls();
        flushUser(text.build());
    }

    private void flushUser(Text text) {
        if (text.length() > 0) {
            add("user", withUnsaidSystem(text));
        }
    }

    private Text output(Content.ToolResult result) {
        Text output = Text.of(result.output(), ++origin);
        return result.error() ? Text.of("Error: ").concat(output) : output;
    }

    private void toolResult(Content.ToolResult result) {
        Text output = output(result);
        Object held = heldCalls.remove(result.id());
        if (held != null) {
            addCalls(Text.EMPTY, List.of(held));
        }
        Map<String, Object> message = message("tool", output);
        message.put("tool_call_id", Text.of(identifier(result.id()), origin));
        message.put("name", toolNames.getOrDefault(result.id(), Text.EMPTY));
        messages.add(message);
    }

    /** Shows the calls that no result came for. */
    private void showHeldCalls() {
        heldCalls.values().forEach(call -> addCalls(Text.EMPTY, List.of(call)));
        heldCalls.clear();
    }

    private void assistant(List<Content> content) {
        Text.Builder text = new Text.Builder();
        Text.Builder reasoning = new Text.Builder();
        Map<String, Object> calls = new LinkedHashMap<>();
        for (Content part : content) {
            switch (part) {
                case Content.Reasoning(String value) -> reasoning.append(value, ++origin);
                case Content.ToolCall call when traits.toolCalls() -> calls.put(call.id(), call(call));
                case Content.ToolCall call ->
                    text.append(text.length() == 0 ? "" : "\n").append(callAsText(call));
                default -> text.append(said(List.of(part)));
            }
        }
        boolean apart = !calls.isEmpty() && text.length() > 0 && !traits.callsWithText();
        if (calls.isEmpty() || apart) {
            add("assistant", text.build());
            reason(reasoning.build());
            reasoning = new Text.Builder();
        }
        if (calls.isEmpty()) {
            return;
        }
        Text before = apart ? Text.EMPTY : text.build();
        if (traits.severalCalls() || calls.size() == 1) {
            addCalls(before, List.copyOf(calls.values()));
            reason(reasoning.build());
        } else if (before.length() > 0 || reasoning.length() > 0) {
            // The text goes with the first call, whose result must follow it.
            String first = calls.keySet().iterator().next();
            addCalls(before, List.of(calls.remove(first)));
            reason(reasoning.build());
            heldCalls.putAll(calls);
        } else {
            heldCalls.putAll(calls);
        }
    }

    private void addCalls(Text text, List<Object> calls) {
        Map<String, Object> message = message("assistant", text);
        if (text.length() == 0 && traits.nullText()) {
            message.put("content", null);
        }
        message.put("tool_calls", calls);
        messages.add(message);
    }

    private void reason(Text reasoning) {
        if (reasoning.length() > 0) {
            messages.getLast().put("reasoning_content", reasoning);
            messages.getLast().put("thinking", reasoning);
        }
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
