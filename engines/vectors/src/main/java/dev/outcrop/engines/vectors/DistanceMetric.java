package dev.outcrop.engines.vectors;

/** How far vectors are from each other. Similarities are greater the nearer they are, distances less. */
public enum DistanceMetric {
    /** The similarity is the cosine of the angle between them, −1 to 1, and the distance 1 − that. */
    COSINE {
        @Override
        public double similarity(float[] one, float[] other) {
            double dot = 0;
            double square = 0;
            double otherSquare = 0;
            for (int i = 0; i < one.length; i++) {
                dot += (double) one[i] * other[i];
                square += (double) one[i] * one[i];
                otherSquare += (double) other[i] * other[i];
            }
            double norms = Math.sqrt(square) * Math.sqrt(otherSquare);
            return norms == 0 ? 0 : Math.clamp(dot / norms, -1, 1);
        }

        @Override
        public double distance(double similarity) {
            return 1 - similarity;
        }
    },

    /** The distance is the length of the line between them, and the similarity that negated. */
    EUCLIDEAN {
        @Override
        public double similarity(float[] one, float[] other) {
            double sum = 0;
            for (int i = 0; i < one.length; i++) {
                double difference = (double) one[i] - other[i];
                sum += difference * difference;
            }
            return -Math.sqrt(sum);
        }

        @Override
        public double distance(double similarity) {
            return -similarity;
        }
    },

    /** The similarity is the dot product, and the distance that negated. */
    DOT_PRODUCT {
        @Override
        public double similarity(float[] one, float[] other) {
            double dot = 0;
            for (int i = 0; i < one.length; i++) {
                dot += (double) one[i] * other[i];
            }
            return dot;
        }

        @Override
        public double distance(double similarity) {
            return -similarity;
        }
    },

    /** For vectors of bits: the distance is how many differ, and the similarity that negated. */
    HAMMING {
        @Override
        public double similarity(float[] one, float[] other) {
            int different = 0;
            for (int i = 0; i < one.length; i++) {
                if (one[i] != other[i]) {
                    different++;
                }
            }
            return -different;
        }

        @Override
        public double distance(double similarity) {
            return -similarity;
        }
    };

    /** The similarity of two vectors of the same length. */
    public abstract double similarity(float[] one, float[] other);

    /** The distance of vectors that have this similarity. */
    public abstract double distance(double similarity);

    /** Beyond this the sums of squares leave what a float can hold. */
    private static final double MOST_SQUARE = Float.MAX_VALUE / 4;

    /**
     * Makes sure that a vector can be compared with others.
     *
     * @throws IllegalArgumentException if it has another dimension, or values that cannot be compared
     */
    void check(float[] vector, int dimension) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(
                    "the vector must have " + dimension + " values, but has " + vector.length);
        }
        double square = 0;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("the vector must have finite values, but has " + value);
            }
            if (this == HAMMING && value != 0 && value != 1) {
                throw new IllegalArgumentException("the vector must have the values 0 and 1, but has " + value);
            }
            square += (double) value * value;
        }
        if (this == COSINE && square == 0) {
            throw new IllegalArgumentException("the vector must not be all zeros, since it has no direction");
        }
        if (square > MOST_SQUARE || (this == COSINE && square < Float.MIN_NORMAL)) {
            throw new IllegalArgumentException("the vector must have a length "
                    + (this == COSINE ? "between 1e-18 and 9e18" : "of at most 9e18") + ", but has "
                    + Math.sqrt(square));
        }
    }
}
