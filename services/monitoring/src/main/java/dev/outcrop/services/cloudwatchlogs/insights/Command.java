package dev.outcrop.services.cloudwatchlogs.insights;

import java.util.List;

/** What stands between two bars of a query. */
sealed interface Command {
    /** An expression and the name of its value. */
    record Named(Expression expression, String name) {}

    /** Shows fields, and gives names to expressions. */
    record Fields(List<Named> fields) implements Command {}

    /** Shows these fields and no others. */
    record Display(List<Named> fields) implements Command {}

    /** Leaves out what does not fit. */
    record Filter(Expression condition) implements Command {}

    /** Takes a text apart by a regular expression, whose groups have these names. */
    record Parse(Expression source, String regex, List<String> names, int start, int end) implements Command {}

    /** Aggregates. */
    record Stats(List<Named> aggregates, List<Named> groups) implements Command {}

    /** An order, by one value after the other. */
    record Sort(List<Key> keys) implements Command {
        /** One of the values. */
        record Key(Expression value, boolean descending) {}
    }

    /** So many at most. */
    record Limit(int count) implements Command {}

    /** The patterns that a text follows; what comes behind is about them. */
    record Pattern(Expression text, int start, int end) implements Command {}

    /** One result for each element of a list. */
    record Unnest(Expression list, String name) implements Command {}

    /** The first of those that have the same values. */
    record Dedup(List<Expression> fields) implements Command {}
}
