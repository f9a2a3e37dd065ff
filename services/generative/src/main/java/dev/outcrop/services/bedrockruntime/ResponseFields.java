package dev.outcrop.services.bedrockruntime;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * {@code additionalModelResponseFieldPaths}: JSON Pointers to fields of the model's answer that the caller wants beside
 * Converse's own. A pointer to what is not there is ignored.
 *
 * <p>Source: RFC 6901; Amazon Bedrock API Reference, "Converse".
 */
final class ResponseFields {
    private final List<JsonPointer> pointers;

    /**
     * The fields at {@code paths}.
     *
     * @throws ValidationException if one is empty or is no JSON Pointer
     */
    ResponseFields(List<String> paths) {
        this.pointers = paths.stream().map(ResponseFields::pointer).toList();
    }

    /** The fields of {@code answer}; empty if none was asked for or is there. */
    Optional<Document> of(ObjectNode answer) {
        ObjectNode found = JsonNodeFactory.instance.objectNode();
        for (JsonPointer pointer : pointers) {
            JsonNode value = answer.at(pointer);
            if (!value.isMissingNode()) {
                place(found, pointer, value);
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(JsonDocuments.document(found));
    }

    private static void place(ObjectNode found, JsonPointer pointer, JsonNode value) {
        ObjectNode parent = found;
        JsonPointer rest = pointer;
        while (!rest.tail().matches()) {
            parent = parent.withObjectProperty(rest.getMatchingProperty());
            rest = rest.tail();
        }
        parent.set(rest.getMatchingProperty(), value);
    }

    private static JsonPointer pointer(String path) {
        try {
            JsonPointer pointer = JsonPointer.compile(path);
            if (!pointer.matches()) {
                return pointer;
            }
        } catch (IllegalArgumentException malformed) {
            // Refused below, as the empty one is.
        }
        throw ModelErrors.invalid(
                "The path \"" + path + "\" in additionalModelResponseFieldPaths is not a JSON Pointer to a"
                        + " field. Use a path such as \"/stop_sequence\" and try again.");
    }
}
