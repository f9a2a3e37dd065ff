package dev.outcrop.engines.vectors.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metadata as JSON: an object of strings, numbers, truth values and lists of these. */
public final class MetadataJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double EXACT = 1L << 53;

    private MetadataJson() {}

    /** Metadata as an object. */
    public static ObjectNode node(Map<String, MetadataValue> metadata) {
        ObjectNode node = NODES.objectNode();
        metadata.forEach((key, value) -> node.set(key, node(value)));
        return node;
    }

    /** A value. Whole numbers are written as such. */
    public static JsonNode node(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> NODES.textNode(text);
            case MetadataValue.Flag(boolean flag) -> NODES.booleanNode(flag);
            case MetadataValue.Numeric(double number) -> number(number);
            case MetadataValue.Items(List<MetadataValue> items) -> {
                ArrayNode list = NODES.arrayNode();
                items.forEach(item -> list.add(node(item)));
                yield list;
            }
        };
    }

    /** A number, without a fraction where it has none. */
    public static JsonNode number(double number) {
        return number == Math.rint(number) && Math.abs(number) <= EXACT
                ? NODES.numberNode((long) number)
                : NODES.numberNode(number);
    }

    /** Metadata as text. */
    public static String text(Map<String, MetadataValue> metadata) {
        return text(node(metadata));
    }

    /** JSON as text. */
    public static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Metadata that somebody may have written by other means: what is null, an object or a list in a list is passed over.
     *
     * @throws VectorStoreException if it is no JSON
     */
    public static Map<String, MetadataValue> read(String text) {
        if (text.isBlank()) {
            return Map.of();
        }
        try {
            return read(JSON.readTree(text));
        } catch (JsonProcessingException malformed) {
            throw new VectorStoreException("An entry's metadata is no JSON", malformed);
        }
    }

    /** Metadata as they stand in an object. */
    public static Map<String, MetadataValue> read(JsonNode node) {
        Map<String, MetadataValue> metadata = new HashMap<>();
        node.properties()
                .forEach(field -> value(field.getValue()).ifPresent(value -> metadata.put(field.getKey(), value)));
        return metadata;
    }

    private static Optional<MetadataValue> value(JsonNode node) {
        if (node.isArray()) {
            List<MetadataValue> items = new ArrayList<>();
            node.forEach(
                    item -> (item.isArray() ? Optional.<MetadataValue>empty() : value(item)).ifPresent(items::add));
            return Optional.of(new MetadataValue.Items(items));
        }
        return switch (node.getNodeType()) {
            case STRING -> Optional.of(MetadataValue.of(node.asText()));
            case NUMBER ->
                Double.isFinite(node.asDouble()) ? Optional.of(MetadataValue.of(node.asDouble())) : Optional.empty();
            case BOOLEAN -> Optional.of(MetadataValue.of(node.asBoolean()));
            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> Optional.empty();
        };
    }
}
