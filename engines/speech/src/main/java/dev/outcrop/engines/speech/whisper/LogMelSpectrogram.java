package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.MelSpectrogram;

/**
 * What Whisper hears: the logarithm of the energy in bands of the mel scale, in frames of 25 ms every 10 ms.
 *
 * <p>Source: OpenAI's log_mel_spectrogram: floor eight decades below the loudest, (x + 4) / 4.
 */
final class LogMelSpectrogram {
    /** Samples from frame to frame. */
    static final int HOP = MelSpectrogram.HOP;

    private static final double FLOOR = 1e-10;
    private static final double RANGE = 8;

    private final MelSpectrogram energies;
    private final int bands;

    LogMelSpectrogram(int bands) {
        this.bands = bands;
        energies = new MelSpectrogram(bands);
    }

    /**
     * The spectrogram of a sound, followed by silence up to {@code frames} frames.
     *
     * @param samples 16,000 a second, −1 to 1; what lies beyond the frames is not heard
     * @return band by band, {@code frames} values each
     */
    float[] of(float[] samples, int frames) {
        double[][] rows = energies.of(samples, frames);
        double loudest = Math.log10(FLOOR);
        for (double[] row : rows) {
            for (int band = 0; band < bands; band++) {
                row[band] = Math.log10(Math.max(row[band], FLOOR));
                loudest = Math.max(loudest, row[band]);
            }
        }
        float[] result = new float[bands * frames];
        for (int frame = 0; frame < frames; frame++) {
            for (int band = 0; band < bands; band++) {
                result[band * frames + frame] = (float) ((Math.max(rows[frame][band], loudest - RANGE) + 4) / 4);
            }
        }
        return result;
    }
}
