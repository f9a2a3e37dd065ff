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
        implements JsonInputSyntax {
    @Override
    public List<String> starts() {
        return List.of(open.strip());
    }

    @Override
    public List<String> brackets() {
        return List.of();
    }

    @Override
    public Header header(String text, boolean ended) {
        int position = JsonExtent.skipBlanks(text, 0);
        if (text.startsWith("[", position)) {
            position = JsonExtent.skipBlanks(text, position + 1);
        }
        if (position == text.length()) {
            return ended ? new Header.NoCall() : new Header.Incomplete();
        }
        return text.charAt(position) != '{'
                ? new Header.NoCall()
                : new HeaderScan(text, position + 1).input().orElseGet(() -> whole(text, ended));
    }

    /** The keys of a call up to its input, as far as they are written. */
    private final class HeaderScan {
        private final String text;
        private int position;
        private int openObjects = 1;
        private String name = "";

        HeaderScan(String text, int position) {
            this.text = text;
            this.position = position;
        }

        /** The input, once it begins after the name as an object; empty where that is not so, or not yet. */
        Optional<Header> input() {
            while (skipBlanks()) {
                if (text.charAt(position) == ',') {
                    position++;
                    continue;
                }
                if (text.charAt(position) != '"') {
                    return Optional.empty();
                }
                int keyEnd = stringEnd();
                if (keyEnd < 0) {
                    return Optional.empty();
                }
                String key = text.substring(position + 1, keyEnd - 1);
                position = keyEnd;
                if (!skipBlanks() || text.charAt(position) != ':') {
                    return Optional.empty();
                }
                position++;
                if (!skipBlanks()) {
                    return Optional.empty();
                }
                boolean object = text.charAt(position) == '{';
                if (object && key.equals("function")) {
                    openObjects++;
                    position++;
                } else if (object && isInput(key) && !name.isEmpty()) {
                    return Optional.of(new Header.Input(name, position, openObjects));
                } else if (!value(isName(key))) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        private boolean skipBlanks() {
            position = JsonExtent.skipBlanks(text, position);
            return position < text.length();
        }

        private boolean isName(String key) {
            return key.equals(nameKey) || key.equals("name") || key.equals("function");
        }

        private boolean isInput(String key) {
            return key.equals(inputKey) || key.equals("arguments") || key.equals("parameters");
        }

        /** Passes over a value; false if it has not ended. */
        private boolean value(boolean isName) {
            switch (text.charAt(position)) {
                case '"' -> {
                    int end = stringEnd();
                    if (end < 0) {
                        return false;
                    }
                    if (isName
                            && ToolInputs.value(text.substring(position, end)).orElse(null) instanceof Text said) {
                        name = said.value();
                    }
                    position = end;
                }
                case '{', '[' -> {
                    int end = JsonExtent.end(text, position);
                    if (end < 0) {
                        return false;
                    }
                    position = end;
                }
                default -> {
                    while (position < text.length() && ",}".indexOf(text.charAt(position)) < 0) {
                        position++;
                    }
                }
            }
            return true;
        }

        /** The position after the string that begins here, or −1. */
        private int stringEnd() {
            for (int end = position + 1; end < text.length(); end++) {
                if (text.charAt(end) == '\\') {
                    end++;
                } else if (text.charAt(end) == '"') {
                    return end + 1;
                }
            }
            return -1;
        }
    }

    @Override
    public Tail tail(String text, boolean ended, Header.Input header) {
        int position = 0;
        for (int open = header.openObjects(); open > 0; open--) {
            position = objectEnd(text, position);
            if (position < 0) {
                return ended ? new Tail.End(text.length()) : new Tail.Incomplete();
            }
        }
        Tail unfinished = ended ? new Tail.End(text.length()) : new Tail.Incomplete();
        String end = close.strip();
        position = JsonExtent.skipBlanks(text, position);
        if (text.startsWith("]", position)) {
            position = JsonExtent.skipBlanks(text, position + 1);
            if (end.isEmpty()) {
                return new Tail.End(position);
            }
        }
        if (position == text.length()) {
            return unfinished;
        }
        if (!end.isEmpty() && text.startsWith(end, position)) {
            return new Tail.End(position + end.length());
        }
        if (text.charAt(position) == ',' || text.charAt(position) == ';') {
            int next = JsonExtent.skipBlanks(text, position + 1);
            if (next == text.length()) {
                return unfinished;
            }
            return text.charAt(next) == '{' ? new Tail.Next(next) : new Tail.End(position);
        }
        return !ended && JsonExtent.begins(text, position, end) ? new Tail.Incomplete() : new Tail.End(position);
    }

    /** The position after the object that is open at {@code start}, whose other keys may follow; −1 if not yet there. */
    private int objectEnd(String text, int start) {
        int next = JsonExtent.skipBlanks(text, start);
        if (next < text.length() && text.charAt(next) != ',' && text.charAt(next) != '}') {
            return start; // The bracket was forgotten.
        }
        int end = JsonExtent.end("{" + text.substring(start), 0);
        return end < 0 ? -1 : start + end - 1;
    }

    /** Reads calls that are complete, in whatever order their keys stand. */
    private Header whole(String text, boolean ended) {
        List<Call> calls = new ArrayList<>();
        int position = JsonExtent.skipBlanks(text, 0);
        String end = close.strip();
        while (position < text.length() && (text.charAt(position) == '{' || text.charAt(position) == '[')) {
            int valueEnd = JsonExtent.end(text, position);
            if (valueEnd < 0) {
                return ended ? new Header.NoCall() : new Header.Incomplete();
            }
            Optional<List<Call>> read = calls(text.substring(position, valueEnd));
            if (read.isEmpty()) {
                return new Header.NoCall();
            }
            calls.addAll(read.get());
            position = valueEnd;
            int next = JsonExtent.skipBlanks(text, position);
            if (end.isEmpty()) {
                break;
            }
            if (text.startsWith(end, next)) {
                return new Header.Whole(calls, next + end.length());
            }
            if (next == text.length() || JsonExtent.begins(text, next, end)) {
                return ended ? new Header.Whole(calls, next) : new Header.Incomplete();
            }
            if (text.charAt(next) == ',' || text.charAt(next) == ';') {
                next = JsonExtent.skipBlanks(text, next + 1);
            }
            if (next < text.length() && text.charAt(next) != '{') {
                break;
            }
            position = next;
        }
        return calls.isEmpty() ? new Header.NoCall() : new Header.Whole(calls, position);
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
        // Llama takes one call a turn only; without a closing marker or an array nothing tells calls apart.
        Optional<String> between =
                array ? Optional.of(", ") : close.isEmpty() ? Optional.empty() : Optional.of(close + "\n" + open);
        return grammar.calls(
                CallGrammar.literal(before + (array ? "[" : "")),
                tool -> CallGrammar.literal(
                                "{\"" + nameKey + "\": " + CallGrammar.json(tool.name()) + ", \"" + inputKey + "\": ")
                        + " " + grammar.input(tool) + " " + CallGrammar.literal("}"),
                between.map(CallGrammar::literal),
                CallGrammar.literal((array ? "]" : "") + close));
    }
}
