package dev.outcrop.services.transcribe;

import dev.outcrop.engines.audio.Resampler;
import dev.outcrop.engines.audio.Sound;
import dev.outcrop.engines.audio.SoundStream;
import dev.outcrop.engines.speech.SpeechRecognizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts long sound into pieces that can be recognised one after the other, where it is most quiet, at the rate that
 * recognisers take. For one thread.
 */
final class SoundPieces {
    /** Samples a second of the pieces. */
    static final int RATE = SpeechRecognizer.SAMPLE_RATE;

    private static final int WINDOW = RATE / 5;

    private final SoundStream sound;
    private final boolean apart;
    private final int longest;
    private final Resampler[] resamplers;
    private final float[][] waiting;
    private int filled;
    private long given;
    private boolean ended;

    /**
     * Pieces of {@code sound}.
     *
     * @param apart   whether channels are kept apart; else they are mixed
     * @param seconds how long a piece may be
     */
    SoundPieces(SoundStream sound, boolean apart, int seconds) {
        this.sound = sound;
        this.apart = apart;
        longest = seconds * RATE;
        resamplers = new Resampler[apart ? sound.channels() : 1];
        waiting = new float[resamplers.length][];
        for (int channel = 0; channel < resamplers.length; channel++) {
            resamplers[channel] = new Resampler(sound.sampleRate(), RATE);
            waiting[channel] = new float[RATE * 30];
        }
    }

    /**
     * A piece.
     *
     * @param start    samples before it
     * @param channels the samples of each channel
     */
    record Piece(long start, float[][] channels) {
        double seconds() {
            return (double) start / RATE;
        }

        long end() {
            return start + channels[0].length;
        }
    }

    int channels() {
        return waiting.length;
    }

    /** The next piece; empty at the end. */
    Optional<Piece> next() {
        while (!ended && filled < longest) {
            fill();
        }
        if (filled == 0) {
            return Optional.empty();
        }
        int length = filled > longest || (!ended && filled == longest) ? cut() : filled;
        float[][] piece = new float[waiting.length][];
        for (int channel = 0; channel < waiting.length; channel++) {
            piece[channel] = Arrays.copyOf(waiting[channel], length);
            System.arraycopy(waiting[channel], length, waiting[channel], 0, filled - length);
        }
        Piece result = new Piece(given, piece);
        filled -= length;
        given += length;
        return Optional.of(result);
    }

    private void fill() {
        Optional<float[]> next = sound.next();
        if (next.isEmpty()) {
            ended = true;
            int length = 0;
            for (int channel = 0; channel < waiting.length; channel++) {
                length = append(channel, resamplers[channel].finish());
            }
            filled += length;
            return;
        }
        Sound piece = new Sound(next.get(), sound.sampleRate(), sound.channels());
        int length = 0;
        for (int channel = 0; channel < waiting.length; channel++) {
            float[] samples = apart ? piece.channel(channel) : piece.mono();
            length = append(channel, resamplers[channel].process(samples));
        }
        filled += length;
    }

    private int append(int channel, float[] samples) {
        if (filled + samples.length > waiting[channel].length) {
            waiting[channel] =
                    Arrays.copyOf(waiting[channel], Math.max(waiting[channel].length * 2, filled + samples.length));
        }
        System.arraycopy(samples, 0, waiting[channel], filled, samples.length);
        return samples.length;
    }

    /** The middle of the quietest fifth of a second of the last third. */
    private int cut() {
        int best = Math.min(filled, longest);
        double least = Double.MAX_VALUE;
        for (int from = longest * 2 / 3; from + WINDOW <= Math.min(filled, longest); from += WINDOW / 4) {
            double energy = 0;
            for (float[] channel : waiting) {
                for (int i = from; i < from + WINDOW; i++) {
                    energy += channel[i] * channel[i];
                }
            }
            if (energy <= least) {
                least = energy;
                best = from + WINDOW / 2;
            }
        }
        return best;
    }
}
