package dev.outcrop.engines.audio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Packets, one after the other, as bytes. */
final class PacketBytes extends InputStream {
    private final Packets packets;
    private byte[] current;
    private int at;

    PacketBytes(byte[] first, Packets packets) {
        current = first;
        this.packets = packets;
    }

    @Override
    public int read() {
        return fill() ? current[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() {
        while (at == current.length) {
            Optional<byte[]> next = packets.next();
            if (next.isEmpty()) {
                return false;
            }
            current = next.get();
            at = 0;
        }
        return true;
    }

    @Override
    public void close() {
        packets.close();
    }

    /** Bytes of which there may not be more than a limit. */
    static final class Bounded extends FilterInputStream {
        private final long limit;
        private long left;

        Bounded(InputStream in, long limit) {
            super(in);
            this.limit = limit;
            left = limit;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int count) {
            left -= count;
            if (left < 0) {
                throw new UnreadableAudioException(
                        UnreadableAudioException.Category.TOO_LARGE, "the file is larger than " + limit + " bytes");
            }
        }
    }
}
