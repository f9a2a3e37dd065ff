package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import software.amazon.awssdk.core.document.Document;

/**
 * Reads the filters of queries. Several keys in one object, and several operators about one key, must all hold.
 *
 * <p>Source: "Metadata filtering" of S3 Vectors in the Amazon S3 user guide.
 */
final class QueryFilter {
    private static final int MOST_CONDITIONS = 1000;

    private final Set<String> notFilterable;
    private int conditions;

    private QueryFilter(Set<String> notFilterable) {
        this.notFilterable = notFilterable;
    }

    /** The filter that a document says. */
    static MetadataFilter read(Document document, Set<String> notFilterable) {
        return new QueryFilter(notFilterable).filter(document, 1);
    }

    private static AwsError invalid(String reason) {
        return Failures.invalid("Invalid query filter: " + reason);
    }

    private MetadataFilter filter(Document document, int depth) {
        if (depth > MetadataFilter.DEEPEST / 2) {
            throw invalid("it must be nested at most " + MetadataFilter.DEEPEST / 2 + " deep");
        }
        if (!document.isMap() || document.asMap().isEmpty()) {
            throw invalid("a filter must be a non-empty object");
        }
        List<MetadataFilter> all = new ArrayList<>();
        for (Map.Entry<String, Document> entry : document.asMap().entrySet()) {
            switch (entry.getKey()) {
                case "$and" -> all.add(new MetadataFilter.And(filters("$and", entry.getValue(), depth)));
                case "$or" -> all.add(new MetadataFilter.Or(filters("$or", entry.getValue(), depth)));
                default -> conditions(entry.getKey(), entry.getValue(), all);
            }
        }
        return all.size() == 1 ? all.getFirst() : new MetadataFilter.And(all);
    }

    private List<MetadataFilter> filters(String operator, Document value, int depth) {
        if (!value.isList() || value.asList().isEmpty()) {
            throw invalid(operator + " must have a non-empty array of filters");
        }
        count(value.asList().size());
        List<MetadataFilter> filters = new ArrayList<>();
        for (Document each : value.asList()) {
            filters.add(filter(each, depth + 1));
        }
        return filters;
    }

    private void count(int more) {
        conditions += more;
        if (conditions > MOST_CONDITIONS) {
            throw invalid("it must have at most " + MOST_CONDITIONS + " conditions");
        }
    }

    private void conditions(String key, Document value, List<MetadataFilter> all) {
        if (key.startsWith("$")) {
            throw invalid("unknown operator " + key);
        }
        if (notFilterable.contains(key)) {
            throw invalid("the metadata key " + key + " is non-filterable");
        }
        if (!value.isMap()) {
            count(1);
            all.add(new MetadataFilter.Equals(key, primitive("$eq", value)));
            return;
        }
        if (value.asMap().isEmpty()) {
            throw invalid("the metadata key " + key + " must have an operator");
        }
        value.asMap().forEach((operator, operand) -> {
            count(1);
            all.add(condition(key, operator, operand));
        });
    }

    private MetadataFilter condition(String key, String operator, Document operand) {
        return switch (operator) {
            case "$eq" -> new MetadataFilter.Equals(key, primitive(operator, operand));
            case "$ne" -> new MetadataFilter.NotEquals(key, primitive(operator, operand));
            case "$gt" -> number(key, operator, operand, MetadataFilter.GreaterThan::new);
            case "$gte" -> number(key, operator, operand, MetadataFilter.GreaterThanOrEquals::new);
            case "$lt" -> number(key, operator, operand, MetadataFilter.LessThan::new);
            case "$lte" -> number(key, operator, operand, MetadataFilter.LessThanOrEquals::new);
            case "$in" -> new MetadataFilter.In(key, primitives(operator, operand));
            case "$nin" -> new MetadataFilter.NotIn(key, primitives(operator, operand));
            case "$exists" -> {
                if (!operand.isBoolean()) {
                    throw invalid("$exists must have a boolean");
                }
                yield new MetadataFilter.Exists(key, operand.asBoolean());
            }
            default -> throw invalid("unknown operator " + operator);
        };
    }

    private static MetadataValue primitive(String operator, Document operand) {
        return Metadata.primitive(operand)
                .orElseThrow(() -> invalid(operator + " must have a string, number or boolean"));
    }

    private static MetadataFilter number(
            String key, String operator, Document operand, BiFunction<String, Double, MetadataFilter> condition) {
        return condition.apply(
                key, Metadata.number(operand).orElseThrow(() -> invalid(operator + " must have a number")));
    }

    private List<MetadataValue> primitives(String operator, Document operand) {
        if (!operand.isList() || operand.asList().isEmpty()) {
            throw invalid(operator + " must have a non-empty array of strings, numbers or booleans");
        }
        count(operand.asList().size());
        return operand.asList().stream().map(item -> primitive(operator, item)).toList();
    }
}
