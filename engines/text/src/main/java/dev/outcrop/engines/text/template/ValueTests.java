package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Callable.Arguments;
import dev.outcrop.engines.text.template.PythonValues.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What can follow {@code is}. */
final class ValueTests {
    private ValueTests() {}

    static boolean passes(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "string" -> value instanceof Text;
            case "integer" -> PythonValues.isInteger(value);
            case "float" -> value instanceof Double;
            case "number" -> PythonValues.isNumber(value);
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" ->
                value instanceof Text
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "sequence" ->
                value instanceof Text
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> PythonValues.equal(remainder(value, 2L), 1L);
            case "even" -> PythonValues.equal(remainder(value, 2L), 0L);
            case "divisibleby" -> PythonValues.equal(remainder(value, arguments.require(0, "num")), 0L);
            case "eq", "equalto", "==" -> PythonValues.equal(value, arguments.require(0, "other"));
            case "ne", "!=" -> !PythonValues.equal(value, arguments.require(0, "other"));
            case "lt", "lessthan", "<" -> PythonValues.compare(value, arguments.require(0, "other")) < 0;
            case "le", "<=" -> PythonValues.compare(value, arguments.require(0, "other")) <= 0;
            case "gt", "greaterthan", ">" -> PythonValues.compare(value, arguments.require(0, "other")) > 0;
            case "ge", ">=" -> PythonValues.compare(value, arguments.require(0, "other")) >= 0;
            case "in" -> PythonValues.contains(arguments.require(0, "seq"), value);
            case "sameas" -> same(value, arguments.require(0, "other"));
            case "upper" -> isCased(value, PythonValues.str(value).value().toUpperCase(Locale.ROOT));
            case "lower" -> isCased(value, PythonValues.str(value).value().toLowerCase(Locale.ROOT));
            case "escaped" -> false;
            default -> throw new TemplateException("No test named '" + name + "'.");
        };
    }

    private static Object remainder(Object value, Object divisor) {
        return Arithmetic.apply(Expression.BinaryOperator.REMAINDER, value, divisor);
    }

    private static boolean isCased(Object value, String inCase) {
        String text = PythonValues.str(value).value();
        return text.equals(inCase) && text.codePoints().anyMatch(Character::isLetter);
    }

    @SuppressWarnings("ReferenceEquality") // Which is what sameas asks for.
    private static boolean same(Object left, Object right) {
        boolean single = left == null || left instanceof Boolean;
        return single ? Objects.equals(left, right) : left == right;
    }
}
