package dev.outcrop.engines.vectors.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.outcrop.engines.vectors.VectorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is done with vectors and entries before they are sent anywhere. */
public final class Vectors {
    private Vectors() {}

    /** Entries of which each key has one, the last. */
    public static List<VectorEntry> lastOfEach(List<VectorEntry> entries) {
        Map<String, VectorEntry> last = new LinkedHashMap<>();
        entries.forEach(entry -> last.put(entry.key(), entry));
        return new ArrayList<>(last.values());
    }

    /**
     * Refuses a count out of range.
     *
     * @throws IllegalArgumentException if it is not between 1 and 10,000
     */
    public static void checkCount(int count) {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("count must be between 1 and 10000, but is " + count);
        }
    }

    /** A vector as a list of numbers. */
    public static ArrayNode json(float[] vector) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(vector.length);
        for (float value : vector) {
            array.add(value);
        }
        return array;
    }

    /** A vector of a list of numbers, empty where there is none. */
    public static float[] of(JsonNode values) {
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) values.get(i).asDouble();
        }
        return vector;
    }
}
