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

/** The grammar of a call to one of some tools. */
final class CallGrammar {
    private final GrammarRules rules = new GrammarRules();
    private final List<Prompt.Tool> tools;

    CallGrammar(List<Prompt.Tool> tools) {
        this.tools = tools;
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

    /** One of the tools' calls, each as {@code call} writes it. */
    String oneOf(Function<Prompt.Tool, String> call) {
        return String.join(
                " | ", tools.stream().map(tool -> rules.add(call.apply(tool))).toList());
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
     * The grammar of one call.
     *
     * @param reasoningClose where reasoning comes before the call, the marker that ends it
     */
    String text(String call, Optional<String> reasoningClose) {
        String root = reasoningClose
                .map(close -> anythingBut(close) + " " + literal(close) + " [ \\n]{0,2} ( " + call + " )")
                .orElse(call);
        rules.add("root", root);
        return rules.text();
    }
}
