package dev.outcrop.engines.embedding;

/** What is done with vectors. */
final class Vectors {
    private Vectors() {}

    /** The vector of length one in the same direction; zero stays zero. */
    static float[] unit(double[] vector) {
        double square = 0;
        for (double value : vector) {
            square += value * value;
        }
        double length = Math.max(Math.sqrt(square), 1e-12);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
