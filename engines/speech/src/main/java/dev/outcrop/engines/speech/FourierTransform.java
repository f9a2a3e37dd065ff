package dev.outcrop.engines.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The discrete Fourier transform of real values, of any length whose factors are small.
 *
 * <p>Source: Stockham's self-sorting algorithm with mixed radices; n · (sum of n's prime factors) complex
 * multiplications. For one thread, since it keeps its working space.
 */
public final class FourierTransform {
    private final int length;
    private final List<Integer> radices = new ArrayList<>();
    private final double[] cosines;
    private final double[] sines;
    private double[] real;
    private double[] imaginary;
    private double[] nextReal;
    private double[] nextImaginary;

    /** @param length how many values are transformed at a time, at least one */
    public FourierTransform(int length) {
        this.length = length;
        int rest = length;
        for (int factor = 2; rest > 1; factor++) {
            while (rest % factor == 0) {
                radices.add(factor);
                rest /= factor;
            }
        }
        cosines = new double[length];
        sines = new double[length];
        for (int i = 0; i < length; i++) {
            cosines[i] = Math.cos(2 * Math.PI * i / length);
            sines[i] = -Math.sin(2 * Math.PI * i / length);
        }
        real = new double[length];
        imaginary = new double[length];
        nextReal = new double[length];
        nextImaginary = new double[length];
    }

    /**
     * The squared magnitudes of the first {@code powers.length} frequencies.
     *
     * @param values as many as this transform is long
     */
    public void powers(double[] values, double[] powers) {
        System.arraycopy(values, 0, real, 0, length);
        Arrays.fill(imaginary, 0);
        int groups = length;
        int span = 1;
        for (int radix : radices) {
            groups /= radix;
            pass(radix, groups, span);
            span *= radix;
        }
        for (int i = 0; i < powers.length; i++) {
            powers[i] = real[i] * real[i] + imaginary[i] * imaginary[i];
        }
    }

    /** Combines transforms of length {@code span} into ones {@code radix} times as long, {@code groups} of them. */
    private void pass(int radix, int groups, int span) {
        int step = length / (radix * span);
        for (int inner = 0; inner < span; inner++) {
            for (int output = 0; output < radix; output++) {
                int twiddle = (inner + output * span) * step;
                int to = (inner + output * span) * groups;
                for (int group = 0; group < groups; group++) {
                    double sumReal = 0;
                    double sumImaginary = 0;
                    int angle = 0;
                    for (int part = 0; part < radix; part++) {
                        int from = inner * groups * radix + part * groups + group;
                        sumReal += real[from] * cosines[angle] - imaginary[from] * sines[angle];
                        sumImaginary += real[from] * sines[angle] + imaginary[from] * cosines[angle];
                        angle += twiddle;
                        if (angle >= length) {
                            angle -= length;
                        }
                    }
                    nextReal[to + group] = sumReal;
                    nextImaginary[to + group] = sumImaginary;
                }
            }
        }
        double[] swap = real;
        real = nextReal;
        nextReal = swap;
        swap = imaginary;
        imaginary = nextImaginary;
        nextImaginary = swap;
    }
}
