package dev.outcrop.services.bedrockagent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.engines.vectors.MetadataValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrockagent.model.MetadataAttribute;

/**
 * The metadata of a document: what filters ask about, what is embedded together with the text, and how a table is to be
 * read.
 *
 * <p>Source: Amazon Bedrock User Guide, "Connect to Amazon S3 for your knowledge base", "Include metadata in a data source
 * to improve knowledge base query".
 *
 * @param values   by key
 * @param embedded the keys of those that are embedded together with the text
 * @param records  how the rows of a CSV file are documents of their own, where they are
 */
record Attributes(Map<String, MetadataValue> values, Set<String> embedded, Optional<RecordStructure> records) {
    /** The largest file of metadata. */
    static final int LARGEST_FILE = 10 * 1024;

    static final Attributes NONE = new Attributes(Map.of(), Set.of(), Optional.empty());

    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_VALUE = 2048;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .build();

    /**
     * How the rows of a CSV file are documents.
     *
     * @param content  the column that is the text
     * @param included the columns that are metadata; where there are none, all but the content and the excluded
     */
    record RecordStructure(String content, List<String> included, List<String> excluded) {}

    /**
     * Reads a {@code .metadata.json}.
     *
     * @throws DocumentFailure if it is not one
     */
    static Attributes read(byte[] file) {
        if (file.length > LARGEST_FILE) {
            throw DocumentFailure.invalidMetadata();
        }
        try {
            JsonNode json = JSON.readTree(file);
            if (json == null
                    || !json.isObject()
                    || !json.path("metadataAttributes").isObject()) {
                throw DocumentFailure.invalidMetadata();
            }
            Map<String, MetadataValue> values = new LinkedHashMap<>();
            Set<String> embedded = new TreeSet<>();
            for (Map.Entry<String, JsonNode> attribute :
                    json.path("metadataAttributes").properties()) {
                String key = checkedKey(attribute.getKey());
                JsonNode value = attribute.getValue();
                if (value.isObject()) {
                    values.put(key, typed(value.path("value")));
                    if (value.path("includeForEmbedding").asBoolean(false)) {
                        embedded.add(key);
                    }
                } else {
                    values.put(key, plain(value));
                }
            }
            return new Attributes(values, embedded, records(json.path("documentStructureConfiguration")));
        } catch (IOException unreadable) {
            throw DocumentFailure.invalidMetadata();
        }
    }

    /**
     * The attributes that a request has in itself.
     *
     * @throws software.amazon.awssdk.services.bedrockagent.model.ValidationException if one has no value of its type
     */
    static Attributes of(List<MetadataAttribute> attributes) {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        for (MetadataAttribute attribute : attributes) {
            if (attribute.key().startsWith(ChunkMetadata.PREFIX)) {
                throw Errors.invalid("The metadata attribute key " + attribute.key() + " is reserved.");
            }
            Optional<MetadataValue> value = switch (attribute.value().type()) {
                case BOOLEAN ->
                    Optional.ofNullable(attribute.value().booleanValue()).map(MetadataValue::of);
                case NUMBER ->
                    Optional.ofNullable(attribute.value().numberValue())
                            .filter(number -> Double.isFinite(number))
                            .map(MetadataValue::of);
                case STRING ->
                    Optional.ofNullable(attribute.value().stringValue()).map(MetadataValue::of);
                case STRING_LIST ->
                    attribute.value().hasStringListValue()
                            ? Optional.of(MetadataValue.of(attribute.value().stringListValue()))
                            : Optional.empty();
                default -> Optional.empty();
            };
            values.put(
                    attribute.key(),
                    value.orElseThrow(() -> Errors.invalid("The metadata attribute " + attribute.key()
                            + " must have a value of the type "
                            + attribute.value().typeAsString() + ".")));
        }
        return new Attributes(values, Set.of(), Optional.empty());
    }

    /** The same with these in addition, which count where both have a key. */
    Attributes and(Map<String, MetadataValue> more) {
        Map<String, MetadataValue> both = new LinkedHashMap<>(values);
        both.putAll(more);
        return new Attributes(both, embedded, records);
    }

    /** What is embedded for a text: it, below those attributes that are to be embedded with it. */
    String embedded(String text) {
        if (embedded.isEmpty()) {
            return text;
        }
        String head = new TreeMap<>(values)
                .entrySet().stream()
                        .filter(value -> embedded.contains(value.getKey()))
                        .map(value -> value.getKey() + ": " + told(value.getValue()))
                        .collect(Collectors.joining("\n"));
        return head + "\n" + text;
    }

    private static String told(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> text;
            case MetadataValue.Flag(boolean flag) -> Boolean.toString(flag);
            case MetadataValue.Items(List<MetadataValue> items) ->
                items.stream().map(Attributes::told).collect(Collectors.joining(", "));
            case MetadataValue.Numeric(double number) -> told(number);
        };
    }

    private static String told(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String checkedKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || key.startsWith(ChunkMetadata.PREFIX)) {
            throw DocumentFailure.invalidMetadata();
        }
        return key;
    }

    private static MetadataValue plain(JsonNode value) {
        if (value.isTextual()) {
            return MetadataValue.of(checkedText(value));
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return MetadataValue.of(value.doubleValue());
        }
        if (value.isBoolean()) {
            return MetadataValue.of(value.booleanValue());
        }
        if (value.isArray()) {
            return list(value);
        }
        throw DocumentFailure.invalidMetadata();
    }

    private static MetadataValue typed(JsonNode value) {
        return switch (value.path("type").asText()) {
            case "STRING" -> MetadataValue.of(checkedText(value.path("stringValue")));
            case "NUMBER" -> {
                JsonNode number = value.path("numberValue");
                if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
                    throw DocumentFailure.invalidMetadata();
                }
                yield MetadataValue.of(number.doubleValue());
            }
            case "BOOLEAN" -> {
                if (!value.path("booleanValue").isBoolean()) {
                    throw DocumentFailure.invalidMetadata();
                }
                yield MetadataValue.of(value.path("booleanValue").booleanValue());
            }
            case "STRING_LIST" -> list(value.path("stringListValue"));
            default -> throw DocumentFailure.invalidMetadata();
        };
    }

    private static MetadataValue list(JsonNode array) {
        List<String> items = new ArrayList<>();
        for (JsonNode item : array) {
            items.add(checkedText(item));
        }
        if (items.isEmpty()) {
            throw DocumentFailure.invalidMetadata();
        }
        return MetadataValue.of(items);
    }

    private static String checkedText(JsonNode text) {
        if (!text.isTextual() || text.textValue().length() > LONGEST_VALUE) {
            throw DocumentFailure.invalidMetadata();
        }
        return text.textValue();
    }

    private static Optional<RecordStructure> records(JsonNode configuration) {
        if (configuration.isMissingNode()) {
            return Optional.empty();
        }
        JsonNode structure = configuration.path("recordBasedStructureMetadata");
        List<String> content = names(structure.path("contentFields"));
        if (!configuration.path("type").asText().equals("RECORD_BASED_STRUCTURE_METADATA") || content.size() != 1) {
            throw DocumentFailure.invalidMetadata();
        }
        JsonNode specification = structure.path("metadataFieldsSpecification");
        return Optional.of(new RecordStructure(
                content.getFirst(),
                names(specification.path("fieldsToInclude")),
                names(specification.path("fieldsToExclude"))));
    }

    private static List<String> names(JsonNode fields) {
        List<String> names = new ArrayList<>();
        fields.forEach(field -> names.add(field.path("fieldName").asText()));
        return names;
    }
}
