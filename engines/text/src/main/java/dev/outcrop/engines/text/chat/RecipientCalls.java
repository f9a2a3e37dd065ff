package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/**
 * Functionary's calls (version 3.2): {@code >>>name}, a line end and the input; text goes to {@code all}. Read by {@link
 * RecipientOutputParser}.
 */
record RecipientCalls() implements ToolSyntax {
    static final String START = ">>>";

    @Override
    public List<String> starts() {
        return List.of(START);
    }

    @Override
    public List<String> brackets() {
        return List.of();
    }

    @Override
    public CallReader reader(ToolInputs inputs, boolean bare) {
        throw new IllegalStateException("messages to recipients have a parser of their own");
    }

    /** The first start marker is the prompt's. */
    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        return grammar.calls(
                CallGrammar.literal(""),
                tool -> CallGrammar.literal(tool.name() + "\n") + " " + grammar.input(tool),
                Optional.of(CallGrammar.literal(START)),
                CallGrammar.literal(""));
    }
}
