package dev.outcrop.engines.series;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The summaries of one series over a stretch of time, one for each slot of time that has any. Values may come in any
 * order. Adding the newest costs O(1), another O(n). Not safe for concurrent use.
 */
public final class Block {
    private static final int FORMAT = 1;
    /** A slot with one value. */
    private static final int SINGLE = 0;
    /** One value several times. */
    private static final int REPEATED = 1;

    private static final int SUMMED_ONLY = 2;
    private static final int DETAILED = 3;

    private int[] slots = new int[4];
    private Summary[] summaries = new Summary[4];
    private int size;

    /** How many slots have values. */
    public int size() {
        return size;
    }

    /**
     * Adds what was measured in a slot to what is there.
     *
     * @param slot from 0, counted from the block's beginning
     */
    public void add(int slot, Summary summary) {
        int at = size == 0 || slots[size - 1] < slot ? -size - 1 : Arrays.binarySearch(slots, 0, size, slot);
        if (at >= 0) {
            summaries[at] = summaries[at].merged(summary);
            return;
        }
        int place = -at - 1;
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, 2 * size);
            summaries = Arrays.copyOf(summaries, 2 * size);
        }
        System.arraycopy(slots, place, slots, place + 1, size - place);
        System.arraycopy(summaries, place, summaries, place + 1, size - place);
        slots[place] = slot;
        summaries[place] = summary;
        size++;
    }

    /** Has {@code consumer} see the summaries of the slots from one up to but without another, in their order. */
    public void forEach(long from, long to, ObjLongConsumer<Summary> consumer) {
        int first = Arrays.binarySearch(slots, 0, size, Math.clamp(from, 0, Integer.MAX_VALUE));
        for (int index = first < 0 ? -first - 1 : first; index < size && slots[index] < to; index++) {
            consumer.accept(summaries[index], slots[index]);
        }
    }

    /** The block in few bytes. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 4 * size);
        bytes.write(FORMAT);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try (DataOutputStream data = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
            data.writeInt(size);
            int before = 0;
            for (int index = 0; index < size; index++) {
                data.writeInt(slots[index] - before);
                before = slots[index];
            }
            for (int index = 0; index < size; index++) {
                data.writeByte(kind(summaries[index]));
            }
            for (int index = 0; index < size; index++) {
                write(data, summaries[index]);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /**
     * The block that {@link #encode} made {@code bytes} of.
     *
     * @throws UncheckedIOException if they are damaged
     */
    public static Block decode(byte[] bytes) {
        Block block = new Block();
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        int format = in.read();
        try (DataInputStream data = new DataInputStream(new InflaterInputStream(in, new Inflater(true)))) {
            if (format != FORMAT) {
                throw new IOException("unknown format " + format + " of a block of a series");
            }
            int size = data.readInt();
            block.slots = new int[Math.max(4, size)];
            block.summaries = new Summary[Math.max(4, size)];
            int slot = 0;
            for (int index = 0; index < size; index++) {
                slot += data.readInt();
                block.slots[index] = slot;
            }
            byte[] kinds = data.readNBytes(size);
            for (int index = 0; index < size; index++) {
                block.summaries[index] = read(data, kinds[index]);
            }
            block.size = size;
        } catch (IOException damaged) {
            throw new UncheckedIOException("a block of a series cannot be read", damaged);
        }
        return block;
    }

    private static int kind(Summary summary) {
        if (summary.isSummedOnly()) {
            return SUMMED_ONLY;
        }
        if (summary.detail().isPresent()) {
            return DETAILED;
        }
        return summary.count() == 1 && summary.sum() == summary.minimum() ? SINGLE : REPEATED;
    }

    private static void write(DataOutputStream data, Summary summary) throws IOException {
        data.writeDouble(summary.minimum());
        int kind = kind(summary);
        if (kind == SINGLE) {
            return;
        }
        data.writeDouble(summary.count());
        data.writeDouble(summary.sum());
        if (kind != REPEATED) {
            data.writeDouble(summary.maximum());
        }
        if (kind == DETAILED) {
            summary.detail().orElseThrow().write(data);
        }
    }

    private static Summary read(DataInputStream data, int kind) throws IOException {
        double minimum = data.readDouble();
        if (kind == SINGLE) {
            return Summary.of(minimum);
        }
        double count = data.readDouble();
        double sum = data.readDouble();
        double maximum = kind == REPEATED ? minimum : data.readDouble();
        return new Summary(
                count,
                sum,
                minimum,
                maximum,
                kind == DETAILED ? Optional.of(Distribution.read(data)) : Optional.empty(),
                kind == SUMMED_ONLY);
    }
}
