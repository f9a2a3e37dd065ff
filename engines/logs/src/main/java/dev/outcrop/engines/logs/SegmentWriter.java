package dev.outcrop.engines.logs;

import com.github.luben.zstd.Zstd;
import dev.outcrop.engines.logs.SegmentFooter.BlockPlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes one segment. A file appears under its name when it is whole and on disk. */
final class SegmentWriter {
    static final byte[] MAGIC = "OCLOGS01".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /** Number of the piece that the footer is. */
    static final long FOOTER = Long.MAX_VALUE;

    private static final int MOST_ROWS = 16_384;
    private static final int MOST_MESSAGE_BYTES = 4 << 20;
    /** Higher levels gain a tenth and take several times as long. */
    private static final int COMPRESSION_LEVEL = 1;

    private final FileChannel channel;
    private final FileCipher cipher;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, StreamExtent> extents = new LinkedHashMap<>();
    private final List<BlockPlace> blocks = new ArrayList<>();
    private long offset;

    private SegmentWriter(FileChannel channel, FileCipher cipher) {
        this.channel = channel;
        this.cipher = cipher;
    }

    /**
     * Writes {@code rows}, which are in their order, as a segment of {@code group} in {@code folder}.
     *
     * @param name its name, whose generations and day count; the rest is told by the rows
     */
    static SegmentName write(
            Path folder, String group, SegmentName name, List<Row> rows, KeySealer sealer, SecureRandom random)
            throws IOException {
        Path unfinished = folder.resolve("unfinished");
        Files.createDirectories(folder);
        FileCipher cipher = FileCipher.create(random);
        byte[] sealed = sealer.seal(group, cipher.key());
        SegmentName whole;
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            SegmentWriter writer = new SegmentWriter(channel, cipher);
            writer.put(ByteBuffer.allocate(MAGIC.length + Short.BYTES + sealed.length)
                    .put(MAGIC)
                    .putShort((short) sealed.length)
                    .put(sealed)
                    .array());
            long bytes = writer.blocks(rows);
            writer.footer();
            channel.force(true);
            whole = new SegmentName(
                    name.day(),
                    name.first(),
                    name.last(),
                    rows.getFirst().timestamp(),
                    rows.getLast().timestamp(),
                    rows.size(),
                    bytes);
        }
        Files.move(unfinished, folder.resolve(whole.fileName()), StandardCopyOption.ATOMIC_MOVE);
        Folders.force(folder);
        return whole;
    }

    private long blocks(List<Row> rows) throws IOException {
        long bytes = 0;
        int from = 0;
        while (from < rows.size()) {
            int to = from;
            int messageBytes = 0;
            while (to < rows.size() && to - from < MOST_ROWS && messageBytes < MOST_MESSAGE_BYTES) {
                messageBytes += length(rows.get(to));
                to++;
            }
            block(rows.subList(from, to), messageBytes);
            bytes += messageBytes + (long) Batch.EVENT_BYTES * (to - from);
            from = to;
        }
        return bytes;
    }

    private static int length(Row row) {
        int[] offsets = row.block().messageOffsets();
        return offsets[row.index() + 1] - offsets[row.index()];
    }

    private void block(List<Row> rows, int messageBytes) throws IOException {
        ByteBuffer timestamps = ByteBuffer.allocate(Long.BYTES * rows.size());
        ByteBuffer sequences = ByteBuffer.allocate(Long.BYTES * rows.size());
        ByteBuffer ingestionTimes = ByteBuffer.allocate(Long.BYTES * rows.size());
        ByteBuffer streams = ByteBuffer.allocate(Integer.BYTES * rows.size());
        ByteBuffer lengths = ByteBuffer.allocate(Integer.BYTES * rows.size());
        ByteBuffer messages = ByteBuffer.allocate(messageBytes);
        BitSet present = new BitSet();
        long time = 0;
        long sequence = 0;
        long ingested = 0;
        for (Row row : rows) {
            timestamps.putLong(row.timestamp() - time);
            time = row.timestamp();
            sequences.putLong(row.sequence() - sequence);
            sequence = row.sequence();
            ingestionTimes.putLong(row.ingestedAt() - ingested);
            ingested = row.ingestedAt();
            int stream = number(row);
            present.set(stream);
            streams.putInt(stream);
            int length = length(row);
            lengths.putInt(length);
            messages.put(row.block().messages(), row.block().messageOffsets()[row.index()], length);
        }
        List<ByteBuffer> columns = List.of(timestamps, sequences, ingestionTimes, streams, lengths, messages);
        long[] offsets = new long[columns.size() + 1];
        for (int i = 0; i < columns.size(); i++) {
            offsets[i] = offset;
            byte[] compressed = Zstd.compress(columns.get(i).array(), COMPRESSION_LEVEL);
            put(cipher.encrypt(piece(blocks.size(), i), compressed, 0, compressed.length));
        }
        offsets[columns.size()] = offset;
        blocks.add(new BlockPlace(
                rows.size(), rows.getFirst().timestamp(), rows.getLast().timestamp(), messageBytes, present, offsets));
    }

    private int number(Row row) {
        String stream = row.stream();
        extents.merge(
                stream, new StreamExtent(row.timestamp(), row.timestamp(), row.ingestedAt(), 1), StreamExtent::plus);
        return numbers.computeIfAbsent(stream, _ -> numbers.size());
    }

    /** The number of the piece of the file that a column of a block is. */
    static long piece(int block, int column) {
        return (long) block * SegmentFooter.COLUMNS + column;
    }

    private void footer() throws IOException {
        byte[] content = new SegmentFooter(extents, blocks).write();
        byte[] encrypted = cipher.encrypt(FOOTER, content, 0, content.length);
        put(encrypted);
        put(ByteBuffer.allocate(Integer.BYTES + MAGIC.length)
                .putInt(encrypted.length)
                .put(MAGIC)
                .array());
    }

    private void put(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        offset += bytes.length;
    }
}
