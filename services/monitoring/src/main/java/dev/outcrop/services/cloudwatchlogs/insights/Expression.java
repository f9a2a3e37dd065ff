package dev.outcrop.services.cloudwatchlogs.insights;

import java.util.List;

/** Part of a query that has a value. Each knows where it stands. */
sealed interface Expression {
    int start();

    int end();

    /** A number as it was written. */
    record Numeral(String text, int start, int end) implements Expression {}

    /** A text. */
    record Text(String text, int start, int end) implements Expression {}

    /** A field, discovered or made by the query. */
    record Field(String name, int start, int end) implements Expression {}

    /** A function of something, in lower case. */
    record Call(String function, List<Expression> arguments, int start, int end) implements Expression {}

    /** Two values joined by a sign, or by {@code and} or {@code or}. */
    record Binary(String operator, Expression left, Expression right, int start, int end) implements Expression {}

    /** The contrary. */
    record Not(Expression operand, int start, int end) implements Expression {}

    /** Whether a text is found in a value, or a regular expression is. */
    record Like(Expression value, String pattern, boolean regex, int start, int end) implements Expression {}

    /** Whether a value is one of several. */
    record In(Expression value, List<Expression> choices, int start, int end) implements Expression {}
}
