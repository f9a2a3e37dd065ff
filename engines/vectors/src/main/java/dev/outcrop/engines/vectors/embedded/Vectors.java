package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.DistanceMetric;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.VectorUtil;

/** Vectors of one kind in Lucene: how they are kept, looked for and compared. */
sealed interface Vectors {
    String FIELD = "vector";

    static Vectors of(DistanceMetric metric) {
        return metric == DistanceMetric.HAMMING ? new Bits() : new Floats(metric);
    }

    /** The field of Lucene's for a vector that has been {@link #prepared}. */
    Field field(float[] vector);

    /** A vector as it is kept and looked for. */
    float[] prepared(float[] vector);

    /** Finds about the {@code count} nearest of those that {@code filter} finds, which may be null. */
    Query query(float[] target, int count, Query filter);

    /** Vectors of floats. */
    record Floats(DistanceMetric metric) implements Vectors {
        private static final float NEARLY_UNIT = 1e-5f;

        private VectorSimilarityFunction function() {
            return switch (metric) {
                case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
                case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
                case DOT_PRODUCT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
                case HAMMING -> throw new IllegalStateException("bits are no floats");
            };
        }

        @Override
        public Field field(float[] vector) {
            return new KnnFloatVectorField(FIELD, vector, function());
        }

        /** For cosines a vector of length one, unless it is one already but for some rounding. */
        @Override
        public float[] prepared(float[] vector) {
            if (metric != DistanceMetric.COSINE || Math.abs(VectorUtil.dotProduct(vector, vector) - 1) < NEARLY_UNIT) {
                return vector;
            }
            return VectorUtil.l2normalize(vector.clone());
        }

        @Override
        public Query query(float[] target, int count, Query filter) {
            return new KnnFloatVectorQuery(FIELD, target, count, filter);
        }

        /** The exact similarity, by the processor's vector instructions where the Java runtime has them. */
        double similarity(float[] one, float[] other) {
            return switch (metric) {
                case COSINE -> Math.clamp(VectorUtil.cosine(one, other), -1f, 1f);
                case EUCLIDEAN -> -Math.sqrt(VectorUtil.squareDistance(one, other));
                case DOT_PRODUCT -> VectorUtil.dotProduct(one, other);
                case HAMMING -> throw new IllegalStateException("bits are no floats");
            };
        }
    }

    /** Vectors of bits, eight to a byte. */
    record Bits() implements Vectors {
        @Override
        public Field field(float[] vector) {
            return new KnnByteVectorField(FIELD, packed(vector), VectorSimilarityFunction.EUCLIDEAN);
        }

        @Override
        public float[] prepared(float[] vector) {
            return vector;
        }

        @Override
        public Query query(float[] target, int count, Query filter) {
            return new KnnByteVectorQuery(FIELD, packed(target), count, filter);
        }

        static byte[] packed(float[] vector) {
            byte[] bytes = new byte[vector.length / Byte.SIZE];
            for (int i = 0; i < vector.length; i++) {
                if (vector[i] != 0) {
                    bytes[i / Byte.SIZE] |= (byte) (0x80 >> (i % Byte.SIZE));
                }
            }
            return bytes;
        }

        static float[] unpacked(byte[] bytes) {
            float[] vector = new float[bytes.length * Byte.SIZE];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (bytes[i / Byte.SIZE] >> (7 - i % Byte.SIZE)) & 1;
            }
            return vector;
        }

        static double similarity(byte[] one, byte[] other) {
            return -VectorUtil.xorBitCount(one, other);
        }
    }
}
