package dev.outcrop.engines.text.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A chat template, read once and rendered many times; safe for concurrent use.
 *
 * <p>Templates are foreign input, so a rendering has limits: {@value Interpreter#MAXIMUM_STEPS} evaluated expressions
 * and statements, {@value Interpreter#MAXIMUM_CHARACTERS} characters made in all, {@value Interpreter#MAXIMUM_CALLS}
 * calls within calls.
 */
public final class Template {
    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException if it is none
     */
    public static Template parse(String source) {
        return new Template(StatementParser.parse(source));
    }

    /**
     * What the template makes of {@code variables}.
     *
     * @param variables by name; values are null, Boolean, Integer, Long, BigInteger, Double, String (taken as the
     *                  template's own), {@link Text}, and lists and maps of them
     * @param clock     what {@code strftime_now} tells
     * @throws TemplateException if the template refuses the variables, or has an error, or goes past a limit
     */
    public Text render(Map<String, ?> variables, Clock clock) {
        Scope scope = new Scope(Functions.scope(clock));
        variables.forEach((name, value) -> scope.set(name, PythonValues.fromJava(value)));
        Text.Builder output = new Text.Builder();
        new Interpreter().run(statements, scope, output);
        return output.build();
    }
}
