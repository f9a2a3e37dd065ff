package dev.outcrop.engines.audio.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.audio.AudioDecoder;
import dev.outcrop.engines.audio.AudioLimits;
import dev.outcrop.engines.audio.Sound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodersTest {
    /** Two seconds that rise and fall, with harmonics, as speech has them. */
    private static float[] voice(int rate) {
        float[] samples = new float[2 * rate];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double time = i / (double) rate;
            phase += 2 * Math.PI * (120 + 40 * Math.sin(3 * time)) / rate;
            double sum = 0;
            for (int harmonic = 1; harmonic * 200 < rate / 2 && harmonic < 25; harmonic++) {
                double formant = Math.exp(-Math.pow((harmonic * 140 - 700) / 500.0, 2)) + .1 / harmonic;
                sum += formant * Math.sin(harmonic * phase);
            }
            samples[i] = (float) (.12 * sum * (.6 + .4 * Math.sin(9 * time)));
        }
        return samples;
    }

    private static byte[] encode(SoundEncoder encoder, float[] samples) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int from = 0; from < samples.length; from += 1777) {
            bytes.writeBytes(
                    encoder.encode(java.util.Arrays.copyOfRange(samples, from, Math.min(samples.length, from + 1777))));
        }
        bytes.writeBytes(encoder.finish());
        return bytes.toByteArray();
    }

    private static Sound decode(byte[] bytes) {
        return AudioDecoder.decode(new ByteArrayInputStream(bytes), AudioLimits.USUAL);
    }

    /** How far the noise lies below the sound, in decibels, where both fit best. */
    private static double signalToNoise(float[] sound, float[] decoded, int longestDelay) {
        double best = Double.NEGATIVE_INFINITY;
        for (int delay = 0; delay <= longestDelay; delay++) {
            double signal = 0;
            double noise = 1e-12;
            int count = Math.min(sound.length, decoded.length - delay);
            for (int i = 2000; i < count; i++) {
                double error = decoded[i + delay] - sound[i];
                signal += sound[i] * sound[i];
                noise += error * error;
                if (i == 4000 && noise > signal) {
                    break;
                }
            }
            best = Math.max(best, 10 * Math.log10(signal / noise));
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({"8000, 14", "16000, 14", "22050, 14", "24000, 14", "44100, 14", "48000, 14"})
    void anotherDecoderHearsInLayer3WhatWasEncoded(int rate, double decibels) {
        float[] samples = voice(rate);

        byte[] bytes = encode(new Mp3Encoder(rate), samples);

        Sound decoded = decode(bytes);
        assertThat(decoded.sampleRate()).isEqualTo(rate);
        assertThat(decoded.channels()).isEqualTo(1);
        assertThat(decoded.samples().length).isBetween(samples.length, samples.length + 6000);
        assertThat(signalToNoise(samples, decoded.samples(), 2400)).isGreaterThan(decibels);
        int kilobits = rate == 8000 ? 24 : rate > 24_000 ? 96 : 48;
        assertThat(bytes.length * 8.0 / 1000 / decoded.seconds()).isBetween(.95 * kilobits, 1.05 * kilobits);
    }

    @Test
    void anotherDecoderHearsInOpusWhatWasEncoded() {
        float[] samples = voice(48_000);

        byte[] bytes = encode(new OggOpusEncoder(), samples);

        Sound decoded = decode(bytes);
        assertThat(decoded.sampleRate()).isEqualTo(48_000);
        assertThat(decoded.samples().length).isEqualTo(samples.length);
        assertThat(signalToNoise(samples, decoded.samples(), 0)).isGreaterThan(8);
    }

    @Test
    void pcmIsTheSamplesInTwoBytesEach() {
        byte[] bytes = encode(new Pcm(), new float[] {0, 1, -1, .5F, 2});

        assertThat(bytes).containsExactly(0, 0, 0xFF, 0x7F, 0x01, 0x80, 0x00, 0x40, 0xFF, 0x7F);
    }

    @Test
    void silenceAndNothingAreSoundsToo() {
        assertThat(decode(encode(new Mp3Encoder(22_050), new float[22_050])).samples())
                .containsOnly(0);
        assertThat(encode(new Mp3Encoder(22_050), new float[0])).isNotEmpty();
        assertThat(decode(encode(new OggOpusEncoder(), new float[0])).samples()).isEmpty();
    }
}
