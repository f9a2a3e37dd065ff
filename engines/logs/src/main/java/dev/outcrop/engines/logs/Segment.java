package dev.outcrop.engines.logs;

import com.github.luben.zstd.Zstd;
import dev.outcrop.engines.logs.SegmentFooter.BlockPlace;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** A segment that is read. Its file stays as long as somebody uses it, even if it was dropped. Safe for concurrent use. */
final class Segment {
    private final Path file;
    private final String group;
    private final SegmentName name;
    private final KeySealer sealer;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Opened> opened = Optional.empty();
    private int users;
    private boolean dropped;

    Segment(Path file, String group, SegmentName name, KeySealer sealer) {
        this.file = file;
        this.group = group;
        this.name = name;
        this.sealer = sealer;
    }

    private record Opened(byte[] sealedKey, SegmentFooter footer, String[] streamNames) {}

    SegmentName name() {
        return name;
    }

    /** Says that it is being read, if it is still there. */
    boolean use() {
        lock.lock();
        try {
            if (dropped) {
                return false;
            }
            users++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Says that it is not being read any more. */
    void release() {
        boolean last;
        lock.lock();
        try {
            users--;
            last = dropped && users == 0;
        } finally {
            lock.unlock();
        }
        if (last) {
            delete();
        }
    }

    /** Has its file deleted once nobody reads it. */
    void drop() {
        boolean unused;
        lock.lock();
        try {
            unused = !dropped && users == 0;
            dropped = true;
        } finally {
            lock.unlock();
        }
        if (unused) {
            delete();
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new LogStoreException(file + " cannot be deleted", failure);
        }
    }

    SegmentFooter footer() {
        return opened().footer();
    }

    private Opened opened() {
        lock.lock();
        try {
            if (opened.isEmpty()) {
                opened = Optional.of(open());
            }
            return opened.get();
        } catch (IOException | GeneralSecurityException damaged) {
            throw new LogStoreException(file + " cannot be read", damaged);
        } finally {
            lock.unlock();
        }
    }

    private Opened open() throws IOException, GeneralSecurityException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int magic = SegmentWriter.MAGIC.length;
            ByteBuffer head = read(channel, 0, magic + Short.BYTES);
            byte[] sealed = read(channel, magic + Short.BYTES, Short.toUnsignedInt(head.getShort(magic)))
                    .array();
            long size = channel.size();
            ByteBuffer tail = read(channel, size - Integer.BYTES - magic, Integer.BYTES + magic);
            int length = tail.getInt();
            byte[] end = new byte[magic];
            tail.get(end);
            long at = size - Integer.BYTES - magic - length;
            if (!Arrays.equals(end, SegmentWriter.MAGIC) || length < 0 || at < 0) {
                throw new IOException("the end of the file is damaged");
            }
            FileCipher cipher = new FileCipher(sealer.unseal(group, sealed));
            SegmentFooter footer = SegmentFooter.read(cipher.decrypt(
                    SegmentWriter.FOOTER, read(channel, at, length).array()));
            return new Opened(sealed, footer, footer.streams().keySet().toArray(String[]::new));
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("the file is too short");
            }
        }
        return bytes.flip();
    }

    /** A block, whose columns are read when they are asked for. To be used by one thread at a time. */
    EventBlock block(int number) {
        Opened present = opened();
        return new StoredBlock(present, number, present.footer().blocks().get(number));
    }

    private byte[] column(Opened present, int number, BlockPlace place, int column, int length) {
        long at = place.offsets()[column];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            FileCipher cipher = new FileCipher(sealer.unseal(group, present.sealedKey()));
            byte[] compressed = cipher.decrypt(
                    SegmentWriter.piece(number, column),
                    read(channel, at, Math.toIntExact(place.offsets()[column + 1] - at))
                            .array());
            byte[] content = new byte[length];
            long decompressed = Zstd.decompressByteArray(content, 0, length, compressed, 0, compressed.length);
            if (decompressed != length) {
                throw new IOException("column " + column + " of block " + number + " is damaged");
            }
            return content;
        } catch (IOException | GeneralSecurityException damaged) {
            throw new LogStoreException(file + " cannot be read", damaged);
        }
    }

    private final class StoredBlock implements EventBlock {
        private final Opened present;
        private final int number;
        private final BlockPlace place;
        private long[] timestamps;
        private long[] sequences;
        private long[] ingestionTimes;
        private int[] streams;
        private int[] offsets;
        private byte[] messages;

        StoredBlock(Opened present, int number, BlockPlace place) {
            this.present = present;
            this.number = number;
            this.place = place;
        }

        @Override
        public int rows() {
            return place.rows();
        }

        @Override
        public long[] timestamps() {
            if (timestamps == null) {
                timestamps = sums(SegmentFooter.TIMESTAMPS);
            }
            return timestamps;
        }

        @Override
        public long[] sequences() {
            if (sequences == null) {
                sequences = sums(SegmentFooter.SEQUENCES);
            }
            return sequences;
        }

        @Override
        public long[] ingestionTimes() {
            if (ingestionTimes == null) {
                ingestionTimes = sums(SegmentFooter.INGESTION_TIMES);
            }
            return ingestionTimes;
        }

        private long[] sums(int column) {
            long[] values = new long[place.rows()];
            bytes(column, Long.BYTES * values.length).asLongBuffer().get(values);
            for (int i = 1; i < values.length; i++) {
                values[i] += values[i - 1];
            }
            return values;
        }

        @Override
        public int[] streams() {
            if (streams == null) {
                streams = new int[place.rows()];
                bytes(SegmentFooter.STREAMS, Integer.BYTES * streams.length)
                        .asIntBuffer()
                        .get(streams);
            }
            return streams;
        }

        @Override
        public String[] streamNames() {
            return present.streamNames();
        }

        @Override
        public byte[] messages() {
            if (messages == null) {
                messages = column(present, number, place, SegmentFooter.MESSAGES, place.messageBytes());
            }
            return messages;
        }

        @Override
        public int[] messageOffsets() {
            if (offsets == null) {
                offsets = new int[place.rows() + 1];
                bytes(SegmentFooter.LENGTHS, Integer.BYTES * place.rows())
                        .asIntBuffer()
                        .get(offsets, 1, place.rows());
                for (int i = 1; i < offsets.length; i++) {
                    offsets[i] += offsets[i - 1];
                }
            }
            return offsets;
        }

        private ByteBuffer bytes(int column, int length) {
            return ByteBuffer.wrap(column(present, number, place, column, length));
        }
    }
}
