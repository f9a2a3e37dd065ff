package dev.outcrop.engines.speech;

import java.util.Arrays;

/**
 * The energy of a sound in bands of the mel scale, in frames of 25 ms every 10 ms. Safe for concurrent use.
 *
 * <p>Source: Slaney, "Auditory Toolbox", 1998: bands of equal area on a scale that is linear up to 1,000 Hz and logarithmic
 * above it; Hann window, 400 points, reflected at the beginning.
 */
public final class MelSpectrogram {
    /** Samples from frame to frame. */
    public static final int HOP = 160;

    private static final int WINDOW = 400;
    private static final int FREQUENCIES = WINDOW / 2 + 1;
    private static final double RATE = SpeechRecognizer.SAMPLE_RATE;

    /** Below this frequency the mel scale is linear, and above it logarithmic. */
    private static final double BREAK_FREQUENCY = 1000;

    private static final double LINEAR_STEP = 200.0 / 3;
    private static final double LOGARITHMIC_STEP = Math.log(6.4) / 27;

    private final int bands;
    private final double[] window = new double[WINDOW];
    private final int[] firstFrequency;
    private final double[][] weights;

    /** @param bands into how many bands the frequencies up to 8,000 Hz are cut */
    public MelSpectrogram(int bands) {
        this.bands = bands;
        for (int i = 0; i < WINDOW; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
        }
        firstFrequency = new int[bands];
        weights = new double[bands][];
        double highest = mel(RATE / 2);
        for (int band = 0; band < bands; band++) {
            double low = frequency(highest * band / (bands + 1));
            double middle = frequency(highest * (band + 1) / (bands + 1));
            double high = frequency(highest * (band + 2) / (bands + 1));
            double[] all = new double[FREQUENCIES];
            int first = FREQUENCIES;
            int last = 0;
            for (int i = 0; i < FREQUENCIES; i++) {
                double frequency = i * RATE / WINDOW;
                double height = Math.min((frequency - low) / (middle - low), (high - frequency) / (high - middle));
                if (height > 0) {
                    all[i] = height * 2 / (high - low);
                    first = Math.min(first, i);
                    last = i + 1;
                }
            }
            firstFrequency[band] = Math.min(first, last);
            weights[band] = Arrays.copyOfRange(all, Math.min(first, last), last);
        }
    }

    private static double mel(double frequency) {
        return frequency < BREAK_FREQUENCY
                ? frequency / LINEAR_STEP
                : BREAK_FREQUENCY / LINEAR_STEP + Math.log(frequency / BREAK_FREQUENCY) / LOGARITHMIC_STEP;
    }

    private static double frequency(double mel) {
        double breakMel = BREAK_FREQUENCY / LINEAR_STEP;
        return mel < breakMel ? mel * LINEAR_STEP : BREAK_FREQUENCY * Math.exp(LOGARITHMIC_STEP * (mel - breakMel));
    }

    /**
     * The energies of a sound, followed by silence up to {@code frames} frames; frame i has its middle at sample i · HOP.
     *
     * @param samples 16,000 a second, −1 to 1; what lies beyond the frames is not heard
     * @return frame by frame, a value a band
     */
    public double[][] of(float[] samples, int frames) {
        double[][] energies = new double[frames][bands];
        double[] frame = new double[WINDOW];
        double[] powers = new double[FREQUENCIES];
        FourierTransform transform = new FourierTransform(WINDOW);
        for (int index = 0; index < frames; index++) {
            int start = index * HOP - WINDOW / 2;
            if (start >= samples.length) {
                break;
            }
            for (int i = 0; i < WINDOW; i++) {
                int at = Math.abs(start + i);
                frame[i] = at < samples.length ? samples[at] * window[i] : 0;
            }
            transform.powers(frame, powers);
            for (int band = 0; band < bands; band++) {
                double energy = 0;
                double[] bandWeights = weights[band];
                int first = firstFrequency[band];
                for (int i = 0; i < bandWeights.length; i++) {
                    energy += bandWeights[i] * powers[first + i];
                }
                energies[index][band] = energy;
            }
        }
        return energies;
    }
}
