package dev.outcrop.services;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sounds for tests. */
public final class Tones {
    private Tones() {}

    /** Samples of 16 bits, the lower byte first: a tone on each channel, as loud as it is told. */
    public static byte[] samples(int rate, double seconds, double... loudness) {
        int frames = (int) (rate * seconds);
        ByteBuffer bytes = ByteBuffer.allocate(frames * loudness.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < frames; i++) {
            for (double channel : loudness) {
                bytes.putShort((short) (Short.MAX_VALUE * channel * Math.sin(2 * Math.PI * 300 * i / rate)));
            }
        }
        return bytes.array();
    }

    /** The same as a WAVE file. */
    public static byte[] wave(int rate, double seconds, double... loudness) {
        return wave(rate, loudness.length, samples(rate, seconds, loudness));
    }

    /** Samples of 16 bits as a WAVE file. */
    public static byte[] wave(int rate, int channels, byte[] samples) {
        int block = 2 * channels;
        ByteBuffer file = ByteBuffer.allocate(44 + samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + samples.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) channels).putInt(rate).putInt(rate * block);
        file.putShort((short) block).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(samples.length)
                .put(samples);
        return file.array();
    }
}
