package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataValue;
import java.util.List;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.FilterAttribute;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalFilter;

/**
 * Filters on metadata as callers write them. A group ({@code andAll}, {@code orAll}) has two to five members and may stand
 * in one other.
 *
 * <p>Source: "Configure and customize queries and response generation" of the Amazon Bedrock user guide, and
 * {@code RetrievalFilter} of its API reference.
 */
final class RetrievalFilters {
    private static final int MOST_MEMBERS = 5;
    private static final int DEEPEST = 2;
    private static final int MOST_VALUES = 100;

    private RetrievalFilters() {}

    /** What a store understands; a {@code ValidationException} where it is too large or a value has the wrong type. */
    static MetadataFilter of(RetrievalFilter filter) {
        return of(filter, 0);
    }

    private static MetadataFilter of(RetrievalFilter filter, int depth) {
        return switch (filter.type()) {
            case AND_ALL -> new MetadataFilter.And(members("andAll", filter.andAll(), depth));
            case OR_ALL -> new MetadataFilter.Or(members("orAll", filter.orAll(), depth));
            case EQUALS -> new MetadataFilter.Equals(key(filter.equalsValue()), plain("equals", filter.equalsValue()));
            case NOT_EQUALS ->
                new MetadataFilter.NotEquals(key(filter.notEquals()), plain("notEquals", filter.notEquals()));
            case GREATER_THAN ->
                new MetadataFilter.GreaterThan(key(filter.greaterThan()), number("greaterThan", filter.greaterThan()));
            case GREATER_THAN_OR_EQUALS ->
                new MetadataFilter.GreaterThanOrEquals(
                        key(filter.greaterThanOrEquals()), number("greaterThanOrEquals", filter.greaterThanOrEquals()));
            case LESS_THAN ->
                new MetadataFilter.LessThan(key(filter.lessThan()), number("lessThan", filter.lessThan()));
            case LESS_THAN_OR_EQUALS ->
                new MetadataFilter.LessThanOrEquals(
                        key(filter.lessThanOrEquals()), number("lessThanOrEquals", filter.lessThanOrEquals()));
            case IN -> new MetadataFilter.In(key(filter.in()), list("in", filter.in()));
            case NOT_IN -> new MetadataFilter.NotIn(key(filter.notIn()), list("notIn", filter.notIn()));
            case STARTS_WITH ->
                new MetadataFilter.StartsWith(key(filter.startsWith()), text("startsWith", filter.startsWith()));
            case LIST_CONTAINS ->
                new MetadataFilter.ListContains(
                        key(filter.listContains()), plain("listContains", filter.listContains()));
            case STRING_CONTAINS ->
                new MetadataFilter.StringContains(
                        key(filter.stringContains()), text("stringContains", filter.stringContains()));
            case UNKNOWN_TO_SDK_VERSION -> throw Errors.invalid("A filter must have exactly one operator.");
        };
    }

    private static List<MetadataFilter> members(String operator, List<RetrievalFilter> members, int depth) {
        if (depth == DEEPEST) {
            throw Errors.invalid(
                    "The filter is nested too deep. A group of filters can be embedded within one other" + " group.");
        }
        if (members.size() < 2 || members.size() > MOST_MEMBERS) {
            throw Errors.invalid("The filter operator " + operator + " takes 2 to " + MOST_MEMBERS
                    + " filters, but has " + members.size() + ".");
        }
        return members.stream().map(member -> of(member, depth + 1)).toList();
    }

    private static String key(FilterAttribute attribute) {
        return attribute.key();
    }

    /** A string, a number or a boolean. */
    private static MetadataValue plain(String operator, FilterAttribute attribute) {
        Document value = attribute.value();
        if (value.isString()) {
            return MetadataValue.of(value.asString());
        }
        if (value.isNumber()) {
            return MetadataValue.of(number(operator, attribute));
        }
        if (value.isBoolean()) {
            return MetadataValue.of(value.asBoolean());
        }
        throw wrong(operator, attribute, "a string, a number or a boolean");
    }

    private static double number(String operator, FilterAttribute attribute) {
        if (!attribute.value().isNumber()) {
            throw wrong(operator, attribute, "a number");
        }
        double number = attribute.value().asNumber().doubleValue();
        if (!Double.isFinite(number)) {
            throw wrong(operator, attribute, "a finite number");
        }
        return number;
    }

    private static String text(String operator, FilterAttribute attribute) {
        if (!attribute.value().isString()) {
            throw wrong(operator, attribute, "a string");
        }
        return attribute.value().asString();
    }

    private static List<MetadataValue> list(String operator, FilterAttribute attribute) {
        if (!attribute.value().isList()
                || attribute.value().asList().isEmpty()
                || attribute.value().asList().size() > MOST_VALUES) {
            throw wrong(operator, attribute, "a list of 1 to " + MOST_VALUES + " values");
        }
        return attribute.value().asList().stream()
                .map(value -> plain(
                        operator,
                        FilterAttribute.builder()
                                .key(attribute.key())
                                .value(value)
                                .build()))
                .toList();
    }

    private static RuntimeException wrong(String operator, FilterAttribute attribute, String wanted) {
        return Errors.invalid("The value of the filter operator " + operator + " for the key " + attribute.key()
                + " must be " + wanted + ".");
    }
}
