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

    /**
     * Makes sure that a vector fits.
     *
     * @throws IllegalArgumentException if it has another dimension, or values that cannot be compared
     */
    void check(float[] vector) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(
                    "the vector must have " + dimension + " values, but has " + vector.length);
        }
        double square = 0;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("the vector must have finite values, but has " + value);
            }
            if (metric == DistanceMetric.HAMMING && value != 0 && value != 1) {
                throw new IllegalArgumentException("the vector must have the values 0 and 1, but has " + value);
            }
            square += (double) value * value;
        }
        // Beyond these the sums of squares leave what a float can hold.
        if (metric == DistanceMetric.COSINE && (square < Float.MIN_NORMAL || square > Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    square == 0
                            ? "the vector must not be all zeros, since it has no direction"
                            : "the vector must have a length between 1e-19 and 1e19, but has " + Math.sqrt(square));
        }
        if (square > Float.MAX_VALUE / 4) {
            throw new IllegalArgumentException(
                    "the vector must have a length below 1e19, but has " + Math.sqrt(square));
        }
    }
}
