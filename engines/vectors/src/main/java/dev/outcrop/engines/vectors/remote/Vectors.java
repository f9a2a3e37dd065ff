package dev.outcrop.engines.vectors.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of vectors before they are sent anywhere. */
public final class Vectors {
    private Vectors() {}

    /**
     * Refuses a vector that a store cannot compare.
     *
     * @throws IllegalArgumentException if it has another dimension, is not finite, or has no direction where that counts
     */
    public static void check(float[] vector, int dimension, DistanceMetric metric) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(
                    "a vector must have " + dimension + " dimensions, but has " + vector.length);
        }
        boolean zero = true;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a vector must hold finite numbers, but holds " + value);
            }
            zero &= value == 0;
        }
        if (zero && metric == DistanceMetric.COSINE) {
            throw new IllegalArgumentException("a vector of zeros has no direction");
        }
    }

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
