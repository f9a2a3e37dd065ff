package dev.outcrop.engines.vectors;

import java.util.Map;

/**
 * An entry that was found.
 *
 * @param score the greater the better: for vectors the similarity by the store's {@link DistanceMetric}, for keywords
 *              what the store ranks them by (BM25)
 */
public record Match(String key, String text, Map<String, MetadataValue> metadata, double score) {
    public Match {
        metadata = Map.copyOf(metadata);
    }
}
