package dev.outcrop.engines.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One SELECT of somebody who may read certain tables and nothing else. DuckDB itself parses it; what it would read is
 * looked up in its parse tree, and whatever is not known to be harmless there is refused. Which of the tables may be read
 * is the caller's to say.
 *
 * @param tables    the names, in lower case and never qualified, of the tables that it reads
 * @param functions the names of the functions and operators that it calls, in lower case
 */
public record SelectStatement(Set<String> tables, Set<String> functions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> TABLE_FUNCTIONS = Set.of("unnest", "generate_series", "range");
    private static final Set<String> FORBIDDEN_FUNCTIONS = Set.of(
            "current_setting",
            "getenv",
            "getvariable",
            "write_log",
            "sleep_ms",
            "nextval",
            "currval",
            "query",
            "query_table",
            "json_execute_serialized_sql");
    /** Parts of a query may delete, insert and update, too. */
    private static final Set<String> QUERIES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");

    private static final Set<String> FORBIDDEN_TABLES =
            Set.of("SHOW_REF", "COLUMN_DATA", "BOUND_TABLE_REF", "PIVOT", "CTE_TABLE");
    private static final Pattern SYSTEM_NAME =
            Pattern.compile("(duckdb|pragma|sqlite|pg|information)_.*|.*[./\\\\:'].*");

    /** Shared, and never changed. */
    public SelectStatement {
        tables = Set.copyOf(tables);
        functions = Set.copyOf(functions);
    }

    /**
     * Makes sure that it reads no other tables than those.
     *
     * @param readable in lower case
     * @throws RefusedSqlException if it does
     */
    public void onlyReads(Set<String> readable) throws RefusedSqlException {
        for (String table : tables) {
            if (!readable.contains(table)) {
                throw new RefusedSqlException("There is no table " + table + ".");
            }
        }
    }

    /**
     * Reads a statement.
     *
     * @param sql    has passed {@link SqlText#checked}
     * @param parser {@link SqlDatabase#parse}
     * @throws RefusedSqlException saying what is wrong with it
     */
    public static SelectStatement read(String sql, UnaryOperator<String> parser) throws RefusedSqlException {
        JsonNode tree;
        try {
            tree = JSON.readTree(parser.apply(sql));
        } catch (JsonProcessingException damaged) {
            throw new RefusedSqlException("The query cannot be read.");
        }
        if (tree.path("error").asBoolean()) {
            throw new RefusedSqlException(tree.path("error_message").asText());
        }
        if (tree.path("statements").size() != 1) {
            throw new RefusedSqlException("A query must be one SELECT statement.");
        }
        Set<String> known = new HashSet<>();
        collectNames(tree, known);
        Set<String> tables = new LinkedHashSet<>();
        Set<String> functions = new HashSet<>();
        check(tree, known, tables, functions);
        return new SelectStatement(tables, functions);
    }

    /** The names that the query gives to parts of itself. */
    private static void collectNames(JsonNode node, Set<String> names) throws RefusedSqlException {
        for (JsonNode entry : node.path("cte_map").path("map")) {
            String name = entry.path("key").asText().toLowerCase(Locale.ROOT);
            if (SYSTEM_NAME.matcher(name).matches()) {
                throw new RefusedSqlException("The name " + name + " cannot be given.");
            }
            names.add(name);
        }
        for (JsonNode child : node) {
            collectNames(child, names);
        }
    }

    private static void check(JsonNode node, Set<String> known, Set<String> tables, Set<String> functions)
            throws RefusedSqlException {
        String type = node.path("type").asText();
        if (type.equals("BASE_TABLE")) {
            String name = node.path("table_name").asText().toLowerCase(Locale.ROOT);
            boolean qualified = !node.path("schema_name").asText().isEmpty()
                    || !node.path("catalog_name").asText().isEmpty();
            if (qualified) {
                throw new RefusedSqlException("There is no table " + name + " of that schema.");
            }
            if (!known.contains(name)) {
                tables.add(name);
            }
        } else if (type.equals("TABLE_FUNCTION")) {
            String name = node.path("function").path("function_name").asText().toLowerCase(Locale.ROOT);
            if (!TABLE_FUNCTIONS.contains(name)) {
                throw new RefusedSqlException("The function " + name + " is not supported.");
            }
        } else if (type.endsWith("_NODE") && !QUERIES.contains(type)) {
            throw new RefusedSqlException("A query must be one SELECT statement.");
        } else if (FORBIDDEN_TABLES.contains(type)) {
            throw new RefusedSqlException("Queries can only select from tables.");
        }
        String function = node.path("function_name").asText().toLowerCase(Locale.ROOT);
        if (FORBIDDEN_FUNCTIONS.contains(function)) {
            throw new RefusedSqlException("The function " + function + " is not supported.");
        }
        if (!function.isEmpty()) {
            functions.add(function);
        }
        for (JsonNode child : node) {
            check(child, known, tables, functions);
        }
    }
}
