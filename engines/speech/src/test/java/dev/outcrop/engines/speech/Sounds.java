package dev.outcrop.engines.speech;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Sounds to test with, 16,000 samples a second. */
public final class Sounds {
    private static final int WAVE_HEADER = 78;

    private Sounds() {}

    /** "And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country." */
    public static float[] address() throws IOException {
        try (InputStream file = Sounds.class.getResourceAsStream("inaugural-address.wav")) {
            ByteBuffer bytes = ByteBuffer.wrap(file.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(WAVE_HEADER);
            float[] samples = new float[bytes.remaining() / Short.BYTES];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = bytes.getShort() / 32768f;
            }
            return samples;
        }
    }

    public static float[] silence(double seconds) {
        return new float[(int) (seconds * SpeechRecognizer.SAMPLE_RATE)];
    }

    public static float[] noise(double seconds, double loudness) {
        Random random = new Random(5);
        float[] samples = silence(seconds);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (loudness * random.nextGaussian());
        }
        return samples;
    }

    /** Noise that has the more energy the lower the frequency, as wind and traffic have. */
    public static float[] rumble(double seconds, double loudness) {
        float[] samples = noise(seconds, loudness);
        for (int i = 1; i < samples.length; i++) {
            samples[i] = 0.95f * samples[i - 1] + 0.3f * samples[i];
        }
        return samples;
    }

    public static float[] tone(double seconds, double frequency, double loudness) {
        float[] samples = silence(seconds);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (loudness * Math.sin(2 * Math.PI * frequency * i / SpeechRecognizer.SAMPLE_RATE));
        }
        return samples;
    }

    /** One sound after the other. */
    public static float[] joined(float[]... parts) {
        int length = 0;
        for (float[] part : parts) {
            length += part.length;
        }
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Two sounds at once, as long as the first. */
    public static float[] mixed(float[] sound, float[] other) {
        float[] both = sound.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] += other[i % other.length];
        }
        return both;
    }
}
