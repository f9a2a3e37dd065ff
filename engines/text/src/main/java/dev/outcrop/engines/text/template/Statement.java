package dev.outcrop.engines.text.template;

import java.util.List;
import java.util.Optional;

/** A statement of a template. */
sealed interface Statement {
    record Data(Text text) implements Statement {}

    record Output(Expression expression) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record For(
            Target target,
            Expression over,
            Optional<Expression> condition,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    record SetBlock(Target target, Optional<Expression> filter, List<Statement> body) implements Statement {}

    record Parameter(String name, Optional<Expression> defaultValue) {}

    record Macro(String name, List<Parameter> parameters, List<Statement> body) implements Statement {}

    record CallBlock(Expression.Call call, Macro caller) implements Statement {}

    record FilterBlock(Expression filter, List<Statement> body) implements Statement {}

    record With(List<Set> assignments, List<Statement> body) implements Statement {}

    /** What only marks a part of the template, as {@code generation} does. */
    record Block(List<Statement> body) implements Statement {}

    record Evaluate(Expression expression) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** What can be assigned to. */
    sealed interface Target {
        record Name(String name) implements Target {}

        record Attribute(String object, String name) implements Target {}

        record Unpacked(List<Target> targets) implements Target {}
    }
}
