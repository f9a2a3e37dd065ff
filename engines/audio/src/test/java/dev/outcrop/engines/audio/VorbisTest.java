package dev.outcrop.engines.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VorbisTest {
    /** A sweep with steps of loudness, of which libsndfile made Vorbis of medium quality. */
    @Test
    void decodesToTheSamplesThatLibvorbisDecodesTo() {
        Sound ours = decoded("sweep.vorbis.ogg");
        Sound theirs = decoded("sweep.decoded.flac");

        assertThat(ours.samples()).hasSize(theirs.samples().length);
        double error = 0;
        for (int i = 0; i < ours.samples().length; i++) {
            error = Math.max(error, Math.abs(ours.samples()[i] - theirs.samples()[i]));
        }
        // Theirs is rounded to 16 bits.
        assertThat(error).isLessThan(2.0 / 32768);
    }

    @Test
    void theFastTransformIsTheSumThatItStandsFor() {
        int length = 64;
        Random random = new Random(5);
        float[] spectrum = new float[length / 2];
        for (int i = 0; i < spectrum.length; i++) {
            spectrum[i] = (float) random.nextGaussian();
        }
        float[] result = new float[length];

        new InverseMdct(length).transform(spectrum, result);

        for (int n = 0; n < length; n++) {
            double sum = 0;
            for (int k = 0; k < spectrum.length; k++) {
                sum += spectrum[k] * Math.cos(2 * Math.PI / length * (n + 0.5 + length / 4.0) * (k + 0.5));
            }
            assertThat(result[n]).as("value %d", n).isCloseTo((float) sum, within(1e-4f));
        }
    }

    private static Sound decoded(String name) {
        return AudioDecoder.decode(new ByteArrayInputStream(AudioDecoderTest.file(name)), AudioLimits.USUAL);
    }
}
