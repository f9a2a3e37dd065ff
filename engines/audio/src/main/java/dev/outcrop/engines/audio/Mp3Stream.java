package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jcodec.codecs.mpa.Mp3Decoder;
import org.jcodec.common.model.AudioBuffer;

/**
 * MPEG audio, layer 3, decoded by JCodec. What is no frame is left out: tags in front, behind and in between. The rate and
 * the number of channels are those of the first frame; frames with others are left out, too.
 *
 * <p>Source: ISO/IEC 11172-3 and 13818-3; "ID3 tag version 2.4.0".
 */
final class Mp3Stream implements SoundStream {
    private static final int[][] BITRATES = {
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
    };
    private static final int[] RATES = {44_100, 48_000, 32_000};
    private static final int MOST_BROKEN = 200;
    private static final int LONGEST_SEARCH = 1 << 20;

    private final Bytes in;
    private final Mp3Decoder decoder = new Mp3Decoder();
    private Optional<byte[]> upcoming;
    private int sampleRate;
    private int channels;
    private int broken;

    Mp3Stream(Bytes in) {
        this.in = in;
        upcoming = frame();
        if (upcoming.isEmpty()) {
            throw damaged("the MP3 file has no frame");
        }
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
        while (upcoming.isPresent()) {
            byte[] frame = upcoming.get();
            upcoming = frame();
            float[] piece = decode(frame);
            if (piece.length > 0) {
                return Optional.of(piece);
            }
        }
        return Optional.empty();
    }

    private float[] decode(byte[] frame) {
        ByteBuffer target = ByteBuffer.allocate(1152 * 2 * 2 * 2);
        try {
            AudioBuffer decoded = decoder.decodeFrame(ByteBuffer.wrap(frame), target);
            ByteBuffer data = decoded.getData();
            short[] samples = new short[data.remaining() / 2];
            data.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            return Samples.of(samples, samples.length);
        } catch (IOException | RuntimeException undecodable) {
            if (++broken > MOST_BROKEN) {
                throw new UnreadableAudioException(
                        UnreadableAudioException.Category.DAMAGED, "the MP3 file is damaged", undecodable);
            }
            return new float[1152 * channels];
        }
    }

    /** The next whole frame that is like the first one. */
    private Optional<byte[]> frame() {
        int searched = 0;
        int window = 0;
        int have = 0;
        while (true) {
            int next = in.tryByte();
            if (next < 0) {
                return Optional.empty();
            }
            window = window << 8 | next;
            have++;
            if (have >= 3 && (window & 0xFFFFFF) == 0x494433) {
                skipTag();
                have = 0;
                window = 0;
                continue;
            }
            int length = have < 4 ? 0 : length(window);
            if (length > 4) {
                byte[] rest = in.tryBytes(length - 4);
                if (rest.length < length - 4) {
                    return Optional.empty();
                }
                byte[] frame = new byte[length];
                for (int i = 0; i < 4; i++) {
                    frame[i] = (byte) (window >>> (24 - 8 * i));
                }
                System.arraycopy(rest, 0, frame, 4, rest.length);
                return Optional.of(frame);
            }
            if (++searched > LONGEST_SEARCH) {
                throw damaged("the MP3 file has no frame where one should be");
            }
        }
    }

    private void skipTag() {
        byte[] head = in.tryBytes(7);
        if (head.length == 7) {
            int size = (head[3] & 0x7F) << 21 | (head[4] & 0x7F) << 14 | (head[5] & 0x7F) << 7 | (head[6] & 0x7F);
            in.skip(size);
        }
    }

    /** How long the frame is that begins in {@code head}; 0 where none does. */
    private int length(int head) {
        int version = head >>> 19 & 3;
        int bitrate = head >>> 12 & 15;
        int rate = head >>> 10 & 3;
        if (head >>> 21 != 0x7FF || version == 1 || (head >>> 17 & 3) != 1 || bitrate == 15 || rate == 3) {
            return 0;
        }
        int frameRate = RATES[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        int frameChannels = (head >>> 6 & 3) == 3 ? 1 : 2;
        if (bitrate == 0) {
            throw unsupported("MP3 files of a free bit rate are not decoded");
        }
        if (sampleRate == 0) {
            sampleRate = frameRate;
            channels = frameChannels;
        } else if (frameRate != sampleRate || frameChannels != channels) {
            return 0;
        }
        int kilobits = BITRATES[version == 3 ? 0 : 1][bitrate];
        int padding = head >>> 9 & 1;
        return (version == 3 ? 144_000 : 72_000) * kilobits / frameRate + padding;
    }

    @Override
    public void close() {
        in.close();
    }
}
