package dev.outcrop.services.bedrockagentruntime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.engines.vectors.MetadataFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.AttributeType;
import software.amazon.awssdk.services.bedrockagentruntime.model.FilterAttribute;
import software.amazon.awssdk.services.bedrockagentruntime.model.ImplicitFilterConfiguration;
import software.amazon.awssdk.services.bedrockagentruntime.model.MetadataAttributeSchema;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalFilter;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

/**
 * Filters that a model reads out of a question. What it writes is only taken if it is a filter on attributes that the
 * caller has described, by operators that fit their types, with values that stand in the question; else the question is
 * searched without one.
 *
 * <p>Source: {@code ImplicitFilterConfiguration} of the API reference.
 */
final class ImplicitFilters {
    private static final int TOKENS = 300;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(10)
                            .maxStringLength(2000)
                            .build())
                    .build())
            .build();
    private static final Set<String> OF_NUMBERS =
            Set.of("greaterThan", "greaterThanOrEquals", "lessThan", "lessThanOrEquals");
    private static final Set<String> OF_TEXTS = Set.of("startsWith", "stringContains");
    private static final Set<String> OF_ALL = Set.of("equals", "notEquals", "in", "notIn");

    private final Writer writer;

    ImplicitFilters(Writer writer) {
        this.writer = writer;
    }

    Optional<MetadataFilter> of(String question, ImplicitFilterConfiguration configuration) {
        String written =
                writer.write(Writer.Prompt.brief(configuration.modelArn(), prompt(question, configuration), TOKENS));
        Map<String, MetadataAttributeSchema> attributes = configuration.metadataAttributes().stream()
                .collect(Collectors.toMap(MetadataAttributeSchema::key, Function.identity(), (first, _) -> first));
        try {
            int begin = written.indexOf('{');
            return begin < 0
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.readTree(written.substring(begin)))
                            .flatMap(json -> filter(json, attributes, question, 0))
                            .map(RetrievalFilters::of);
        } catch (JsonProcessingException | ValidationException unusable) {
            return Optional.empty();
        }
    }

    private static String prompt(String question, ImplicitFilterConfiguration configuration) {
        String attributes = configuration.metadataAttributes().stream()
                .map(attribute ->
                        "- " + attribute.key() + " (" + attribute.typeAsString() + "): " + attribute.description())
                .collect(Collectors.joining("\n"));
        return """
                Documents have these attributes:
                %s

                Write a filter as JSON that only the documents pass which the question is about, such as
                {"equals": {"key": "year", "value": 2020}} or
                {"andAll": [{"greaterThan": {"key": "year", "value": 2020}}, {"equals": {"key": "kind", "value": "a"}}]}.
                Operators: equals, notEquals, greaterThan, greaterThanOrEquals, lessThan, lessThanOrEquals, in, notIn,
                startsWith, stringContains, listContains, andAll, orAll. Write {} if the question names no attribute.
                Write the JSON and nothing else.

                Question: %s
                """.formatted(attributes, question);
    }

    private static Optional<RetrievalFilter> filter(
            JsonNode json, Map<String, MetadataAttributeSchema> attributes, String question, int depth) {
        if (!json.isObject() || json.size() != 1 || depth > 2) {
            return Optional.empty();
        }
        Map.Entry<String, JsonNode> operator = json.properties().iterator().next();
        if (operator.getKey().equals("andAll") || operator.getKey().equals("orAll")) {
            return group(operator.getKey(), operator.getValue(), attributes, question, depth);
        }
        JsonNode key = operator.getValue().path("key");
        MetadataAttributeSchema attribute = attributes.get(key.asText());
        JsonNode value = operator.getValue().path("value");
        if (attribute == null || !fits(operator.getKey(), attribute.type()) || !isIn(value, question)) {
            return Optional.empty();
        }
        return Optional.of(of(
                operator.getKey(),
                FilterAttribute.builder()
                        .key(attribute.key())
                        .value(document(value))
                        .build()));
    }

    private static Optional<RetrievalFilter> group(
            String operator,
            JsonNode members,
            Map<String, MetadataAttributeSchema> attributes,
            String question,
            int depth) {
        List<RetrievalFilter> filters = new ArrayList<>();
        for (JsonNode member : members) {
            Optional<RetrievalFilter> filter = filter(member, attributes, question, depth + 1);
            if (filter.isEmpty()) {
                // Half of what was meant may be the opposite of it.
                return Optional.empty();
            }
            filters.add(filter.get());
        }
        return switch (filters.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(filters.getFirst());
            default ->
                Optional.of(
                        operator.equals("andAll")
                                ? RetrievalFilter.fromAndAll(filters)
                                : RetrievalFilter.fromOrAll(filters));
        };
    }

    private static boolean fits(String operator, AttributeType type) {
        return switch (type) {
            case NUMBER -> OF_ALL.contains(operator) || OF_NUMBERS.contains(operator);
            case STRING -> OF_ALL.contains(operator) || OF_TEXTS.contains(operator);
            case BOOLEAN -> OF_ALL.contains(operator);
            case STRING_LIST -> operator.equals("listContains");
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    /** Whether a value is said in the question; what is true or false need not be. */
    private static boolean isIn(JsonNode value, String question) {
        if (value.isArray()) {
            for (JsonNode item : value) {
                if (!isIn(item, question)) {
                    return false;
                }
            }
            return !value.isEmpty();
        }
        return value.isBoolean()
                || (value.isValueNode()
                        && !value.isNull()
                        && question.toLowerCase(Locale.ROOT)
                                .contains(value.asText().toLowerCase(Locale.ROOT)));
    }

    private static Document document(JsonNode value) {
        if (value.isArray()) {
            List<Document> items = new ArrayList<>();
            value.forEach(item -> items.add(document(item)));
            return Document.fromList(items);
        }
        if (value.isNumber()) {
            return Document.fromNumber(value.decimalValue());
        }
        return value.isBoolean() ? Document.fromBoolean(value.asBoolean()) : Document.fromString(value.asText());
    }

    private static RetrievalFilter of(String operator, FilterAttribute attribute) {
        return switch (operator) {
            case "equals" -> RetrievalFilter.fromEqualsValue(attribute);
            case "notEquals" -> RetrievalFilter.fromNotEquals(attribute);
            case "greaterThan" -> RetrievalFilter.fromGreaterThan(attribute);
            case "greaterThanOrEquals" -> RetrievalFilter.fromGreaterThanOrEquals(attribute);
            case "lessThan" -> RetrievalFilter.fromLessThan(attribute);
            case "lessThanOrEquals" -> RetrievalFilter.fromLessThanOrEquals(attribute);
            case "in" -> RetrievalFilter.fromIn(attribute);
            case "notIn" -> RetrievalFilter.fromNotIn(attribute);
            case "startsWith" -> RetrievalFilter.fromStartsWith(attribute);
            case "stringContains" -> RetrievalFilter.fromStringContains(attribute);
            case "listContains" -> RetrievalFilter.fromListContains(attribute);
            default -> throw new IllegalArgumentException("there is no operator " + operator);
        };
    }
}
