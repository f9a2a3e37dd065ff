package dev.outcrop.engines.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.audio.UnreadableAudioException.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are one second of a tone of 440 Hz on the left and one of 1000 Hz, half as loud, on the right. */
class AudioDecoderTest {
    /** More of them by {@code -Doutcrop.fuzz.files=10000}. */
    private static final int MUTATIONS = Integer.getInteger("outcrop.fuzz.files", 40);

    static byte[] file(String name) {
        try (InputStream in = AudioDecoderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Sound decoded(byte[] file) {
        return AudioDecoder.decode(new ByteArrayInputStream(file), AudioLimits.USUAL);
    }

    /** How loud a tone is in a sound, by Goertzel's formula; 1 for a full-scale sine. */
    static double loudness(float[] samples, int rate, double frequency) {
        int from = samples.length / 4;
        int to = samples.length * 3 / 4;
        double real = 0;
        double imaginary = 0;
        for (int i = from; i < to; i++) {
            double angle = 2 * Math.PI * frequency * i / rate;
            real += samples[i] * Math.cos(angle);
            imaginary += samples[i] * Math.sin(angle);
        }
        return 2 * Math.hypot(real, imaginary) / (to - from);
    }

    @ParameterizedTest
    @CsvSource({
        "tones.flac,      44100, 0.001",
        "tones.flac.ogg,  44100, 0.001",
        "tones.mp3,       44100, 0.04",
        "plain.m4a,       44100, 0.02",
        "tones.m4a,       44100, 0.02",
        "tones.opus.ogg,  48000, 0.03",
        "tones.webm,      48000, 0.03",
        "tones.vorbis.ogg, 44100, 0.02",
        "tones.vorbis.webm, 44100, 0.02",
        "tones.mulaw.wav, 8000,  0.02",
        "tones.alaw.wav,  8000,  0.02"
    })
    void everyFormatGivesTheTonesOfItsChannels(String name, int rate, double tolerance) {
        Sound sound = decoded(file(name));

        assertThat(sound.sampleRate()).isEqualTo(rate);
        assertThat(sound.channels()).isEqualTo(2);
        assertThat(sound.seconds()).isBetween(0.99, 1.1);
        assertThat(loudness(sound.channel(0), rate, 440)).isCloseTo(0.5, within(tolerance));
        assertThat(loudness(sound.channel(1), rate, 1000)).isCloseTo(0.25, within(tolerance));
        assertThat(loudness(sound.channel(0), rate, 1000)).isLessThan(0.02);
        assertThat(loudness(sound.channel(1), rate, 440)).isLessThan(0.02);
    }

    @Test
    void monoMp3OfALowRateIsDecoded() {
        Sound sound = decoded(file("mono.mp3"));

        assertThat(sound.sampleRate()).isEqualTo(22_050);
        assertThat(sound.channels()).isEqualTo(1);
        assertThat(loudness(sound.samples(), 22_050, 440)).isGreaterThan(0.2);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "1, 16", "1, 24", "1, 32", "3, 32", "3, 64"})
    void wavesHoldIntegersAndFloats(int code, int bits) {
        float[] samples = {0, 0.5f, -0.5f, 0.984375f, -1};

        Sound sound = decoded(wave(samples, code, bits, 16_000));

        assertThat(sound.samples()).containsExactly(samples, within(0.01f));
        assertThat(sound.sampleRate()).isEqualTo(16_000);
    }

    @Test
    void whatIsNotDecodedIsSaid() {
        assertThatThrownBy(() -> decoded("#!AMR\n and more".getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("AMR is not decoded")
                .extracting("category")
                .isEqualTo(Category.UNSUPPORTED);
        assertThatThrownBy(() -> decoded("this is no sound".getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("the file is of no format of sound that is known");
    }

    @Test
    void limitsHoldWhateverAFileSays() {
        byte[] flac = file("tones.flac");

        assertThatThrownBy(() -> AudioDecoder.decode(
                        new ByteArrayInputStream(flac), new AudioLimits(1 << 20, Duration.ofMillis(500), 2)))
                .extracting("category")
                .isEqualTo(Category.TOO_LONG);
        assertThatThrownBy(() -> AudioDecoder.decode(
                        new ByteArrayInputStream(flac), new AudioLimits(1000, Duration.ofHours(1), 2)))
                .extracting("category")
                .isEqualTo(Category.TOO_LARGE);
        assertThatThrownBy(() -> AudioDecoder.decode(
                        new ByteArrayInputStream(flac), new AudioLimits(1 << 20, Duration.ofHours(1), 1)))
                .extracting("category")
                .isEqualTo(Category.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tones.flac",
                "tones.flac.ogg",
                "tones.mp3",
                "tones.m4a",
                "tones.opus.ogg",
                "tones.webm",
                "tones.mulaw.wav",
                "tones.vorbis.ogg",
                "tones.vorbis.webm"
            })
    void damagedFilesAreDecodedOrRefusedAndNothingElse(String name) {
        byte[] whole = file(name);
        Random random = new Random(name.hashCode());
        AudioLimits limits = new AudioLimits(1 << 20, Duration.ofSeconds(30), 8);
        for (int round = 0; round < MUTATIONS; round++) {
            byte[] mutated = mutated(whole, random, round);

            try {
                Sound sound = AudioDecoder.decode(new ByteArrayInputStream(mutated), limits);
                assertThat(sound.samples().length).isLessThan(30 * 192_000 * 8);
            } catch (UnreadableAudioException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static byte[] mutated(byte[] whole, Random random, int round) {
        byte[] copy = round % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        int changes = copy.length == 0 ? 0 : 1 + random.nextInt(round % 3 == 0 ? 200 : 4);
        for (int i = 0; i < changes; i++) {
            // The heads of files hold the numbers that can mislead most.
            int at = random.nextBoolean() ? random.nextInt(Math.min(copy.length, 600)) : random.nextInt(copy.length);
            copy[at] = (byte) (random.nextInt(4) == 0 ? 0xFF : random.nextInt(256));
        }
        return copy;
    }

    static byte[] wave(float[] samples, int code, int bits, int rate) {
        int bytes = bits / 8;
        ByteBuffer file = ByteBuffer.allocate(44 + samples.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + samples.length * bytes);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) code).putShort((short) 1).putInt(rate).putInt(rate * bytes);
        file.putShort((short) bytes).putShort((short) bits);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples.length * bytes);
        for (float sample : samples) {
            if (code == 3) {
                if (bits == 32) {
                    file.putFloat(sample);
                } else {
                    file.putDouble(sample);
                }
            } else if (bits == 8) {
                file.put((byte) (128 + sample * 127));
            } else {
                long value = (long) (sample * ((1L << (bits - 1)) - 1));
                for (int i = 0; i < bytes; i++) {
                    file.put((byte) (value >> (8 * i)));
                }
            }
        }
        return file.array();
    }
}
