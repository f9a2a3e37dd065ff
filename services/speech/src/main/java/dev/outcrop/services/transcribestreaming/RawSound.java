package dev.outcrop.services.transcribestreaming;

import dev.outcrop.engines.audio.SoundStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Signed integers of 16 bits, the lower byte first, as they come. */
final class RawSound implements SoundStream {
    private static final int LARGEST_PIECE = 1 << 14;

    private final InputStream in;
    private final int sampleRate;
    private final int channels;
    private final byte[] bytes = new byte[LARGEST_PIECE];
    private int have;

    RawSound(InputStream in, int sampleRate, int channels) {
        this.in = in;
        this.sampleRate = sampleRate;
        this.channels = channels;
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public Optional<float[]> next() {
        int block = 2 * channels;
        try {
            while (have < block) {
                int read = in.read(bytes, have, bytes.length - have);
                if (read < 0) {
                    return Optional.empty();
                }
                have += read;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        int whole = have / block * block;
        float[] samples = new float[whole / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) ((bytes[2 * i] & 0xFF) | bytes[2 * i + 1] << 8) / 32768f;
        }
        System.arraycopy(bytes, whole, bytes, 0, have - whole);
        have -= whole;
        return Optional.of(samples);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
