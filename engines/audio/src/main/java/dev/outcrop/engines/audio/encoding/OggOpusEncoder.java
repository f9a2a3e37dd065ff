package dev.outcrop.engines.audio.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Opus in Ogg at 48,000 samples a second, in packets of 20 ms, 32 kbit/s, encoded by Concentus; a page a second.
 *
 * <p>Source: RFC 3533, "The Ogg Encapsulation Format"; RFC 7845, "Ogg Encapsulation for the Opus Audio Codec".
 */
public final class OggOpusEncoder implements SoundEncoder {
    /** The only rate of samples that it takes. */
    public static final int SAMPLE_RATE = 48_000;

    private static final int FRAME = SAMPLE_RATE / 50;
    private static final int BITS_A_SECOND = 32_000;
    private static final int PACKETS_A_PAGE = 50;
    private static final int LONGEST_PACKET = 1276;
    private static final int SERIAL = 0x4F757463;
    private static final int BEGIN = 2;
    private static final int END = 4;

    private final OpusEncoder encoder;
    private final int lookahead;
    private final List<byte[]> packets = new ArrayList<>();
    private short[] waiting = new short[FRAME];
    private int filled;
    private long samples;
    private long encoded;
    private int pages;

    public OggOpusEncoder() {
        try {
            encoder = new OpusEncoder(SAMPLE_RATE, 1, OpusApplication.OPUS_APPLICATION_AUDIO);
        } catch (OpusException impossible) {
            throw new IllegalStateException(impossible);
        }
        encoder.setBitrate(BITS_A_SECOND);
        encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
        encoder.setComplexity(5);
        lookahead = encoder.getLookahead();
    }

    @Override
    public byte[] encode(float[] more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (pages == 0) {
            out.writeBytes(page(List.of(head()), BEGIN, 0));
            out.writeBytes(page(List.of(tags()), 0, 0));
        }
        samples += more.length;
        for (float sample : more) {
            add(Pcm.sample(sample), out);
        }
        return out.toByteArray();
    }

    private void add(short sample, ByteArrayOutputStream out) {
        waiting[filled++] = sample;
        if (filled == FRAME) {
            // The last page is marked as such, so it must not be written before it is known to be none.
            if (packets.size() == PACKETS_A_PAGE) {
                out.writeBytes(page(packets, 0, encoded));
                packets.clear();
            }
            byte[] packet = new byte[LONGEST_PACKET];
            try {
                int length = encoder.encode(waiting, 0, FRAME, packet, 0, packet.length);
                packets.add(Arrays.copyOf(packet, length));
            } catch (OpusException impossible) {
                throw new IllegalStateException(impossible);
            }
            encoded += FRAME;
            filled = 0;
        }
    }

    @Override
    public byte[] finish() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(encode(new float[0]));
        while (encoded < samples + lookahead || packets.isEmpty()) {
            add((short) 0, out);
        }
        // What the last packet holds beyond the sound is cut off by the position of the page.
        out.writeBytes(page(packets, END, samples + lookahead));
        waiting = new short[0];
        return out.toByteArray();
    }

    private byte[] head() {
        return ByteBuffer.allocate(19)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("OpusHead".getBytes(UTF_8))
                .put((byte) 1)
                .put((byte) 1)
                .putShort((short) lookahead)
                .putInt(SAMPLE_RATE)
                .putShort((short) 0)
                .put((byte) 0)
                .array();
    }

    private static byte[] tags() {
        byte[] vendor = "Outcrop".getBytes(UTF_8);
        return ByteBuffer.allocate(16 + vendor.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("OpusTags".getBytes(UTF_8))
                .putInt(vendor.length)
                .put(vendor)
                .putInt(0)
                .array();
    }

    private byte[] page(List<byte[]> contents, int type, long position) {
        ByteArrayOutputStream lacing = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] packet : contents) {
            for (int rest = packet.length; rest >= 255; rest -= 255) {
                lacing.write(255);
            }
            lacing.write(packet.length % 255);
            body.writeBytes(packet);
        }
        byte[] bytes = ByteBuffer.allocate(27 + lacing.size() + body.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("OggS".getBytes(UTF_8))
                .put((byte) 0)
                .put((byte) type)
                .putLong(position)
                .putInt(SERIAL)
                .putInt(pages++)
                .putInt(0)
                .put((byte) lacing.size())
                .put(lacing.toByteArray())
                .put(body.toByteArray())
                .array();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(22, checksum(bytes));
        return bytes;
    }

    /** Ogg's CRC: polynomial 04C11DB7, nothing reflected, from zero. */
    private static int checksum(byte[] bytes) {
        int value = 0;
        for (byte one : bytes) {
            value ^= one << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value < 0 ? (value << 1) ^ 0x04C11DB7 : value << 1;
            }
        }
        return value;
    }
}
