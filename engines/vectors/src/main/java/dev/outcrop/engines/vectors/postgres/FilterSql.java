package dev.outcrop.engines.vectors.postgres;

import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataFilter.And;
import dev.outcrop.engines.vectors.MetadataFilter.Equals;
import dev.outcrop.engines.vectors.MetadataFilter.Exists;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThan;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.In;
import dev.outcrop.engines.vectors.MetadataFilter.LessThan;
import dev.outcrop.engines.vectors.MetadataFilter.LessThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.ListContains;
import dev.outcrop.engines.vectors.MetadataFilter.NotEquals;
import dev.outcrop.engines.vectors.MetadataFilter.NotIn;
import dev.outcrop.engines.vectors.MetadataFilter.Or;
import dev.outcrop.engines.vectors.MetadataFilter.StartsWith;
import dev.outcrop.engines.vectors.MetadataFilter.StringContains;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.remote.MetadataJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A filter as a condition over a column of type jsonb. Keys and values are parameters, never part of the text; every
 * condition is true or false, never unknown.
 */
final class FilterSql {
    private final String column;
    private final List<Object> parameters = new ArrayList<>();

    private FilterSql(String column) {
        this.column = column;
    }

    /** A condition, and what its question marks stand for: strings and doubles. */
    record Condition(String sql, List<Object> parameters) {}

    /**
     * Writes a filter.
     *
     * @param column an expression of type jsonb
     */
    static Condition of(MetadataFilter filter, String column) {
        FilterSql writer = new FilterSql(column);
        String sql = writer.write(filter);
        return new Condition(sql, List.copyOf(writer.parameters));
    }

    private String write(MetadataFilter filter) {
        return switch (filter) {
            case And(List<MetadataFilter> filters) -> joined(filters, " AND ", "TRUE");
            case Or(List<MetadataFilter> filters) -> joined(filters, " OR ", "FALSE");
            case Equals(String key, MetadataValue value) -> equal(key, value);
            case NotEquals(String key, MetadataValue value) -> "(NOT " + equal(key, value) + ")";
            case In(String key, List<MetadataValue> values) -> anyOf(key, values);
            case NotIn(String key, List<MetadataValue> values) -> "(NOT " + anyOf(key, values) + ")";
            case GreaterThan(String key, double value) -> number(key, ">", value);
            case GreaterThanOrEquals(String key, double value) -> number(key, ">=", value);
            case LessThan(String key, double value) -> number(key, "<", value);
            case LessThanOrEquals(String key, double value) -> number(key, "<=", value);
            case StartsWith(String key, String prefix) -> string(key, "starts_with(item #>> '{}', ?)", prefix);
            case StringContains(String key, String part) -> string(key, "strpos(item #>> '{}', ?) > 0", part);
            case ListContains(String key, MetadataValue item) -> contains(key, item);
            case Exists(String key, boolean wanted) -> "(" + field(key) + (wanted ? " IS NOT NULL)" : " IS NULL)");
        };
    }

    private String joined(List<MetadataFilter> filters, String operator, String none) {
        return filters.isEmpty()
                ? none
                : filters.stream().map(this::write).collect(Collectors.joining(operator, "(", ")"));
    }

    private String anyOf(String key, List<MetadataValue> values) {
        return values.isEmpty()
                ? "FALSE"
                : values.stream().map(value -> equal(key, value)).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String equal(String key, MetadataValue value) {
        String same = "COALESCE(" + field(key) + " = " + json(value) + ", FALSE)";
        return value instanceof MetadataValue.Items ? same : "(" + same + " OR " + contains(key, value) + ")";
    }

    /** Whether the field is a list with that item. A list in a list is never there. */
    private String contains(String key, MetadataValue item) {
        if (item instanceof MetadataValue.Items) {
            return "FALSE";
        }
        return "COALESCE(jsonb_typeof(" + field(key) + ") = 'array' AND " + field(key) + " @> " + json(item)
                + ", FALSE)";
    }

    private String number(String key, String operator, double value) {
        return items(key, "number", "(item #>> '{}')::double precision " + operator + " ?", value);
    }

    private String string(String key, String condition, String value) {
        return items(key, "string", condition, clean(value));
    }

    private String items(String key, String type, String condition, Object value) {
        String list = "CASE jsonb_typeof(" + field(key) + ") WHEN 'array' THEN " + field(key)
                + " ELSE jsonb_build_array(" + field(key) + ") END";
        parameters.add(value);
        return "EXISTS (SELECT 1 FROM jsonb_array_elements(" + list
                + ") AS listed(item) WHERE CASE WHEN jsonb_typeof(item) = '" + type + "' THEN " + condition
                + " ELSE FALSE END)";
    }

    private String field(String key) {
        parameters.add(clean(key));
        return "(" + column + " -> CAST(? AS text))";
    }

    private String json(MetadataValue value) {
        parameters.add(MetadataJson.text(MetadataJson.node(clean(value))));
        return "CAST(? AS jsonb)";
    }

    /** PostgreSQL's texts have no zero characters: they become replacement characters. */
    static String clean(String text) {
        return text.replace('\u0000', '\uFFFD');
    }

    /** A value without zero characters. */
    static MetadataValue clean(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> MetadataValue.of(clean(text));
            case MetadataValue.Items(List<MetadataValue> items) ->
                new MetadataValue.Items(items.stream().map(FilterSql::clean).toList());
            case MetadataValue.Numeric number -> number;
            case MetadataValue.Flag flag -> flag;
        };
    }
}
