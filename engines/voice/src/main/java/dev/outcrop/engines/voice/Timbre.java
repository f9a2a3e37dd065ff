package dev.outcrop.engines.voice;

import dev.outcrop.engines.voice.markup.Style;
import java.util.Random;

/**
 * Changes how a voice sounds, by linear prediction: each 5 ms of speech are a filter, which is the vocal tract, and what
 * excites it, which is the voice. Noise for a voice is a whisper; another tract has its resonances elsewhere.
 *
 * <p>Source: Makhoul, "Linear prediction: a tutorial review", 1975. O(n · order) for n samples.
 */
final class Timbre {
    private static final int ORDER = 22;
    private static final double HOP_SECONDS = .005;
    private static final double WINDOW_SECONDS = .025;
    private static final int BINS = 256;
    private static final double SILENCE = 1e-9;
    private static final long SEED = 20_260_101;

    private Timbre() {}

    /** The sound as {@code style} wants it, pace and loudness apart: those are the speaker's. */
    static float[] apply(float[] samples, int sampleRate, Style style) {
        float[] sound = samples;
        if (style.pitch() != 1) {
            // Speech that was spoken slower, played faster: the pitch is higher, and so are the resonances, which go
            // back.
            sound = filtered(played(sound, style.pitch()), sampleRate, false, 1 / style.pitch());
        }
        if (style.tract() != 1) {
            sound = filtered(sound, sampleRate, false, 1 / style.tract());
        }
        if (style.whispered()) {
            sound = filtered(sound, sampleRate, true, 1);
        } else if (style.soft()) {
            sound = softened(sound, filtered(sound, sampleRate, true, 1), sampleRate);
        }
        if (style.compressed()) {
            sound = compressed(sound, sampleRate);
        }
        return sound;
    }

    /** Plays a sound {@code speed} times as fast. */
    static float[] played(float[] samples, double speed) {
        float[] faster = new float[(int) (samples.length / speed)];
        for (int i = 0; i < faster.length; i++) {
            double place = i * speed;
            int at = (int) place;
            double part = place - at;
            double before = samples[Math.max(at - 1, 0)];
            double here = samples[at];
            double next = samples[Math.min(at + 1, samples.length - 1)];
            double after = samples[Math.min(at + 2, samples.length - 1)];
            // A cubic through four samples (Catmull and Rom).
            faster[i] = (float) (here
                    + .5
                            * part
                            * (next
                                    - before
                                    + part
                                            * (2 * before
                                                    - 5 * here
                                                    + 4 * next
                                                    - after
                                                    + part * (3 * (here - next) + after - before))));
        }
        return faster;
    }

    private static float[] filtered(float[] samples, int sampleRate, boolean noise, double resonances) {
        int hop = (int) (HOP_SECONDS * sampleRate);
        int window = (int) (WINDOW_SECONDS * sampleRate);
        Random random = new Random(SEED);
        float[] output = new float[samples.length];
        for (int begin = 0; begin < samples.length; begin += hop) {
            int end = Math.min(samples.length, begin + hop);
            double[] correlation = autocorrelation(samples, begin + hop / 2 - window / 2, window);
            double[] filter = new double[ORDER + 1];
            double error = predict(correlation, filter);
            double[] tract = filter;
            double gain = 1;
            if (resonances != 1 && error > SILENCE) {
                tract = new double[ORDER + 1];
                double moved = predict(moved(filter, error, resonances), tract);
                gain = Math.sqrt(Math.max(moved, SILENCE) / error);
            }
            double level = Math.sqrt(error / window) * .8;
            for (int i = begin; i < end; i++) {
                double excitation = 0;
                if (noise) {
                    excitation = random.nextGaussian() * level;
                } else {
                    for (int k = 0; k <= ORDER && k <= i; k++) {
                        excitation += filter[k] * samples[i - k];
                    }
                }
                double sum = excitation * gain;
                for (int k = 1; k <= ORDER && k <= i; k++) {
                    sum -= tract[k] * output[i - k];
                }
                output[i] = (float) Math.clamp(sum, -1.5, 1.5);
            }
        }
        return output;
    }

    private static double[] autocorrelation(float[] samples, int from, int window) {
        double[] windowed = new double[window];
        for (int i = 0; i < window; i++) {
            int at = from + i;
            if (at >= 0 && at < samples.length) {
                windowed[i] = samples[at] * (.5 - .5 * Math.cos(2 * Math.PI * (i + .5) / window));
            }
        }
        double[] correlation = new double[ORDER + 1];
        for (int lag = 0; lag <= ORDER; lag++) {
            for (int i = lag; i < window; i++) {
                correlation[lag] += windowed[i] * windowed[i - lag];
            }
        }
        // A little noise everywhere keeps the filter stable.
        correlation[0] = correlation[0] * 1.0001 + SILENCE;
        return correlation;
    }

    /** Levinson's recursion; gives the energy that is left. */
    private static double predict(double[] correlation, double[] filter) {
        filter[0] = 1;
        double error = correlation[0];
        for (int i = 1; i < filter.length; i++) {
            double sum = correlation[i];
            for (int j = 1; j < i; j++) {
                sum += filter[j] * correlation[i - j];
            }
            double reflection = -sum / error;
            for (int j = 1; j <= i / 2; j++) {
                double one = filter[j] + reflection * filter[i - j];
                double other = filter[i - j] + reflection * filter[j];
                filter[j] = one;
                filter[i - j] = other;
            }
            filter[i] = reflection;
            error *= Math.max(1 - reflection * reflection, 1e-6);
        }
        return error;
    }

    /** The autocorrelation of a filter whose resonances lie {@code factor} times as high. */
    private static double[] moved(double[] filter, double error, double factor) {
        double[] power = new double[BINS + 1];
        for (int bin = 0; bin <= BINS; bin++) {
            double angle = Math.PI * bin / BINS / factor;
            if (angle <= Math.PI) {
                double real = 0;
                double imaginary = 0;
                for (int k = 0; k < filter.length; k++) {
                    real += filter[k] * Math.cos(k * angle);
                    imaginary += filter[k] * Math.sin(k * angle);
                }
                power[bin] = error / Math.max(real * real + imaginary * imaginary, 1e-9);
            } else {
                power[bin] = power[bin - 1];
            }
        }
        double[] correlation = new double[filter.length];
        for (int lag = 0; lag < correlation.length; lag++) {
            for (int bin = 0; bin <= BINS; bin++) {
                double weight = bin == 0 || bin == BINS ? .5 : 1;
                correlation[lag] += weight * power[bin] * Math.cos(Math.PI * lag * bin / BINS) / BINS;
            }
        }
        correlation[0] = correlation[0] * 1.0001 + SILENCE;
        return correlation;
    }

    /** Some breath, and less of what is high. */
    private static float[] softened(float[] samples, float[] breath, int sampleRate) {
        float[] soft = new float[samples.length];
        double smoothing = 1 - Math.exp(-2 * Math.PI * 2500 / sampleRate);
        double state = 0;
        for (int i = 0; i < samples.length; i++) {
            state += smoothing * (samples[i] - state);
            soft[i] = (float) (.6 * state + .25 * breath[i]);
        }
        return soft;
    }

    /** Dynamic range compression: what is below a quarter of the loudest is raised, at most twofold. */
    private static float[] compressed(float[] samples, int sampleRate) {
        float[] output = new float[samples.length];
        double attack = 1 - Math.exp(-1 / (.005 * sampleRate));
        double release = 1 - Math.exp(-1 / (.08 * sampleRate));
        double envelope = 0;
        for (int i = 0; i < samples.length; i++) {
            double level = Math.abs(samples[i]);
            envelope += (level > envelope ? attack : release) * (level - envelope);
            double gain = Math.min(2, Math.pow(.4 / Math.max(envelope, .01), .4));
            output[i] = (float) Math.clamp(samples[i] * gain, -1, 1);
        }
        return output;
    }
}
