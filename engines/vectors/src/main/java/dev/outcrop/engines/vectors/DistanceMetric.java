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
}
