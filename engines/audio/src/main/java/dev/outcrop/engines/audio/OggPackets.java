package dev.outcrop.engines.audio;

import static dev.outcrop.engines.audio.UnreadableAudioException.damaged;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The packets of the first stream of an Ogg file. Pages of other streams, and those whose checksum is wrong, are left out.
 *
 * <p>Source: RFC 3533, "The Ogg Encapsulation Format Version 0".
 */
final class OggPackets implements Packets {
    private static final int LARGEST_PACKET = 1 << 20;
    private static final int[] CRC = table();

    private final Bytes in;
    private final Deque<byte[]> ready = new ArrayDeque<>();
    private ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long serial = -1;
    private long end = Long.MAX_VALUE;
    private boolean ended;

    OggPackets(Bytes in) {
        this.in = in;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value < 0 ? value << 1 ^ 0x04C11DB7 : value << 1;
            }
            table[i] = value;
        }
        return table;
    }

    @Override
    public Optional<byte[]> next() {
        while (ready.isEmpty() && !ended) {
            readPage();
        }
        return Optional.ofNullable(ready.poll());
    }

    private void readPage() {
        if (!findPage()) {
            ended = true;
            return;
        }
        byte[] head = new byte[27];
        head[0] = 'O';
        head[1] = 'g';
        head[2] = 'g';
        head[3] = 'S';
        byte[] rest = in.tryBytes(23);
        if (rest.length < 23) {
            ended = true;
            return;
        }
        System.arraycopy(rest, 0, head, 4, 23);
        byte[] lacing = in.tryBytes(head[26] & 0xFF);
        int size = 0;
        for (byte lace : lacing) {
            size += lace & 0xFF;
        }
        byte[] body = in.tryBytes(size);
        if (body.length < size || lacing.length < (head[26] & 0xFF)) {
            ended = true;
            return;
        }
        long sum = number(head, 22, 4);
        head[22] = 0;
        head[23] = 0;
        head[24] = 0;
        head[25] = 0;
        int crc = checksum(checksum(checksum(0, head), lacing), body);
        if ((crc & 0xFFFFFFFFL) != sum) {
            unfinished.reset();
            return;
        }
        long stream = number(head, 14, 4);
        if (serial < 0) {
            serial = stream;
        }
        if (stream == serial) {
            take(head, lacing, body);
        }
    }

    private void take(byte[] head, byte[] lacing, byte[] body) {
        boolean continued = (head[5] & 1) != 0;
        boolean last = (head[5] & 4) != 0;
        if (!continued) {
            unfinished.reset();
        }
        int at = 0;
        for (byte lace : lacing) {
            int length = lace & 0xFF;
            if (unfinished.size() + length > LARGEST_PACKET) {
                throw damaged("a packet of the Ogg stream is larger than " + LARGEST_PACKET + " bytes");
            }
            unfinished.write(body, at, length);
            at += length;
            if (length < 255) {
                ready.add(unfinished.toByteArray());
                unfinished = new ByteArrayOutputStream();
            }
        }
        if (last) {
            long granule = number(head, 6, 8);
            end = granule > 0 ? granule : Long.MAX_VALUE;
            ended = true;
        }
    }

    /** Goes behind the next capture pattern. */
    private boolean findPage() {
        int matched = 0;
        while (matched < 4) {
            int next = in.tryByte();
            if (next < 0) {
                return false;
            }
            matched = next == "OggS".charAt(matched) ? matched + 1 : next == 'O' ? 1 : 0;
        }
        return true;
    }

    private static int checksum(int crc, byte[] bytes) {
        int value = crc;
        for (byte next : bytes) {
            value = value << 8 ^ CRC[value >>> 24 ^ (next & 0xFF)];
        }
        return value;
    }

    private static long number(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public void close() {
        in.close();
    }
}
