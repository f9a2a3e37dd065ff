package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls as JSON objects that hold name and input, between markers: Hermes, Qwen, SmolLM, Granite, Phi, Nemotron,
 * Command R, Llama 3.
 *
 * @param open     what comes before
 * @param close    what comes after, or empty
 * @param nameKey  the key of the tool's name
 * @param inputKey the key of its input
 * @param array    whether the objects stand in an array
 * @param bare     whether an object alone may also be the whole answer
 */
record JsonCalls(String open, String close, String nameKey, String inputKey, boolean array, boolean bare)
        implements ToolSyntax {
    @Override
    public List<String> starts() {
        return List.of(open.strip());
    }

    @Override
    public List<String> brackets() {
        return List.of();
    }

    @Override
    public Reading read(String text, boolean ended, ToolInputs inputs) {
        List<Call> calls = new ArrayList<>();
        int position = JsonExtent.skipBlanks(text, 0);
        String end = close.strip();
        while (position < text.length() && (text.charAt(position) == '{' || text.charAt(position) == '[')) {
            int valueEnd = JsonExtent.end(text, position);
            if (valueEnd < 0) {
                return ended ? new Reading.NoCall() : new Reading.Incomplete();
            }
            Optional<List<Call>> read = calls(text.substring(position, valueEnd));
            if (read.isEmpty()) {
                return new Reading.NoCall();
            }
            calls.addAll(read.get());
            position = valueEnd;
            int next = JsonExtent.skipBlanks(text, position);
            if (end.isEmpty()) {
                break;
            }
            if (text.startsWith(end, next)) {
                return new Reading.Calls(calls, next + end.length());
            }
            if (next == text.length() || JsonExtent.begins(text, next, end)) {
                return ended ? new Reading.Calls(calls, next) : new Reading.Incomplete();
            }
            if (text.charAt(next) == ',' || text.charAt(next) == ';') {
                next = JsonExtent.skipBlanks(text, next + 1);
            }
            if (next < text.length() && text.charAt(next) != '{') {
                break;
            }
            position = next;
        }
        if (position == text.length() && !ended && calls.isEmpty()) {
            return new Reading.Incomplete();
        }
        return calls.isEmpty() ? new Reading.NoCall() : new Reading.Calls(calls, position);
    }

    private Optional<List<Call>> calls(String json) {
        Optional<Object> value = ToolInputs.value(json);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<Call> calls = new ArrayList<>();
        List<?> objects = value.get() instanceof List<?> list ? list : List.of(value.get());
        for (Object object : objects) {
            Optional<Call> call = object instanceof Map<?, ?> map ? call(map) : Optional.empty();
            if (call.isEmpty()) {
                return Optional.empty();
            }
            calls.add(call.get());
        }
        return calls.isEmpty() ? Optional.empty() : Optional.of(calls);
    }

    private Optional<Call> call(Map<?, ?> object) {
        Object function = object.get(Text.of("function"));
        Map<?, ?> fields = function instanceof Map<?, ?> inner ? inner : object;
        Object name = first(fields, nameKey, "name", "function");
        Object input = first(fields, inputKey, "arguments", "parameters");
        // Some models write the input as a text that holds JSON.
        Object parsed =
                input instanceof Text text ? ToolInputs.value(text.value()).orElse(text) : input;
        if (!(name instanceof Text text) || !(parsed == null || parsed instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        return Optional.of(new Call(
                text.value(), parsed == null ? "{}" : JsonText.write(parsed).value()));
    }

    private static Object first(Map<?, ?> fields, String... keys) {
        for (String key : keys) {
            Object value = fields.get(Text.of(key));
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String before = afterStart
                ? open.substring(open.indexOf(open.strip()) + open.strip().length())
                : bare ? "" : open;
        return grammar.oneOf(tool -> CallGrammar.literal(before + (array ? "[" : "") + "{\"" + nameKey + "\": "
                        + CallGrammar.json(tool.name()) + ", \"" + inputKey + "\": ")
                + " " + grammar.input(tool) + " " + CallGrammar.literal("}" + (array ? "]" : "") + close));
    }
}
