package dev.outcrop.engines.text.chat;

import java.util.List;

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
    public Reading read(String text, boolean ended, ToolInputs inputs) {
        throw new IllegalStateException("harmony messages have a parser of their own");
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String before = afterStart ? "" : "<|channel|>commentary" + RECIPIENT;
        return grammar.oneOf(tool -> CallGrammar.literal(before + tool.name() + " <|constrain|>json<|message|>") + " "
                + grammar.input(tool));
    }
}
