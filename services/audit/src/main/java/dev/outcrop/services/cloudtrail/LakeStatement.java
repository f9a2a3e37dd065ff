package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query as it may be run: one SELECT that reads nothing but event data stores. DuckDB itself parses it; what it would
 * read is looked up in its parse tree, and whatever is not known to be harmless there is refused.
 *
 * <p>Source: "CloudTrail Lake SQL constraints" of the AWS CloudTrail user guide.
 *
 * @param sql    what DuckDB runs: the ids of stores, which SQL would take for sums, stand in quotation marks
 * @param stores the ids of the event data stores that it reads
 */
record LakeStatement(String sql, Set<String> stores) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 100;
    private static final int MOST_OPERATORS = 500;
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    /** Words and signs that a parser may go one level deeper for, each time. */
    private static final Pattern NESTING =
            Pattern.compile("(?i)\\b(not|case|select|union|except|intersect)\\b|[-+~]|::");

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
    private static final Set<String> FORBIDDEN_TABLES =
            Set.of("SHOW_REF", "COLUMN_DATA", "BOUND_TABLE_REF", "PIVOT", "CTE_TABLE");
    private static final Pattern SYSTEM_NAME =
            Pattern.compile("(duckdb|pragma|sqlite|pg|information)_.*|.*[./\\\\:'].*");

    LakeStatement {
        stores = Set.copyOf(stores);
    }

    /** The statement is none that may be run. */
    static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    /** Parses SQL to the JSON of DuckDB's {@code json_serialize_sql}. */
    @FunctionalInterface
    interface Parser {
        String parse(String sql);
    }

    /**
     * Reads a statement.
     *
     * @throws RefusedException saying what is wrong with it
     */
    static LakeStatement read(String text, Parser parser) throws RefusedException {
        String sql = quoted(text);
        JsonNode tree;
        try {
            tree = JSON.readTree(parser.parse(sql));
        } catch (JsonProcessingException damaged) {
            throw new RefusedException("The query cannot be read.");
        }
        if (tree.path("error").asBoolean()) {
            throw new RefusedException(tree.path("error_message").asText());
        }
        if (tree.path("statements").size() != 1) {
            throw new RefusedException("A query must be one SELECT statement.");
        }
        Set<String> known = new HashSet<>();
        collectNames(tree, known);
        Set<String> stores = new LinkedHashSet<>();
        check(tree, known, stores);
        if (stores.isEmpty()) {
            throw new RefusedException("A query must name an event data store in its FROM clause.");
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

    /** Puts ids of stores into quotation marks, and refuses what is nested too deep for any parser. */
    private static String quoted(String text) throws RefusedException {
        StringBuilder sql = new StringBuilder();
        StringBuilder code = new StringBuilder();
        Matcher id = ID.matcher(text);
        int depth = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = skipped(text, at);
            if (end > at) {
                sql.append(text, at, end);
                at = end;
            } else if (id.region(at, text.length()).lookingAt() && (at == 0 || !isWord(text.charAt(at - 1)))) {
                sql.append('"').append(id.group().toLowerCase(Locale.ROOT)).append('"');
                at = id.end();
            } else {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new RefusedException("The query is nested deeper than " + DEEPEST + " levels.");
                }
                sql.append(c);
                code.append(c);
                at++;
            }
        }
        if (NESTING.matcher(code).results().count() > MOST_OPERATORS) {
            throw new RefusedException("The query has more than " + MOST_OPERATORS + " operators.");
        }
        return sql.toString();
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    /** The end of the string, quoted name or comment that begins at {@code at}; {@code at} itself if none does. */
    private static int skipped(String text, int at) throws RefusedException {
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            int end = text.indexOf(c, at + 1);
            if (end < 0) {
                throw new RefusedException("A string or name in the query is not closed.");
            }
            return end + 1;
        }
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            if (end < 0) {
                throw new RefusedException("A comment in the query is not closed.");
            }
            return end + 2;
        }
        if (c == '$') {
            throw new RefusedException("Dollar signs are not supported in queries.");
        }
        return at;
    }

    /** The names that the query gives to parts of itself. */
    private static void collectNames(JsonNode node, Set<String> names) throws RefusedException {
        for (JsonNode entry : node.path("cte_map").path("map")) {
            String name = entry.path("key").asText().toLowerCase(Locale.ROOT);
            if (SYSTEM_NAME.matcher(name).matches()) {
                throw new RefusedException("The name " + name + " cannot be given.");
            }
            names.add(name);
        }
        for (JsonNode child : node) {
            collectNames(child, names);
        }
    }

    private static void check(JsonNode node, Set<String> known, Set<String> stores) throws RefusedException {
        String type = node.path("type").asText();
        if (type.equals("BASE_TABLE")) {
            String name = node.path("table_name").asText().toLowerCase(Locale.ROOT);
            boolean qualified = !node.path("schema_name").asText().isEmpty()
                    || !node.path("catalog_name").asText().isEmpty();
            if (!qualified && ID.matcher(name).matches()) {
                stores.add(name);
            } else if (qualified || !known.contains(name)) {
                throw new RefusedException("There is no event data store " + name + ".");
            }
        } else if (type.equals("TABLE_FUNCTION")) {
            String name = node.path("function").path("function_name").asText().toLowerCase(Locale.ROOT);
            if (!TABLE_FUNCTIONS.contains(name)) {
                throw new RefusedException("The function " + name + " is not supported.");
            }
        } else if (FORBIDDEN_TABLES.contains(type)) {
            throw new RefusedException("Queries can only select from event data stores.");
        }
        String function = node.path("function_name").asText().toLowerCase(Locale.ROOT);
        if (FORBIDDEN_FUNCTIONS.contains(function)) {
            throw new RefusedException("The function " + function + " is not supported.");
        }
        for (JsonNode child : node) {
            check(child, known, stores);
        }
    }
}
