package dev.outcrop.services.cloudwatch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A math expression as it was written. */
sealed interface MathExpression {
    /** A number. */
    record Constant(double value) implements MathExpression {}

    /** A string between quotes. */
    record Text(String text) implements MathExpression {}

    /** The id of a metric or another expression, or one of the words that functions know. */
    record Name(String name) implements MathExpression {}

    /** {@code -} or {@code !} before something. */
    record Negation(MathExpression operand) implements MathExpression {}

    /** Two operands and what stands between them. */
    record Operation(String operator, MathExpression left, MathExpression right) implements MathExpression {}

    /** A function and its arguments. */
    record Call(String function, List<MathExpression> arguments) implements MathExpression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code [a, b]}. */
    record Array(List<MathExpression> elements) implements MathExpression {
        public Array {
            elements = List.copyOf(elements);
        }
    }

    /** A query of Metrics Insights. */
    record Select(InsightsQuery query) implements MathExpression {}

    /** Itself and all that it is made of. */
    default Set<MathExpression> parts() {
        Set<MathExpression> parts = new LinkedHashSet<>();
        parts.add(this);
        List<MathExpression> inner = switch (this) {
            case Negation negation -> List.of(negation.operand);
            case Operation operation -> List.of(operation.left, operation.right);
            case Call call -> call.arguments;
            case Array array -> array.elements;
            case Constant _, Text _, Name _, Select _ -> List.of();
        };
        inner.forEach(part -> parts.addAll(part.parts()));
        return parts;
    }

    /** Whether a function stands anywhere in it. */
    default boolean calls(String function) {
        return parts().stream().anyMatch(part -> part instanceof Call call && call.function.equals(function));
    }
}
