package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/**
 * Calls as a name between markers, followed by the input as JSON: DeepSeek, Kimi, Solar, Functionary.
 *
 * @param open     what comes before the call
 * @param skipped  what may come before the name, with anything before it
 * @param nameEnd  what comes between name and input
 * @param close    what comes after the input
 * @param between  what comes between two calls
 * @param brackets what stands around several calls
 */
record NamedCalls(String open, String skipped, String nameEnd, String close, String between, List<String> brackets)
        implements JsonInputSyntax {
    @Override
    public List<String> starts() {
        return List.of(open);
    }

    @Override
    public Header header(String text, boolean ended) {
        Header unfinished = ended ? new Header.NoCall() : new Header.Incomplete();
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
        return text.charAt(start) == '{' && !name.isEmpty() ? new Header.Input(name, start, 0) : new Header.NoCall();
    }

    @Override
    public Tail tail(String text, boolean ended, Header.Input header) {
        int after = JsonExtent.skipBlanks(text, 0);
        if (text.startsWith(close.strip(), after)) {
            return new Tail.End(after + close.strip().length());
        }
        return !ended && JsonExtent.begins(text, after, close.strip()) ? new Tail.Incomplete() : new Tail.End(0);
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String section = brackets.isEmpty() ? "" : brackets.getFirst();
        String sectionEnd = brackets.isEmpty() ? "" : brackets.getLast();
        // Kimi counts the calls of a conversation.
        String count = skipped.equals("functions.") ? " \":\" [0-9]{1,4} " : " ";
        return grammar.calls(
                CallGrammar.literal((afterStart ? "" : section + open) + beforeName()),
                tool -> CallGrammar.literal(tool.name()) + count + CallGrammar.literal(nameEnd) + " "
                        + grammar.input(tool) + " " + CallGrammar.literal(close),
                Optional.of(CallGrammar.literal(between + open + beforeName())),
                afterStart && !sectionEnd.isEmpty()
                        ? "( " + CallGrammar.literal(sectionEnd) + " )?"
                        : CallGrammar.literal(sectionEnd));
    }

    @Override
    public String example() {
        String section = brackets.isEmpty() ? "" : brackets.getFirst();
        String sectionEnd = brackets.isEmpty() ? "" : brackets.getLast();
        return section + open + beforeName() + "tool" + nameEnd + "{\"argument\": \"value\"}" + close + sectionEnd;
    }

    /** Solar writes an id of its own before the name's marker. */
    private String beforeName() {
        return skipped.equals("<|tool_call:name|>") ? "call00000" + skipped : skipped;
    }
}
