package dev.outcrop.services.bedrockruntime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;

/** The SDK's free-form documents as JSON text, and back. */
final class JsonDocuments {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonNodeFactory NODES = MAPPER.getNodeFactory();

    private JsonDocuments() {}

    /** {@code document} as JSON. */
    static String text(Document document) {
        return node(document).toString();
    }

    /** The document that {@code json} writes; empty if it is no JSON. */
    static Optional<Document> read(String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            return node.isMissingNode() ? Optional.empty() : Optional.of(document(node));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /** {@code document} as a tree, for JSON Pointers. */
    static JsonNode node(Document document) {
        if (document.isNull()) {
            return NODES.nullNode();
        }
        if (document.isBoolean()) {
            return NODES.booleanNode(document.asBoolean());
        }
        if (document.isNumber()) {
            return NODES.numberNode(document.asNumber().bigDecimalValue());
        }
        if (document.isString()) {
            return NODES.textNode(document.asString());
        }
        if (document.isList()) {
            ArrayNode list = NODES.arrayNode();
            document.asList().forEach(element -> list.add(node(element)));
            return list;
        }
        ObjectNode object = NODES.objectNode();
        document.asMap().forEach((name, value) -> object.set(name, node(value)));
        return object;
    }

    /** {@code node} as a document. */
    static Document document(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Document> members = new LinkedHashMap<>();
                node.properties().forEach(member -> members.put(member.getKey(), document(member.getValue())));
                yield Document.fromMap(members);
            }
            case ARRAY -> {
                List<Document> elements = new ArrayList<>();
                node.forEach(element -> elements.add(document(element)));
                yield Document.fromList(elements);
            }
            case STRING, BINARY -> Document.fromString(node.asText());
            case NUMBER -> Document.fromNumber(node.decimalValue());
            case BOOLEAN -> Document.fromBoolean(node.booleanValue());
            case NULL, MISSING, POJO -> Document.fromNull();
        };
    }
}
