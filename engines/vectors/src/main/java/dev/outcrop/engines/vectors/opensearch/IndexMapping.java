package dev.outcrop.engines.vectors.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.engines.vectors.remote.FieldMapping;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The fields of an index. */
final class IndexMapping {
    private static final Set<String> TEXTS = Set.of("text", "keyword", "match_only_text");

    private final JsonNode properties;

    /** @param answer what {@code GET index/_mapping} says: the mapping below the name of the index, which an alias does not tell */
    IndexMapping(JsonNode answer) {
        properties = answer.path(
                        answer.fieldNames().hasNext() ? answer.fieldNames().next() : "")
                .path("mappings")
                .path("properties");
    }

    /**
     * Looks whether the index is as it must be.
     *
     * @return how its vectors are compared
     * @throws VectorStoreException saying what is wrong
     */
    DistanceMetric check(String index, FieldMapping fields, int dimension) {
        JsonNode vector = field(index, fields.vector());
        if (!type(vector).equals("knn_vector")) {
            throw new VectorStoreException(
                    "The field " + fields.vector() + " must be of type knn_vector, but is of type " + type(vector));
        }
        if (vector.path("dimension").asInt() != dimension) {
            throw new VectorStoreException("The field " + fields.vector() + " is for vectors of "
                    + vector.path("dimension").asInt() + " dimensions, but the embedding model makes vectors of "
                    + dimension + " dimensions");
        }
        String engine = vector.path("method").path("engine").asText("faiss").toLowerCase(Locale.ROOT);
        if (!Set.of("faiss", "lucene").contains(engine)) {
            // AWS's words.
            throw new VectorStoreException(
                    "The OpenSearch engine type associated with your vector index is invalid. Recreate"
                            + " your vector index with one of the following valid engine types: FAISS");
        }
        for (String name : Set.of(fields.text(), fields.metadata())) {
            if (!TEXTS.contains(type(field(index, name)))) {
                throw new VectorStoreException(
                        "The field " + name + " must be of type text, but is of type " + type(field(index, name)));
            }
        }
        String space = vector.path("method")
                .path("space_type")
                .asText(vector.path("space_type").asText("l2"));
        return switch (space) {
            case "cosinesimil" -> DistanceMetric.COSINE;
            case "innerproduct" -> DistanceMetric.DOT_PRODUCT;
            case "l2" -> DistanceMetric.EUCLIDEAN;
            default ->
                throw new VectorStoreException("The space type " + space + " of the index is not supported; l2,"
                        + " cosinesimil and innerproduct are");
        };
    }

    /** The type of a field whose name may be a path, if there is such a field. */
    Optional<String> type(String name) {
        JsonNode found = at(name);
        return found.isMissingNode() ? Optional.empty() : Optional.of(type(found));
    }

    /** The field under which a text can be found as it is: itself, or one below it. */
    Optional<String> exact(String name) {
        JsonNode found = at(name);
        if (type(found).equals("keyword")) {
            return Optional.of(name);
        }
        return found.path("fields").path("keyword").path("type").asText().equals("keyword")
                ? Optional.of(name + ".keyword")
                : Optional.empty();
    }

    private JsonNode at(String name) {
        JsonNode found = properties.path(name);
        if (!found.isMissingNode()) {
            return found;
        }
        JsonNode level = properties;
        String[] parts = name.split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            level = level.path(parts[i]);
            level = i < parts.length - 1 ? level.path("properties") : level;
        }
        return level;
    }

    private JsonNode field(String index, String name) {
        JsonNode found = at(name);
        if (found.isMissingNode()) {
            throw new VectorStoreException("The index " + index + " has no field " + name);
        }
        return found;
    }

    private static String type(JsonNode field) {
        return field.path("type").asText("object");
    }
}
