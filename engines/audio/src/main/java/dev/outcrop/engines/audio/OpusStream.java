package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;
import static dev.outcrop.engines.audio.UnreadableAudioException.unsupported;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Opus of one or two channels, decoded by Concentus. A packet that cannot be decoded is bridged as a lost one; too many of
 * them are damage.
 *
 * <p>Source: RFC 6716 and RFC 7845, "Ogg Encapsulation for the Opus Audio Codec".
 */
final class OpusStream implements SoundStream {
    private static final int RATE = 48_000;
    /** 120 ms, the longest packet. */
    private static final int LONGEST = 5760;

    private static final int MOST_BROKEN = 50;

    private final Packets packets;
    private final OpusDecoder decoder;
    private final int channels;
    private final short[] decoded;
    private final long preSkip;
    private long toSkip;
    private long given;
    private int broken;

    /** Of packets that follow a head, in Ogg the first packet. */
    OpusStream(Packets packets, byte[] head) {
        if (head.length < 19 || !new String(head, 0, 8, StandardCharsets.ISO_8859_1).equals("OpusHead")) {
            throw damaged("the Opus stream does not begin as one");
        }
        this.packets = packets;
        channels = head[9] & 0xFF;
        int family = head[18] & 0xFF;
        if (channels < 1 || channels > 2 || family > 1) {
            throw unsupported("Opus with " + channels + " channels is not decoded");
        }
        toSkip = (head[10] & 0xFF) | (head[11] & 0xFF) << 8;
        preSkip = toSkip;
        decoded = new short[LONGEST * channels];
        try {
            decoder = new OpusDecoder(RATE, channels);
        } catch (OpusException failure) {
            throw new UnreadableAudioException(
                    UnreadableAudioException.Category.DAMAGED, "the Opus stream cannot be decoded", failure);
        }
    }

    @Override
    public int sampleRate() {
        return RATE;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public Optional<float[]> next() {
        while (true) {
            Optional<byte[]> packet = packets.next();
            if (packet.isEmpty()) {
                return Optional.empty();
            }
            byte[] bytes = packet.get();
            if (bytes.length == 0 || isComment(bytes)) {
                continue;
            }
            int frames = decode(bytes);
            int skipped = (int) Math.min(toSkip, frames);
            toSkip -= skipped;
            // The last page says how much of its last packet is meant.
            long left = packets.end() == Long.MAX_VALUE ? frames : packets.end() - preSkip - given;
            int kept = (int) Math.max(0, Math.min(frames - skipped, left));
            given += kept;
            if (kept > 0) {
                float[] all = Samples.of(decoded, frames * channels);
                return Optional.of(Arrays.copyOfRange(all, skipped * channels, (skipped + kept) * channels));
            }
        }
    }

    private static boolean isComment(byte[] packet) {
        return packet.length >= 8 && new String(packet, 0, 8, StandardCharsets.ISO_8859_1).equals("OpusTags");
    }

    private int decode(byte[] packet) {
        try {
            return decoder.decode(packet, 0, packet.length, decoded, 0, LONGEST, false);
        } catch (OpusException | RuntimeException undecodable) {
            if (++broken > MOST_BROKEN) {
                throw new UnreadableAudioException(
                        UnreadableAudioException.Category.DAMAGED, "the Opus stream is damaged", undecodable);
            }
            decoder.resetState();
            Arrays.fill(decoded, (short) 0);
            return LONGEST / 6;
        }
    }

    @Override
    public void close() {
        packets.close();
    }
}
