package dev.outcrop.engines.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jcodec.codecs.aac.AACDecoder;
import org.jcodec.common.model.AudioBuffer;

/**
 * AAC of an MP4 file, decoded by JCodec. A frame that cannot be decoded is silence; too many of them are damage.
 *
 * <p>JCodec does not know the substitution of noise, with which some encoders fill bands: from the first such band on, a
 * channel is silent for good. A track that falls silent while its frames go on to hold something is refused at its end.
 *
 * <p>Source: ISO/IEC 14496-3.
 */
final class AacStream implements SoundStream {
    private static final int MOST_BROKEN = 200;
    /** 2048 samples of eight channels, two bytes each, and as much again. */
    private static final int ROOM = 1 << 16;

    /** A frame of silence is shorter. */
    private static final int SOMETHING = 40;

    private static final int LONGEST_SILENT_SECONDS = 10;

    private final FileChannel file;
    private final Mp4Samples samples;
    private final AACDecoder decoder;
    private int sampleRate;
    private int channels;
    private int broken;
    private int lastFrames;
    private boolean[] sounded = new boolean[0];
    private long[] silent = new long[0];
    private long given;
    private Optional<float[]> upcoming;

    AacStream(FileChannel file) {
        this.file = file;
        try {
            samples = new Mp4Samples(file);
            decoder = new AACDecoder(ByteBuffer.wrap(samples.description()));
            upcoming = decoded();
        } catch (UnreadableAudioException unreadable) {
            throw unreadable;
        } catch (IOException | RuntimeException undecodable) {
            throw damaged(undecodable);
        }
        if (upcoming.isEmpty()) {
            throw UnreadableAudioException.damaged("the MP4 file has no sound");
        }
    }

    private static UnreadableAudioException damaged(Exception cause) {
        return new UnreadableAudioException(
                UnreadableAudioException.Category.DAMAGED, "the AAC track is damaged", cause);
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
        Optional<float[]> piece = upcoming;
        upcoming = piece.isEmpty() ? piece : decoded();
        return piece;
    }

    private Optional<float[]> decoded() {
        while (true) {
            try {
                Optional<byte[]> sample = samples.next();
                if (sample.isEmpty()) {
                    requireSound();
                    return Optional.empty();
                }
                Optional<float[]> piece = decode(sample.get());
                if (piece.isPresent()) {
                    watch(piece.get(), sample.get().length);
                    return piece;
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Counts for how long each channel has been silent although its frames hold something. */
    private void watch(float[] piece, int bytes) {
        if (silent.length == 0) {
            silent = new long[channels];
            sounded = new boolean[channels];
        }
        int frames = piece.length / channels;
        given += frames;
        for (int channel = 0; channel < channels; channel++) {
            boolean zero = true;
            for (int i = channel; i < piece.length && zero; i += channels) {
                zero = piece[i] == 0;
            }
            sounded[channel] |= !zero;
            silent[channel] = zero && bytes > SOMETHING ? silent[channel] + frames : 0;
        }
    }

    private void requireSound() {
        for (int channel = 0; channel < silent.length; channel++) {
            boolean fellSilent =
                    silent[channel] > (long) LONGEST_SILENT_SECONDS * sampleRate || silent[channel] > given / 2;
            if (fellSilent && (sounded[channel] || channels == 1)) {
                throw UnreadableAudioException.unsupported(
                        "the AAC track uses noise substitution, which is not decoded");
            }
        }
    }

    private Optional<float[]> decode(byte[] sample) {
        try {
            AudioBuffer buffer = decoder.decodeFrame(ByteBuffer.wrap(sample), ByteBuffer.allocate(ROOM));
            int rate = buffer.getFormat().getSampleRate();
            int count = buffer.getFormat().getChannels();
            if (sampleRate == 0 && rate > 0 && count > 0) {
                sampleRate = rate;
                channels = count;
            }
            if (rate != sampleRate || count != channels) {
                throw new IOException("a frame with " + count + " channels and " + rate + " samples a second");
            }
            ByteBuffer data = buffer.getData();
            short[] values = new short[data.remaining() / 2];
            data.order(buffer.getFormat().isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .get(values);
            lastFrames = values.length / channels;
            return values.length == 0 ? Optional.empty() : Optional.of(Samples.of(values, lastFrames * channels));
        } catch (IOException | RuntimeException undecodable) {
            if (++broken > MOST_BROKEN) {
                throw damaged(undecodable);
            }
            return lastFrames == 0 ? Optional.empty() : Optional.of(new float[lastFrames * channels]);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
