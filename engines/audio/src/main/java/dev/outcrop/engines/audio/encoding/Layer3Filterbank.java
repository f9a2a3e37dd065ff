package dev.outcrop.engines.audio.encoding;

/**
 * The hybrid filter bank of layer III: 576 samples to 576 lines of a spectrum, by 32 subbands and a cosine transform of each
 * over long blocks. Lines are in the unit of the samples.
 *
 * <p>Source: ISO/IEC 11172-3, C.1.3 (subbands), 2.4.3.4.10 (transform) and the alias reduction of figure A.5.
 */
final class Layer3Filterbank {
    static final int LINES = 576;

    private static final int SUBBANDS = 32;
    private static final int SLOTS = 18;
    private static final double[] ALIAS = {-.6, -.535, -.33, -.185, -.095, -.041, -.0142, -.0037};

    private static final double[][] MATRIX = new double[SUBBANDS][64];
    private static final double[][] TRANSFORM = new double[SLOTS][2 * SLOTS];
    private static final double[] KEEP = new double[ALIAS.length];
    private static final double[] GIVE = new double[ALIAS.length];

    static {
        for (int k = 0; k < SUBBANDS; k++) {
            for (int i = 0; i < 64; i++) {
                MATRIX[k][i] = Math.cos((2 * k + 1) * (i - 16) * Math.PI / 64);
            }
        }
        for (int k = 0; k < SLOTS; k++) {
            for (int n = 0; n < 2 * SLOTS; n++) {
                TRANSFORM[k][n] = Math.sin(Math.PI / 36 * (n + .5))
                        * Math.cos(Math.PI / 72 * (2 * n + 1 + SLOTS) * (2 * k + 1))
                        / 9;
            }
        }
        for (int i = 0; i < ALIAS.length; i++) {
            KEEP[i] = 1 / Math.sqrt(1 + ALIAS[i] * ALIAS[i]);
            GIVE[i] = ALIAS[i] / Math.sqrt(1 + ALIAS[i] * ALIAS[i]);
        }
    }

    private final double[] window = Layer3Tables.shipped().window();
    private final double[] history = new double[512];
    private double[][] before = new double[SUBBANDS][SLOTS];

    /** The spectrum of the next 576 samples. */
    double[] analyse(float[] samples) {
        double[][] now = new double[SUBBANDS][SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            subbands(samples, SUBBANDS * slot, now, slot);
        }
        double[] lines = new double[LINES];
        for (int band = 0; band < SUBBANDS; band++) {
            for (int k = 0; k < SLOTS; k++) {
                double sum = 0;
                for (int n = 0; n < SLOTS; n++) {
                    sum += TRANSFORM[k][n] * before[band][n] + TRANSFORM[k][n + SLOTS] * now[band][n];
                }
                lines[SLOTS * band + k] = sum;
            }
        }
        before = now;
        for (int border = SLOTS; border < LINES; border += SLOTS) {
            for (int i = 0; i < ALIAS.length; i++) {
                double up = lines[border - 1 - i];
                double down = lines[border + i];
                lines[border - 1 - i] = up * KEEP[i] + down * GIVE[i];
                lines[border + i] = down * KEEP[i] - up * GIVE[i];
            }
        }
        return lines;
    }

    private void subbands(float[] samples, int from, double[][] target, int slot) {
        System.arraycopy(history, 0, history, SUBBANDS, history.length - SUBBANDS);
        for (int i = 0; i < SUBBANDS; i++) {
            history[i] = samples[from + SUBBANDS - 1 - i];
        }
        double[] folded = new double[64];
        for (int i = 0; i < 64; i++) {
            for (int j = i; j < 512; j += 64) {
                folded[i] += window[j] * history[j];
            }
        }
        for (int k = 0; k < SUBBANDS; k++) {
            double sum = 0;
            for (int i = 0; i < 64; i++) {
                sum += MATRIX[k][i] * folded[i];
            }
            // Odd subbands run backwards in frequency: every other sample changes its sign.
            target[k][slot] = (k & slot & 1) == 1 ? -sum : sum;
        }
    }
}
