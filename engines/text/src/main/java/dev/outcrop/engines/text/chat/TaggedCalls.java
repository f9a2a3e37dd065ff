package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/**
 * Calls whose every argument stands between tags of its own: Qwen3 Coder, Nemotron 3, Seed, GLM, MiniMax, DeepSeek V3.2.
 * Texts stand as they are, other values as JSON.
 *
 * @param open          what comes before the tool's name
 * @param nameEnd       what comes after it; empty: the next tag
 * @param argumentOpen  what comes before an argument's name
 * @param argumentNamed what comes after it
 * @param valueOpen     what comes before the value, after blanks
 * @param argumentClose what comes after the value
 * @param close         what comes after the last argument
 * @param brackets      what stands around the calls
 * @param oneInSection  whether it stands around each call, rather than around all
 */
record TaggedCalls(
        String open,
        String nameEnd,
        String argumentOpen,
        String argumentNamed,
        String valueOpen,
        String argumentClose,
        String close,
        List<String> brackets,
        boolean oneInSection)
        implements ToolSyntax {
    @Override
    public List<String> starts() {
        return List.of(open);
    }

    @Override
    public CallReader reader(ToolInputs inputs, boolean bare) {
        return new TaggedCallReader(this, inputs);
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String section = brackets.isEmpty() ? "" : brackets.getFirst() + "\n";
        String sectionEnd = brackets.isEmpty() ? "" : "\n" + brackets.getLast();
        return grammar.calls(
                CallGrammar.literal(afterStart ? "" : section + open),
                tool -> {
                    StringBuilder body = new StringBuilder(CallGrammar.literal(tool.name() + nameEnd + "\n"));
                    for (CallGrammar.Argument argument : grammar.arguments(tool, argumentClose)) {
                        String one =
                                CallGrammar.literal(argumentOpen + argument.name() + afterName(argument) + valueOpen)
                                        + " " + argument.rule() + " " + CallGrammar.literal(argumentClose + "\n");
                        body.append(' ').append(argument.required() ? one : "( " + one + " )?");
                    }
                    return body.append(' ').append(CallGrammar.literal(close)).toString();
                },
                Optional.of(CallGrammar.literal(oneInSection ? sectionEnd + "\n" + section + open : "\n" + open)),
                afterStart && !sectionEnd.isEmpty()
                        ? "( " + CallGrammar.literal(sectionEnd) + " )?"
                        : CallGrammar.literal(sectionEnd));
    }

    /** DeepSeek says in the tag whether the value is text. */
    private String afterName(CallGrammar.Argument argument) {
        return open.contains("DSML") ? "\" string=\"" + argument.text() + "\">" : argumentNamed;
    }
}
