package dev.outcrop.engines.audio;

/** Samples as other code has them, as floats. */
final class Samples {
    private Samples() {}

    /** What is no number is silence, and what is too loud as loud as can be. */
    static float bounded(float sample) {
        return Float.isNaN(sample) ? 0 : Math.clamp(sample, -1f, 1f);
    }

    static float[] of(short[] samples, int count) {
        float[] result = new float[count];
        for (int i = 0; i < count; i++) {
            result[i] = samples[i] / 32768f;
        }
        return result;
    }
}
