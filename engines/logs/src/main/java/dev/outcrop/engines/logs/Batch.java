package dev.outcrop.engines.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Events of one stream that were appended together, as they are kept in the log and in memory until a segment has them. */
final class Batch implements EventBlock {
    /** What an event costs beside its message. */
    static final int EVENT_BYTES = 26;

    private final String group;
    private final String stream;
    private final long ingestedAt;
    private final long first;
    private final long[] timestamps;
    private final int[] offsets;
    private final byte[] messages;
    private final long earliest;
    private final long latest;

    private Batch(
            String group,
            String stream,
            long ingestedAt,
            long first,
            long[] timestamps,
            int[] offsets,
            byte[] messages) {
        this.group = group;
        this.stream = stream;
        this.ingestedAt = ingestedAt;
        this.first = first;
        this.timestamps = timestamps;
        this.offsets = offsets;
        this.messages = messages;
        earliest = Arrays.stream(timestamps).min().orElse(Long.MAX_VALUE);
        latest = Arrays.stream(timestamps).max().orElse(Long.MIN_VALUE);
    }

    static Batch of(String group, String stream, long ingestedAt, List<LogEntry> entries) {
        long[] timestamps = new long[entries.size()];
        int[] offsets = new int[entries.size() + 1];
        for (int i = 0; i < timestamps.length; i++) {
            timestamps[i] = entries.get(i).timestamp();
            offsets[i + 1] = Math.addExact(offsets[i], entries.get(i).message().length);
        }
        byte[] messages = new byte[offsets[timestamps.length]];
        for (int i = 0; i < timestamps.length; i++) {
            System.arraycopy(entries.get(i).message(), 0, messages, offsets[i], offsets[i + 1] - offsets[i]);
        }
        return new Batch(group, stream, ingestedAt, 0, timestamps, offsets, messages);
    }

    /** The same, its first event at the place {@code sequence}. */
    Batch at(long sequence) {
        return new Batch(group, stream, ingestedAt, sequence, timestamps, offsets, messages);
    }

    byte[] encode() {
        byte[] groupName = group.getBytes(UTF_8);
        byte[] streamName = stream.getBytes(UTF_8);
        int count = timestamps.length;
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * 3
                + groupName.length
                + streamName.length
                + Long.BYTES * (2 + count)
                + Integer.BYTES * count
                + messages.length);
        bytes.putInt(groupName.length).put(groupName).putInt(streamName.length).put(streamName);
        bytes.putLong(ingestedAt).putLong(first).putInt(count);
        bytes.asLongBuffer().put(timestamps);
        bytes.position(bytes.position() + Long.BYTES * count);
        bytes.asIntBuffer().put(offsets, 1, count);
        bytes.position(bytes.position() + Integer.BYTES * count);
        return bytes.put(messages).array();
    }

    /**
     * What {@link #encode} made.
     *
     * @throws LogStoreException if it is no such thing
     */
    static Batch decode(byte[] content) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            String group = text(bytes);
            String stream = text(bytes);
            long ingestedAt = bytes.getLong();
            long first = bytes.getLong();
            int count = bytes.getInt();
            long[] timestamps = new long[count];
            bytes.asLongBuffer().get(timestamps);
            bytes.position(bytes.position() + Long.BYTES * count);
            int[] offsets = new int[count + 1];
            bytes.asIntBuffer().get(offsets, 1, count);
            bytes.position(bytes.position() + Integer.BYTES * count);
            byte[] messages = new byte[bytes.remaining()];
            bytes.get(messages);
            return new Batch(group, stream, ingestedAt, first, timestamps, offsets, messages);
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException damaged) {
            throw new LogStoreException("a batch of log events cannot be read", damaged);
        }
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[bytes.getInt()];
        bytes.get(text);
        return new String(text, UTF_8);
    }

    String group() {
        return group;
    }

    String stream() {
        return stream;
    }

    long ingestedAt() {
        return ingestedAt;
    }

    long first() {
        return first;
    }

    long earliest() {
        return earliest;
    }

    long latest() {
        return latest;
    }

    /** How much memory and disk it takes, roughly. */
    long bytes() {
        return messages.length + (long) EVENT_BYTES * timestamps.length;
    }

    LogEvent event(int row) {
        return new LogEvent(
                timestamps[row],
                first + row,
                ingestedAt,
                stream,
                Arrays.copyOfRange(messages, offsets[row], offsets[row + 1]));
    }

    @Override
    public int rows() {
        return timestamps.length;
    }

    @Override
    public long[] timestamps() {
        return timestamps;
    }

    @Override
    public long[] sequences() {
        long[] sequences = new long[timestamps.length];
        Arrays.setAll(sequences, row -> first + row);
        return sequences;
    }

    @Override
    public long[] ingestionTimes() {
        long[] times = new long[timestamps.length];
        Arrays.fill(times, ingestedAt);
        return times;
    }

    @Override
    public int[] streams() {
        return new int[timestamps.length];
    }

    @Override
    public String[] streamNames() {
        return new String[] {stream};
    }

    @Override
    public byte[] messages() {
        return messages;
    }

    @Override
    public int[] messageOffsets() {
        return offsets;
    }
}
