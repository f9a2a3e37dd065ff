package dev.outcrop.engines.logs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands at the end of a segment.
 *
 * @param streams its streams by their numbers, with what it has of each
 * @param blocks  its blocks in the order of time
 */
record SegmentFooter(Map<String, StreamExtent> streams, List<BlockPlace> blocks) {
    /** The columns of a block, in the order in which they stand. */
    static final int TIMESTAMPS = 0;

    static final int SEQUENCES = 1;
    static final int INGESTION_TIMES = 2;
    static final int STREAMS = 3;
    static final int LENGTHS = 4;
    static final int MESSAGES = 5;
    /** How many columns a block has. */
    static final int COLUMNS = 6;

    /**
     * A block of a segment.
     *
     * @param earliest     its first timestamp
     * @param latest       its last timestamp
     * @param messageBytes how long its messages are together
     * @param streams      the numbers of the streams that it has events of
     * @param offsets      where each column begins in the file, and behind the last one its end
     */
    record BlockPlace(int rows, long earliest, long latest, int messageBytes, BitSet streams, long[] offsets) {}

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            data.writeInt(streams.size());
            for (Map.Entry<String, StreamExtent> stream : streams.entrySet()) {
                StreamExtent extent = stream.getValue();
                data.writeUTF(stream.getKey());
                data.writeLong(extent.earliest());
                data.writeLong(extent.latest());
                data.writeLong(extent.ingestedAt());
                data.writeLong(extent.events());
            }
            data.writeInt(blocks.size());
            for (BlockPlace block : blocks) {
                data.writeInt(block.rows());
                data.writeLong(block.earliest());
                data.writeLong(block.latest());
                data.writeInt(block.messageBytes());
                byte[] present = block.streams().toByteArray();
                data.writeInt(present.length);
                data.write(present);
                for (long offset : block.offsets()) {
                    data.writeLong(offset);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static SegmentFooter read(byte[] content) throws IOException {
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(content))) {
            Map<String, StreamExtent> streams = new LinkedHashMap<>();
            for (int left = data.readInt(); left > 0; left--) {
                streams.put(
                        data.readUTF(),
                        new StreamExtent(data.readLong(), data.readLong(), data.readLong(), data.readLong()));
            }
            List<BlockPlace> blocks = new ArrayList<>();
            for (int left = data.readInt(); left > 0; left--) {
                int rows = data.readInt();
                long earliest = data.readLong();
                long latest = data.readLong();
                int messageBytes = data.readInt();
                BitSet present = BitSet.valueOf(data.readNBytes(data.readInt()));
                long[] offsets = new long[COLUMNS + 1];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = data.readLong();
                }
                blocks.add(new BlockPlace(rows, earliest, latest, messageBytes, present, offsets));
            }
            return new SegmentFooter(streams, blocks);
        }
    }
}
