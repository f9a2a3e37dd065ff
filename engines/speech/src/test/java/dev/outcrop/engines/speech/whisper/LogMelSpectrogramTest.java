package dev.outcrop.engines.speech.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: faster-whisper 1.2.1's FeatureExtractor on the same second of sound and a second of silence. */
final class LogMelSpectrogramTest {
    private static final int FRAMES = 200;
    private static final float[] SPECTROGRAM = new LogMelSpectrogram(80).of(sound(), FRAMES);

    /** A tone, and one that rises. */
    private static float[] sound() {
        float[] samples = new float[16_000];
        for (int i = 0; i < samples.length; i++) {
            double second = i / 16_000.0;
            samples[i] = (float) (0.3 * Math.sin(2 * Math.PI * 440 * second)
                    + 0.2 * Math.sin(2 * Math.PI * (100 + 1500 * second) * second));
        }
        return samples;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1.2172, 0.70405, -0.60596, -0.60596, 0.22696, -0.60596",
        "1, 1.21003, 1.03197, -0.60596, -0.60596, 0.23089, -0.60596",
        "7, 0.96266, 0.47889, 0.6448, -0.60596, 0.2593, -0.60596",
        "20, 0.72854, 0.23916, -0.60596, -0.60596, 0.03531, -0.60596",
        "40, 0.33617, -0.17218, -0.60596, 0.5739, -0.41217, -0.60596",
        "63, -0.02399, -0.53392, -0.60596, -0.60596, -0.20826, -0.60596",
        "79, -0.16205, -0.60596, -0.60596, -0.60596, -0.45099, -0.60596"
    })
    void hearsWhatWhisperHears(
            int band, float frame0, float frame1, float frame10, float frame50, float frame99, float frame120) {
        int[] frames = {0, 1, 10, 50, 99, 120};
        float[] expected = {frame0, frame1, frame10, frame50, frame99, frame120};

        for (int i = 0; i < frames.length; i++) {
            assertThat(SPECTROGRAM[band * FRAMES + frames[i]])
                    .as("band %d, frame %d", band, frames[i])
                    .isCloseTo(expected[i], within(2e-3f));
        }
    }
}
