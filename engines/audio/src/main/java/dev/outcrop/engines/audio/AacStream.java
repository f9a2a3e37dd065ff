package dev.outcrop.engines.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jcodec.common.AudioDecoder;
import org.jcodec.common.model.AudioBuffer;

/**
 * AAC of an MP4 file, decoded by JCodec. A frame that cannot be decoded is silence; too many of them are damage.
 *
 * <p>A track with many frames that hold something and sound like nothing is refused at its end, since what they use is not
 * decoded.
 *
 * <p>Source: ISO/IEC 14496-3.
 */
final class AacStream implements SoundStream {
    private static final int MOST_BROKEN = 200;
    /** 2048 samples of eight channels, two bytes each, and as much again. */
    private static final int ROOM = 1 << 16;

    /** A frame of silence is shorter, in bytes. */
    private static final int SOMETHING = 100;
    /** A tenth of a track may be such frames. */
    private static final int MOST_SILENT = 10;

    private final FileChannel file;
    private final Mp4Samples samples;
    private final AudioDecoder decoder;
    private int sampleRate;
    private int channels;
    private int broken;
    private int lastFrames;
    private long silent;
    private long given;
    private Optional<float[]> upcoming;

    AacStream(FileChannel file) {
        this.file = file;
        try {
            samples = new Mp4Samples(file);
            decoder = MendedAac.decoder(ByteBuffer.wrap(samples.description()));
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

    /** Counts the samples of frames that are silent although they hold something. */
    private void watch(float[] piece, int bytes) {
        boolean zero = bytes > SOMETHING;
        for (int i = 0; i < piece.length && zero; i++) {
            zero = piece[i] == 0;
        }
        given += piece.length;
        silent += zero ? piece.length : 0;
    }

    private void requireSound() {
        if (silent > given / MOST_SILENT) {
            throw UnreadableAudioException.unsupported("the AAC track uses what is not decoded, and would be silent");
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
