package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/**
 * Mistral's calls: {@code [TOOL_CALLS][{"name":…,"arguments":…}]}, or {@code [TOOL_CALLS]name[ARGS]{…}} in newer models,
 * some of which put {@code [CALL_ID]id} between.
 */
record MistralCalls(boolean named, boolean withId) implements JsonInputSyntax {
    private static final String START = "[TOOL_CALLS]";
    private static final String INPUT = "[ARGS]";
    private static final String ID = "[CALL_ID]";
    private static final JsonCalls ARRAY = new JsonCalls(START, "", "name", "arguments", true, false);

    @Override
    public List<String> starts() {
        return List.of(START);
    }

    @Override
    public List<String> brackets() {
        return List.of();
    }

    @Override
    public Header header(String text, boolean ended) {
        int first = JsonExtent.skipBlanks(text, 0);
        Header unfinished = ended ? new Header.NoCall() : new Header.Incomplete();
        if (first == text.length()) {
            return unfinished;
        }
        if (text.charAt(first) == '[' || text.charAt(first) == '{') {
            return ARRAY.header(text, ended);
        }
        int start = text.indexOf('{');
        if (start < 0) {
            return unfinished;
        }
        String header = text.substring(0, start).replace(INPUT, "");
        String name = (header.contains(ID) ? header.substring(0, header.indexOf(ID)) : header).strip();
        return name.isEmpty() ? new Header.NoCall() : new Header.Input(name, start, 0);
    }

    @Override
    public Tail tail(String text, boolean ended, Header.Input header) {
        return header.openObjects() == 0 ? new Tail.End(0) : ARRAY.tail(text, ended, header);
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        if (!named) {
            return ARRAY.grammar(grammar, afterStart);
        }
        String id = withId ? CallGrammar.literal(ID) + " [a-zA-Z0-9]{9} " : "";
        return grammar.calls(
                CallGrammar.literal(afterStart ? "" : START),
                tool -> CallGrammar.literal(tool.name()) + " " + id + CallGrammar.literal(INPUT) + " "
                        + grammar.input(tool),
                Optional.of(CallGrammar.literal(START)),
                CallGrammar.literal(""));
    }
}
