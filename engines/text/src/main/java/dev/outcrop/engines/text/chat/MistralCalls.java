package dev.outcrop.engines.text.chat;

import java.util.List;

/**
 * Mistral's calls: {@code [TOOL_CALLS][{"name":…,"arguments":…}]}, or {@code [TOOL_CALLS]name[ARGS]{…}} in newer models,
 * some of which put {@code [CALL_ID]id} between.
 */
record MistralCalls(boolean named, boolean withId) implements ToolSyntax {
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
    public Reading read(String text, boolean ended, ToolInputs inputs) {
        int first = JsonExtent.skipBlanks(text, 0);
        Reading unfinished = ended ? new Reading.NoCall() : new Reading.Incomplete();
        if (first == text.length()) {
            return unfinished;
        }
        if (text.charAt(first) == '[' || text.charAt(first) == '{') {
            return ARRAY.read(text, ended, inputs);
        }
        int start = text.indexOf('{');
        int end = start < 0 ? -1 : JsonExtent.end(text, start);
        if (end < 0) {
            return unfinished;
        }
        String header = text.substring(0, start).replace(INPUT, "");
        String name = (header.contains(ID) ? header.substring(0, header.indexOf(ID)) : header).strip();
        String input = text.substring(start, end);
        return ToolInputs.value(input).isEmpty() || name.isEmpty()
                ? new Reading.NoCall()
                : new Reading.Calls(List.of(new Call(name, input)), end);
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        if (!named) {
            return ARRAY.grammar(grammar, afterStart);
        }
        String id = withId ? CallGrammar.literal(ID) + " [a-zA-Z0-9]{9} " : "";
        return grammar.oneOf(tool -> CallGrammar.literal((afterStart ? "" : START) + tool.name()) + " " + id
                + CallGrammar.literal(INPUT) + " " + grammar.input(tool));
    }
}
