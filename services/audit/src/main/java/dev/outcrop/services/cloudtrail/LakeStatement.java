package dev.outcrop.services.cloudtrail;

import dev.outcrop.engines.sql.RefusedSqlException;
import dev.outcrop.engines.sql.SelectStatement;
import dev.outcrop.engines.sql.SqlText;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query as it may be run: one SELECT that reads nothing but event data stores.
 *
 * <p>Source: "CloudTrail Lake SQL constraints" of the AWS CloudTrail user guide.
 *
 * @param sql    what DuckDB runs: the ids of stores, which SQL would take for sums, stand in quotation marks
 * @param stores the ids of the event data stores that it reads
 */
record LakeStatement(String sql, Set<String> stores) {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    LakeStatement {
        stores = Set.copyOf(stores);
    }

    /**
     * Reads a statement.
     *
     * @param parser parses SQL to DuckDB's tree
     * @throws RefusedSqlException saying what is wrong with it
     */
    static LakeStatement read(String text, UnaryOperator<String> parser) throws RefusedSqlException {
        String sql = SqlText.checked(text, ID, id -> '"' + id.toLowerCase(Locale.ROOT) + '"');
        Set<String> stores = SelectStatement.read(sql, parser).tables();
        for (String store : stores) {
            if (!ID.matcher(store).matches()) {
                throw new RefusedSqlException("There is no event data store " + store + ".");
            }
        }
        if (stores.isEmpty()) {
            throw new RefusedSqlException("A query must name an event data store in its FROM clause.");
        }
        return new LakeStatement(sql, stores);
    }

    /** The ids of stores that stand in {@code text} outside of strings, whatever else it is. */
    static Set<String> named(String text) {
        Set<String> named = new LinkedHashSet<>();
        Matcher matcher = ID.matcher(text);
        while (matcher.find()) {
            named.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        return named;
    }
}
