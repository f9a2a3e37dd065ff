package dev.outcrop.engines.text.chat;

import java.util.List;

/**
 * Calls as a name between markers, followed by the input as JSON: DeepSeek, Kimi, Solar, Functionary.
 *
 * @param open     what comes before the call
 * @param skipped  what may come before the name, with anything before it
 * @param nameEnd  what comes between name and input
 * @param close    what comes after the input
 * @param brackets what stands around several calls
 */
record NamedCalls(String open, String skipped, String nameEnd, String close, List<String> brackets)
        implements ToolSyntax {
    @Override
    public List<String> starts() {
        return List.of(open);
    }

    @Override
    public Reading read(String text, boolean ended, ToolInputs inputs) {
        Reading unfinished = ended ? new Reading.NoCall() : new Reading.Incomplete();
        int nameStop = text.indexOf(nameEnd.strip());
        if (nameStop < 0) {
            return unfinished;
        }
        String name = text.substring(0, nameStop);
        int skip = skipped.isEmpty() ? -1 : name.indexOf(skipped);
        name = (skip < 0 ? name : name.substring(skip + skipped.length()))
                .strip()
                .replaceFirst(":\\d+$", "");
        int start = JsonExtent.skipBlanks(text, nameStop + nameEnd.strip().length());
        if (start == text.length()) {
            return unfinished;
        }
        int end = text.charAt(start) == '{' ? JsonExtent.end(text, start) : start;
        if (end < 0) {
            return unfinished;
        }
        String input = text.substring(start, end);
        if (ToolInputs.value(input).isEmpty() || name.isEmpty()) {
            return new Reading.NoCall();
        }
        int after = JsonExtent.skipBlanks(text, end);
        List<Call> calls = List.of(new Call(name, input));
        if (text.startsWith(close.strip(), after)) {
            return new Reading.Calls(calls, after + close.strip().length());
        }
        boolean comes = after == text.length() || JsonExtent.begins(text, after, close.strip());
        return comes && !ended ? new Reading.Incomplete() : new Reading.Calls(calls, end);
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String section = brackets.isEmpty() || afterStart ? "" : brackets.getFirst();
        String sectionEnd = brackets.isEmpty() || afterStart ? "" : brackets.getLast();
        String before = section + (afterStart ? "" : open) + beforeName();
        String suffix = skipped.equals("functions.") ? ":0" : "";
        return grammar.oneOf(tool -> CallGrammar.literal(before + tool.name() + suffix + nameEnd) + " "
                + grammar.input(tool) + " " + CallGrammar.literal(close + sectionEnd));
    }

    /** Solar writes an id of its own before the name's marker. */
    private String beforeName() {
        return skipped.equals("<|tool_call:name|>") ? "call00000" + skipped : skipped;
    }
}
