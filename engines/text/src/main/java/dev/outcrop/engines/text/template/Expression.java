package dev.outcrop.engines.text.template;

import java.util.List;
import java.util.Optional;

/** An expression of a template. */
sealed interface Expression {
    /** A literal: Text, Long, BigInteger, Double, Boolean, or null for none. */
    record Constant(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListLiteral(List<Expression> items, boolean tuple) implements Expression {}

    record Entry(Expression key, Expression value) {}

    record DictionaryLiteral(List<Entry> entries) implements Expression {}

    record Attribute(Expression of, String name) implements Expression {}

    record Item(Expression of, Expression key) implements Expression {}

    record Slice(Expression of, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    record Argument(String name, Expression value) {}

    /** Arguments of a call; {@code unpacked} are those after a star, {@code unpackedNamed} after two. */
    record Arguments(
            List<Expression> positional,
            List<Argument> named,
            List<Expression> unpacked,
            List<Expression> unpackedNamed) {
        static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), List.of());
    }

    record Call(Expression function, Arguments arguments) implements Expression {}

    /** A filter; without an {@code of} it filters a block's content. */
    record Filter(Optional<Expression> of, String name, Arguments arguments) implements Expression {}

    record Test(Expression of, String name, Arguments arguments, boolean negated) implements Expression {}

    enum BinaryOperator {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FLOOR_DIVIDE,
        REMAINDER,
        POWER
    }

    record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {}

    record Concatenation(List<Expression> parts) implements Expression {}

    enum ComparisonOperator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN
    }

    record Comparison(Expression first, List<ComparisonOperator> operators, List<Expression> others)
            implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Negative(Expression of) implements Expression {}

    record Positive(Expression of) implements Expression {}

    record Conditional(Expression condition, Expression yes, Optional<Expression> no) implements Expression {}
}
