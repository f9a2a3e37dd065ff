package dev.outcrop.engines.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResamplerTest {
    private static float[] tone(double frequency, int rate, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * frequency * i / rate));
        }
        return samples;
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 44_101})
    void aToneKeepsItsPitchPhaseAndLoudness(int rate) {
        float[] result = Resampler.resample(tone(1000, rate, rate), rate, 16_000);

        assertThat(result.length).isBetween(15_999, 16_001);
        float[] expected = tone(1000, 16_000, 16_000);
        for (int i = 200; i < 15_700; i++) {
            assertThat(result[i]).as("sample %s", i).isCloseTo(expected[i], within(rate == 44_101 ? 0.05f : 0.002f));
        }
    }

    @Test
    void whatTheLowerRateCannotCarryIsFilteredOut() {
        float[] result = Resampler.resample(tone(10_000, 48_000, 48_000), 48_000, 16_000);

        for (int i = 200; i < 15_700; i++) {
            assertThat(Math.abs(result[i])).isLessThan(0.0005f);
        }
    }

    @Test
    void piecesGiveWhatTheWholeGives() {
        float[] samples = new float[20_000];
        Random random = new Random(3);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = random.nextFloat() - 0.5f;
        }
        float[] whole = Resampler.resample(samples, 44_100, 16_000);

        Resampler resampler = new Resampler(44_100, 16_000);
        float[] pieced = new float[whole.length];
        int filled = 0;
        int at = 0;
        while (at < samples.length) {
            int length = Math.min(samples.length - at, random.nextInt(700));
            float[] part = resampler.process(Arrays.copyOfRange(samples, at, at + length));
            System.arraycopy(part, 0, pieced, filled, part.length);
            filled += part.length;
            at += length;
        }
        float[] rest = resampler.finish();
        System.arraycopy(rest, 0, pieced, filled, rest.length);

        assertThat(filled + rest.length).isEqualTo(whole.length);
        assertThat(pieced).containsExactly(whole, within(1e-6f));
    }
}
