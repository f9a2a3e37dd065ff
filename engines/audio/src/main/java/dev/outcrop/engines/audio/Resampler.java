package dev.outcrop.engines.audio;

import java.util.Arrays;

/**
 * Changes how many samples a second there are, piece by piece, by a windowed sinc: what the lower of the two rates cannot
 * carry is filtered out, 80 dB down. The filter's delay is taken off, so that the result begins when the sound does. Costs
 * some 50 multiplications a sample, more where the rate is lowered a lot. For one channel and one thread.
 *
 * <p>Source: Smith, "Digital Audio Resampling Home Page" (bandlimited interpolation); Kaiser's window, β 8.
 */
public final class Resampler {
    private static final int ZERO_CROSSINGS = 24;
    private static final double BETA = 8;
    private static final double CUTOFF = 0.94;
    private static final long LARGEST_TABLE = 4_000_000;

    private final int up;
    private final int down;
    private final int half;
    private final float[][] phases;
    private final boolean same;

    private float[] history;
    private int filled;
    /** Where the next sample of the result lies: whole samples of the history, and parts of one. */
    private int position;

    private int phase;

    /** From {@code from} samples a second to {@code to}. */
    public Resampler(int from, int to) {
        if (from < 1 || to < 1) {
            throw new IllegalArgumentException("cannot resample from " + from + " to " + to + " samples a second");
        }
        int divisor = gcd(from, to);
        same = from == to;
        double ratio = (double) to / from;
        double cutoff = CUTOFF * Math.min(1, ratio);
        half = same ? 0 : (int) Math.ceil(ZERO_CROSSINGS / Math.min(1, ratio));
        long exact = to / divisor;
        // Rates that have little in common share phases: the error is far below what sixteen bits hold.
        boolean tooLarge = exact * (2L * half + 1) > LARGEST_TABLE;
        if (tooLarge) {
            up = (int) Math.max(1, LARGEST_TABLE / (2L * half + 1));
            down = (int) Math.max(1, Math.round((double) up / ratio));
        } else {
            up = (int) exact;
            down = from / divisor;
        }
        phases = same ? new float[0][] : table(cutoff);
        history = new float[Math.max(1024, 4 * half)];
        filled = half;
        position = half;
    }

    /** All of {@code samples}, one channel, at another rate. */
    public static float[] resample(float[] samples, int from, int to) {
        if (from == to) {
            return samples.clone();
        }
        Resampler resampler = new Resampler(from, to);
        float[] most = resampler.process(samples);
        float[] rest = resampler.finish();
        float[] all = Arrays.copyOf(most, most.length + rest.length);
        System.arraycopy(rest, 0, all, most.length, rest.length);
        return all;
    }

    private float[][] table(double cutoff) {
        float[][] table = new float[up][2 * half];
        double norm = bessel(BETA);
        for (int p = 0; p < up; p++) {
            double offset = (double) p / up;
            double sum = 0;
            for (int tap = 0; tap < 2 * half; tap++) {
                double x = tap - half + 1 - offset;
                double window = x / half;
                double value = Math.abs(window) >= 1
                        ? 0
                        : cutoff * sinc(cutoff * x) * bessel(BETA * Math.sqrt(1 - window * window)) / norm;
                table[p][tap] = (float) value;
                sum += value;
            }
            for (int tap = 0; tap < 2 * half; tap++) {
                table[p][tap] /= (float) sum;
            }
        }
        return table;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-12; k++) {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** What can be told of the result once {@code samples} are there, too. */
    public float[] process(float[] samples) {
        if (same) {
            return samples.clone();
        }
        if (filled + samples.length > history.length) {
            history = Arrays.copyOf(history, Math.max(2 * history.length, filled + samples.length));
        }
        System.arraycopy(samples, 0, history, filled, samples.length);
        filled += samples.length;
        return take(filled - half);
    }

    /** The end of the result. */
    public float[] finish() {
        if (same) {
            return new float[0];
        }
        int end = filled;
        history = Arrays.copyOf(Arrays.copyOf(history, filled), filled + half);
        filled += half;
        return take(end);
    }

    /** The samples of the result that lie before {@code end} of the history. */
    private float[] take(int end) {
        if (position >= end) {
            return new float[0];
        }
        long steps = ((long) (end - position) * up - phase + down - 1) / down;
        float[] result = new float[(int) Math.max(0, steps)];
        for (int i = 0; i < result.length; i++) {
            float[] taps = phases[phase];
            int begin = position - half + 1;
            float sum = 0;
            for (int tap = 0; tap < taps.length; tap++) {
                sum += taps[tap] * history[begin + tap];
            }
            result[i] = sum;
            phase += down;
            position += phase / up;
            phase %= up;
        }
        int used = Math.min(position - half, filled);
        if (used > 0) {
            System.arraycopy(history, used, history, 0, filled - used);
            filled -= used;
            position -= used;
        }
        return result;
    }
}
