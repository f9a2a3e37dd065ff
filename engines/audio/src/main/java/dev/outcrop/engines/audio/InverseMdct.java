package dev.outcrop.engines.audio;

/**
 * The inverse of the modified discrete cosine transform, of lengths that are powers of two.
 *
 * <p>Source: Duhamel, Mahieux and Petit, "A fast algorithm for the implementation of filter banks based on time domain
 * aliasing cancellation", 1991: a complex Fourier transform of a quarter of the length, O(n log n). For one thread, since it
 * keeps its working space.
 */
final class InverseMdct {
    private final int half;
    private final int points;
    private final float[] twistReal;
    private final float[] twistImaginary;
    private final float[] rootReal;
    private final float[] rootImaginary;
    private final float[] real;
    private final float[] imaginary;
    private final float[] cosine;

    /** @param length how many values come out, a power of two from 8 on */
    InverseMdct(int length) {
        half = length / 2;
        points = length / 4;
        twistReal = new float[points];
        twistImaginary = new float[points];
        rootReal = new float[points];
        rootImaginary = new float[points];
        for (int i = 0; i < points; i++) {
            double twist = -Math.PI * (8 * i + 1) / (8 * half);
            twistReal[i] = (float) Math.cos(twist);
            twistImaginary[i] = (float) Math.sin(twist);
            rootReal[i] = (float) Math.cos(-2 * Math.PI * i / points);
            rootImaginary[i] = (float) Math.sin(-2 * Math.PI * i / points);
        }
        real = new float[points];
        imaginary = new float[points];
        cosine = new float[half];
    }

    /** {@code result[n]} is the sum of {@code spectrum[k] cos(2π/length (n + 1/2 + length/4)(k + 1/2))} over all k. */
    void transform(float[] spectrum, float[] result) {
        for (int i = 0; i < points; i++) {
            float first = spectrum[2 * i];
            float second = spectrum[half - 1 - 2 * i];
            real[i] = first * twistReal[i] - second * twistImaginary[i];
            imaginary[i] = first * twistImaginary[i] + second * twistReal[i];
        }
        fourier();
        for (int i = 0; i < points; i++) {
            cosine[2 * i] = real[i] * twistReal[i] - imaginary[i] * twistImaginary[i];
            cosine[half - 1 - 2 * i] = -(real[i] * twistImaginary[i] + imaginary[i] * twistReal[i]);
        }
        for (int i = 0; i < half / 2; i++) {
            result[i] = cosine[i + half / 2];
            result[half + half / 2 + i] = -cosine[i];
        }
        for (int i = half / 2; i < half + half / 2; i++) {
            result[i] = -cosine[half + half / 2 - 1 - i];
        }
    }

    private void fourier() {
        for (int i = 1, j = 0; i < points; i++) {
            int bit = points >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                swap(real, i, j);
                swap(imaginary, i, j);
            }
        }
        for (int length = 2; length <= points; length *= 2) {
            int step = points / length;
            for (int start = 0; start < points; start += length) {
                for (int i = 0; i < length / 2; i++) {
                    int low = start + i;
                    int high = low + length / 2;
                    float turnedReal = real[high] * rootReal[i * step] - imaginary[high] * rootImaginary[i * step];
                    float turnedImaginary = real[high] * rootImaginary[i * step] + imaginary[high] * rootReal[i * step];
                    real[high] = real[low] - turnedReal;
                    imaginary[high] = imaginary[low] - turnedImaginary;
                    real[low] += turnedReal;
                    imaginary[low] += turnedImaginary;
                }
            }
        }
    }

    private static void swap(float[] values, int i, int j) {
        float kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}
