package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.grammar.GrammarRules;
import dev.outcrop.engines.text.grammar.JsonSchemaException;
import dev.outcrop.engines.text.grammar.JsonSchemaGrammar;
import dev.outcrop.engines.text.template.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The grammar of calls to some tools. */
final class CallGrammar {
    private final GrammarRules rules = new GrammarRules();
    private final List<Prompt.Tool> tools;
    private final boolean several;

    /**
     * A grammar.
     *
     * @param several whether an answer may have several calls
     */
    CallGrammar(List<Prompt.Tool> tools, boolean several) {
        this.tools = tools;
        this.several = several;
    }

    /**
     * An argument that has text or JSON between tags of its own.
     *
     * @param rule     the rule of its value and what follows up to the closing tag
     * @param text     whether the value is text rather than JSON
     * @param required whether it must be there
     */
    record Argument(String name, String rule, boolean text, boolean required) {}

    static String literal(String text) {
        return GrammarRules.literal(text);
    }

    static String json(String text) {
        return JsonText.write(JsonText.fromJava(text)).value();
    }

    /**
     * The calls of an answer.
     *
     * @param before  what comes before the first
     * @param call    how a call to a tool is written
     * @param between what comes between two; absent where an answer has only one
     * @param after   what comes after the last
     */
    String calls(String before, Function<Prompt.Tool, String> call, Optional<String> between, String after) {
        String one = rules.add(String.join(
                " | ", tools.stream().map(tool -> rules.add(call.apply(tool))).toList()));
        String more = several
                ? between.map(separator -> " ( " + separator + " " + one + " )*")
                        .orElse("")
                : "";
        return before + " " + one + more + " " + after;
    }

    /** The rule of a tool's input as a JSON object. */
    String input(Prompt.Tool tool) {
        try {
            return JsonSchemaGrammar.ruleFor(tool.inputSchema(), rules);
        } catch (JsonSchemaException e) {
            throw invalid(tool, e);
        }
    }

    /** The arguments of a tool, where each stands between tags of its own. */
    List<Argument> arguments(Prompt.Tool tool, String close) {
        try {
            List<Argument> arguments = new ArrayList<>();
            for (JsonSchemaGrammar.Property property : JsonSchemaGrammar.properties(tool.inputSchema(), rules)) {
                boolean any = property.form() == JsonSchemaGrammar.Form.ANY_TEXT;
                boolean text = property.form() != JsonSchemaGrammar.Form.JSON;
                String rule = any ? rules.add(anythingBut(close)) : property.rule();
                arguments.add(new Argument(property.name(), rule, text, property.required()));
            }
            return arguments;
        } catch (JsonSchemaException e) {
            throw invalid(tool, e);
        }
    }

    private static TextModelException invalid(Prompt.Tool tool, JsonSchemaException e) {
        return new TextModelException(
                TextModelException.Category.INVALID,
                "The input schema of tool " + tool.name() + " cannot be enforced. " + e.getMessage(),
                e);
    }

    /** Any text in which the first two characters of {@code marker} do not occur. */
    private static String anythingBut(String marker) {
        return "( [^" + marker.charAt(0) + "] | \"" + marker.charAt(0) + "\" [^" + marker.substring(0, 2) + "] )*";
    }

    /**
     * The grammar of an answer.
     *
     * @param calls          what {@link #calls} gave
     * @param reasoningClose where reasoning comes before the calls, the marker that ends it
     */
    String text(String calls, Optional<String> reasoningClose) {
        String root = reasoningClose
                .map(close -> anythingBut(close) + " " + literal(close) + " [ \\n]{0,2} " + calls)
                .orElse(calls);
        rules.add("root", root);
        return rules.text();
    }
}
