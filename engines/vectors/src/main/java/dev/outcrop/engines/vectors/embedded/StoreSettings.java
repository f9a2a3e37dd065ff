package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.DistanceMetric;
import java.util.Set;

/**
 * What a store is like from its first entry on.
 *
 * @param dimension     how many values its vectors have, 1 to 4,096; a multiple of 8 for {@link DistanceMetric#HAMMING}
 * @param metric        how similarities are computed; {@link DistanceMetric#HAMMING} where it keeps bits
 * @param notFilterable the keys of metadata that no filter asks about, so that they need no place in the index
 */
public record StoreSettings(int dimension, DistanceMetric metric, Set<String> notFilterable) {
    /** The most values that vectors may have. */
    public static final int MOST_DIMENSIONS = 4096;

    public StoreSettings {
        if (dimension < 1 || dimension > MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "the dimension must be between 1 and " + MOST_DIMENSIONS + ", but is " + dimension);
        }
        if (metric == DistanceMetric.HAMMING && dimension % Byte.SIZE != 0) {
            throw new IllegalArgumentException(
                    "the dimension of vectors of bits must be a multiple of 8, but is " + dimension);
        }
        notFilterable = Set.copyOf(notFilterable);
    }
}
