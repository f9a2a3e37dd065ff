package dev.outcrop.services.s3.select;

import java.util.List;
import java.util.Optional;

/**
 * A statement.
 *
 * @param items      what it gives of each record; none for all of it
 * @param from       where in what the object holds the records are, behind {@code S3Object[*]}
 * @param alias      what it calls a record
 * @param limit      how many records it gives at most
 * @param aggregates the functions of all records among its items; then it gives one record
 */
record SelectQuery(
        List<Item> items,
        List<Expression.Step> from,
        String alias,
        Optional<Expression> where,
        long limit,
        List<Expression.Aggregate> aggregates) {
    SelectQuery {
        items = List.copyOf(items);
        from = List.copyOf(from);
        aggregates = List.copyOf(aggregates);
    }

    /** @param name what the field of the result is called */
    record Item(String name, Expression expression) {}

    /**
     * Reads a statement.
     *
     * @throws dev.outcrop.kernel.AwsError in S3's words, if it is none
     */
    static SelectQuery parse(String text) {
        return new SelectParser(text).query();
    }
}
