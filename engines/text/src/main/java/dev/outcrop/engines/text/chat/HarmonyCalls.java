package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/** gpt-oss's calls: messages on the commentary channel to a function; read by {@link HarmonyOutputParser}. */
record HarmonyCalls() implements ToolSyntax {
    private static final String RECIPIENT = " to=functions.";

    @Override
    public List<String> starts() {
        return List.of(RECIPIENT);
    }

    @Override
    public List<String> brackets() {
        return List.of();
    }

    @Override
    public CallReader reader(ToolInputs inputs, boolean bare) {
        throw new IllegalStateException("harmony messages have a parser of their own");
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        // A call ends the model's turn.
        return grammar.calls(
                CallGrammar.literal(afterStart ? "" : "<|channel|>commentary" + RECIPIENT),
                tool -> CallGrammar.literal(tool.name() + " <|constrain|>json<|message|>") + " " + grammar.input(tool),
                Optional.empty(),
                CallGrammar.literal(""));
    }
}
