package dev.outcrop.engines.vectors;

import java.util.Map;

/**
 * What a store keeps under a key.
 *
 * @param key      what it is known by, not empty
 * @param vector   as many values as the store has dimensions, all of them finite; 0 and 1 where it keeps bits
 * @param text     what keywords are looked for in, empty where there is none
 * @param metadata what filters ask about
 */
public record VectorEntry(String key, float[] vector, String text, Map<String, MetadataValue> metadata) {
    public VectorEntry {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a vector's key must not be empty");
        }
        metadata = Map.copyOf(metadata);
    }
}
