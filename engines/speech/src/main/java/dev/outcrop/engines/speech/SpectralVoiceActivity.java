package dev.outcrop.engines.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds speech by what rises above the noise in several bands at once, goes up and down as syllables do, and has a pitch.
 *
 * <p>Every hundredth of a second the energy of twelve bands from 150 to 6,000 Hz is compared with the noise there: the
 * quietest sixth of the ten seconds around. Speech begins where the mean rise, or in noise that of the clearest bands, is
 * above one threshold and lasts until it stays below a lower one. A stretch without any voiced sound (a periodic waveform of 60 to 400 Hz that is no pure tone) is
 * no speech: steady noise, hum, tones and clicks are left out. Whispering is left out, too, and singing is let through.
 *
 * <p>Costs some two thousandths of the sound's length. Holds nothing; safe for concurrent use.
 */
public final class SpectralVoiceActivity implements VoiceActivity {
    private static final int RATE = SpeechRecognizer.SAMPLE_RATE;
    private static final int HOP = 160;
    private static final int FRAME = 400;
    private static final double FRAMES_A_SECOND = (double) RATE / HOP;
    private static final int BANDS = 12;
    private static final double LOWEST = 150;
    private static final double HIGHEST = 6000;

    /** The noise is looked for in blocks of this many frames. */
    private static final int BLOCK = 50;

    private static final int BLOCKS_AROUND = 10;
    private static final double NOISE_SHARE = 1.0 / 6;

    /** Decibels below the loudest frame under which nothing is heard beside it, and absolutely. */
    private static final double RANGE = 55;

    private static final double QUIETEST = -75;
    private static final double RISE_BEGINS = 7.5;
    private static final double RISE_LASTS = 4.5;

    /** Of bands that noise does not cover there are at least so many while somebody speaks. */
    private static final int CLEAR_BANDS = 4;

    /** Decibels by which the best of the bands rise in mere noise more than all do. */
    private static final double CHANCE = 2;

    private static final int LASTING_FRAMES = 40;
    private static final int SHORTEST_FRAMES = 10;
    private static final int PADDING_FRAMES = 40;
    private static final int LARGEST_GAP_FRAMES = 30;
    private static final int FEWEST_VOICED = 4;
    private static final int PITCH_STEP = 2;
    private static final double VOICED = 0.38;
    private static final double LEAST_MISSED = 0.003;
    private static final int PITCH_FRAME = 640;
    private static final int SHORTEST_PERIOD = RATE / 400;
    private static final int LONGEST_PERIOD = RATE / 60;
    private static final double EMPHASIS = 0.9;

    @Override
    public List<Span> find(float[] samples) {
        int frames = samples.length / HOP;
        if (frames < SHORTEST_FRAMES) {
            return List.of();
        }
        return find(finite(samples), frames);
    }

    /** The same with silence in place of what is no number. */
    private static float[] finite(float[] samples) {
        for (int i = 0; i < samples.length; i++) {
            if (!Float.isFinite(samples[i])) {
                float[] cleaned = samples.clone();
                for (int at = i; at < cleaned.length; at++) {
                    cleaned[at] = Float.isFinite(cleaned[at]) ? cleaned[at] : 0;
                }
                return cleaned;
            }
        }
        return samples;
    }

    private static List<Span> find(float[] samples, int frames) {
        double[][] levels = levels(samples, frames);
        double[] rises = rises(levels, frames);
        List<Span> spans = new ArrayList<>();
        int begin = -1;
        int lastAbove = -1;
        int end = 0;
        int start = 0;
        for (int frame = 0; frame <= frames; frame++) {
            boolean over = frame == frames || (begin >= 0 && frame - lastAbove > LASTING_FRAMES);
            if (begin >= 0 && over) {
                if (lastAbove - begin >= SHORTEST_FRAMES && isSpoken(samples, begin, lastAbove)) {
                    int padded = Math.max(0, begin - PADDING_FRAMES);
                    if (end > 0 && padded - end <= LARGEST_GAP_FRAMES) {
                        spans.removeLast();
                    } else {
                        start = padded;
                    }
                    end = Math.min(frames, lastAbove + PADDING_FRAMES);
                    spans.add(new Span(start / FRAMES_A_SECOND, end / FRAMES_A_SECOND));
                }
                begin = -1;
            }
            if (frame < frames) {
                if (begin < 0 && rises[frame] >= RISE_BEGINS) {
                    begin = frame;
                    while (begin > 0 && rises[begin - 1] >= RISE_LASTS && begin > end) {
                        begin--;
                    }
                }
                if (rises[frame] >= RISE_LASTS) {
                    lastAbove = frame;
                }
            }
        }
        return spans;
    }

    /** Decibels of each band and frame, smoothed over five frames. */
    private static double[][] levels(float[] samples, int frames) {
        FourierTransform transform = new FourierTransform(FRAME);
        double[] frame = new double[FRAME];
        double[] powers = new double[FRAME / 2 + 1];
        double[] window = new double[FRAME];
        for (int i = 0; i < FRAME; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / FRAME);
        }
        int[] bandOf = new int[powers.length];
        for (int i = 0; i < powers.length; i++) {
            double frequency = (double) i * RATE / FRAME;
            double place = BANDS * Math.log(frequency / LOWEST) / Math.log(HIGHEST / LOWEST);
            bandOf[i] = place < 0 || place >= BANDS ? -1 : (int) place;
        }
        double[][] energies = new double[BANDS][frames];
        for (int index = 0; index < frames; index++) {
            int start = index * HOP + HOP / 2 - FRAME / 2;
            for (int i = 0; i < FRAME; i++) {
                int at = start + i;
                frame[i] = at >= 0 && at < samples.length ? samples[at] * window[i] : 0;
            }
            transform.powers(frame, powers);
            for (int i = 0; i < powers.length; i++) {
                if (bandOf[i] >= 0) {
                    energies[bandOf[i]][index] += powers[i];
                }
            }
        }
        double scale = (double) FRAME * FRAME / 8;
        double[][] levels = new double[BANDS][frames];
        for (int band = 0; band < BANDS; band++) {
            for (int index = 0; index < frames; index++) {
                double sum = 0;
                int count = 0;
                for (int near = Math.max(0, index - 2); near <= Math.min(frames - 1, index + 2); near++) {
                    sum += energies[band][near];
                    count++;
                }
                levels[band][index] = 10 * Math.log10(sum / count / scale + 1e-12);
            }
        }
        return levels;
    }

    /**
     * What each frame's energy is above the noise around it, in decibels: the mean over the bands; or where a few bands
     * stand out of noise that covers the others, the mean over those, less what chance makes of the best of noise.
     */
    private static double[] rises(double[][] levels, int frames) {
        double[][] above = new double[frames][BANDS];
        int blocks = (frames + BLOCK - 1) / BLOCK;
        for (int index = 0; index < BANDS; index++) {
            double[] band = levels[index];
            double loudest = Arrays.stream(band).max().orElse(QUIETEST);
            double floor = Math.max(QUIETEST, loudest - RANGE);
            for (int block = 0; block < blocks; block++) {
                int from = Math.max(0, (block - BLOCKS_AROUND) * BLOCK);
                int to = Math.min(frames, (block + BLOCKS_AROUND + 1) * BLOCK);
                double[] around = Arrays.copyOfRange(band, from, to);
                Arrays.sort(around);
                double noise = Math.max(floor, around[(int) (around.length * NOISE_SHARE)]);
                for (int frame = block * BLOCK; frame < Math.min(frames, (block + 1) * BLOCK); frame++) {
                    above[frame][index] = Math.max(0, band[frame] - noise);
                }
            }
        }
        double[] rises = new double[frames];
        for (int frame = 0; frame < frames; frame++) {
            Arrays.sort(above[frame]);
            double best = Arrays.stream(above[frame], BANDS - CLEAR_BANDS, BANDS)
                    .average()
                    .orElse(0);
            rises[frame] = Math.max(Arrays.stream(above[frame]).average().orElse(0), best - CHANCE);
        }
        return rises;
    }

    /** Whether more frames are voiced than are tones, by some. */
    private static boolean isSpoken(float[] samples, int begin, int end) {
        int voiced = 0;
        for (int frame = begin; frame <= end && voiced < FEWEST_VOICED; frame += PITCH_STEP) {
            int start = frame * HOP;
            if (start + PITCH_FRAME + LONGEST_PERIOD + 1 <= samples.length) {
                voiced += voicing(samples, start);
            }
        }
        return voiced >= FEWEST_VOICED;
    }

    /** 1 where a frame is voiced, −1 where it is a tone, else 0. */
    private static int voicing(float[] samples, int start) {
        double[] emphasized = new double[PITCH_FRAME + LONGEST_PERIOD];
        for (int i = 0; i < emphasized.length; i++) {
            emphasized[i] = samples[start + i + 1] - EMPHASIS * samples[start + i];
        }
        double energy = energy(emphasized, 0);
        if (energy <= 0) {
            return 0;
        }
        double shifted = energy(emphasized, SHORTEST_PERIOD);
        double best = 0;
        for (int period = SHORTEST_PERIOD; period < LONGEST_PERIOD; period++) {
            double product = 0;
            for (int i = 0; i < PITCH_FRAME; i++) {
                product += emphasized[i] * emphasized[i + period];
            }
            best = Math.max(best, product / Math.sqrt(energy * Math.max(shifted, Double.MIN_NORMAL)));
            shifted += emphasized[period + PITCH_FRAME] * emphasized[period + PITCH_FRAME]
                    - emphasized[period] * emphasized[period];
        }
        if (best < VOICED) {
            return 0;
        }
        return isPure(emphasized) ? -1 : 1;
    }

    private static double energy(double[] values, int from) {
        double energy = 0;
        for (int i = from; i < from + PITCH_FRAME; i++) {
            energy += values[i] * values[i];
        }
        return energy;
    }

    /**
     * Whether nearly all energy is at one frequency: each value of a tone follows from the two before it. Low vowels nearly
     * do so, too, but leave ten times as much.
     */
    private static boolean isPure(double[] values) {
        double cross = 0;
        double square = 0;
        for (int i = 1; i < PITCH_FRAME; i++) {
            cross += values[i] * (values[i - 1] + values[i + 1]);
            square += values[i] * values[i];
        }
        double factor = cross / Math.max(square, Double.MIN_NORMAL);
        double missed = 0;
        for (int i = 1; i < PITCH_FRAME; i++) {
            double rest = values[i - 1] + values[i + 1] - factor * values[i];
            missed += rest * rest;
        }
        return missed < LEAST_MISSED * square;
    }
}
