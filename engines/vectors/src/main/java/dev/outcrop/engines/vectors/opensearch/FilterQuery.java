package dev.outcrop.engines.vectors.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A filter as a query over fields. It finds all entries that the filter wants, and may find more, where the types of the
 * fields do not allow to tell: those are looked at once more by whoever asked.
 */
final class FilterQuery {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NUMBERS =
            Set.of("long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float");

    /** Longer texts are not in dynamic fields of keywords. */
    private static final int LONGEST_KEYWORD = 256;

    private final IndexMapping mapping;
    private final Predicate<String> isField;

    /** @param isField whether a key of metadata is a field of its own */
    FilterQuery(IndexMapping mapping, Predicate<String> isField) {
        this.mapping = mapping;
        this.isField = isField;
    }

    /** The query for a filter, unless that would be one for everything. */
    Optional<ObjectNode> of(MetadataFilter filter) {
        return switch (filter) {
            case And(List<MetadataFilter> filters) -> all(filters);
            case Or(List<MetadataFilter> filters) -> any(filters, this::of);
            case Equals(String key, MetadataValue value) -> equal(key, value);
            case ListContains(String key, MetadataValue item) -> equal(key, item);
            case In(String key, List<MetadataValue> values) -> any(values, value -> equal(key, value));
            // A field holds the number 5 and the text 5 alike: who is not the one might be lost as the other.
            case NotEquals notEquals -> Optional.empty();
            case NotIn notIn -> Optional.empty();
            case GreaterThan(String key, double value) -> range(key, "gte", value);
            case GreaterThanOrEquals(String key, double value) -> range(key, "gte", value);
            case LessThan(String key, double value) -> range(key, "lte", value);
            case LessThanOrEquals(String key, double value) -> range(key, "lte", value);
            case StartsWith(String key, String prefix) -> text(key, prefix, "prefix", prefix);
            case StringContains(String key, String part) ->
                text(key, part, "wildcard", "*" + part.replaceAll("([\\\\*?])", "\\\\$1") + "*");
            case Exists exists -> Optional.empty();
        };
    }

    private Optional<ObjectNode> all(List<MetadataFilter> filters) {
        ArrayNode parts = NODES.arrayNode();
        filters.forEach(filter -> of(filter).ifPresent(parts::add));
        return parts.isEmpty() ? Optional.empty() : Optional.of(bool("filter", parts));
    }

    private static <T> Optional<ObjectNode> any(List<T> parts, Function<T, Optional<ObjectNode>> query) {
        List<JsonNode> queries = new ArrayList<>();
        for (T part : parts) {
            Optional<ObjectNode> one = query.apply(part);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            queries.add(one.get());
        }
        ArrayNode all = NODES.arrayNode().addAll(queries);
        return Optional.of(queries.isEmpty() ? none() : bool("should", all));
    }

    private Optional<ObjectNode> equal(String key, MetadataValue value) {
        if (!isField.test(key)) {
            return Optional.empty();
        }
        Optional<String> type = mapping.type(key);
        if (type.isEmpty()) {
            // No entry has such a field. A list without items makes none, though.
            return value instanceof MetadataValue.Items ? Optional.empty() : Optional.of(none());
        }
        return switch (value) {
            case MetadataValue.Text(String text) -> text(key, text, "term", text);
            case MetadataValue.Flag(boolean flag)
            when type.get().equals("boolean") -> Optional.of(leaf("term", key, NODES.booleanNode(flag)));
            case MetadataValue.Numeric(double number)
            when NUMBERS.contains(type.get()) -> Optional.of(leaf("term", key, MetadataJson.number(number)));
            case MetadataValue.Flag flag -> Optional.empty();
            case MetadataValue.Numeric number -> Optional.empty();
            case MetadataValue.Items items -> Optional.empty();
        };
    }

    private Optional<ObjectNode> range(String key, String bound, double value) {
        boolean isNumber =
                isField.test(key) && mapping.type(key).filter(NUMBERS::contains).isPresent();
        return isNumber
                ? Optional.of(leaf("range", key, NODES.objectNode().set(bound, MetadataJson.number(value))))
                : Optional.empty();
    }

    private Optional<ObjectNode> text(String key, String text, String query, String value) {
        if (!isField.test(key) || text.isEmpty() || text.length() > LONGEST_KEYWORD) {
            return Optional.empty();
        }
        ObjectNode wanted = NODES.objectNode().put("value", value);
        return mapping.exact(key).map(field -> leaf(query, field, wanted));
    }

    private static ObjectNode leaf(String query, String field, JsonNode value) {
        ObjectNode leaf = NODES.objectNode();
        leaf.putObject(query).set(field, value);
        return leaf;
    }

    private static ObjectNode bool(String occurrence, ArrayNode queries) {
        ObjectNode bool = NODES.objectNode();
        bool.putObject("bool").set(occurrence, queries);
        return bool;
    }

    private static ObjectNode none() {
        ObjectNode none = NODES.objectNode();
        none.putObject("match_none");
        return none;
    }
}
