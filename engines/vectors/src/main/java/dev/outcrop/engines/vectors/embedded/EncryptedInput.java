package dev.outcrop.engines.vectors.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/** Reads a range of an encrypted file. Used by one thread at a time; clones and slices share the file. */
final class EncryptedInput extends IndexInput implements MemorySegmentAccessInput {
    private static final int BITS = Integer.numberOfTrailingZeros(EncryptedDirectory.BLOCK_BYTES);
    private static final int MASK = EncryptedDirectory.BLOCK_BYTES - 1;
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final EncryptedFile file;
    private final boolean owner;
    private final long begin;
    private final long end;
    private long position;
    private int number = -1;
    private byte[] block = {};

    EncryptedInput(EncryptedFile file) {
        this("encrypted " + file.name(), file, true, 0, file.length());
    }

    private EncryptedInput(String description, EncryptedFile file, boolean owner, long begin, long end) {
        super(description);
        this.file = file;
        this.owner = owner;
        this.begin = begin;
        this.end = end;
        position = begin;
    }

    /** Where {@code at} is in {@link #block}, which is the block that holds it then. */
    private int place(long at) throws IOException {
        int wanted = (int) (at >>> BITS);
        if (wanted != number) {
            block = file.block(wanted);
            number = wanted;
        }
        return (int) at & MASK;
    }

    private void require(long at, long bytes) throws IOException {
        if (at < begin || at + bytes > end) {
            throw new EOFException("read past the end of " + this);
        }
    }

    @Override
    public byte readByte() throws IOException {
        require(position, 1);
        return block(position++);
    }

    private byte block(long at) throws IOException {
        int place = place(at);
        return block[place];
    }

    @Override
    public void readBytes(byte[] bytes, int offset, int length) throws IOException {
        copy(position, bytes, offset, length);
        position += length;
    }

    private void copy(long at, byte[] bytes, int offset, int length) throws IOException {
        require(at, length);
        for (int done = 0; done < length; ) {
            int place = place(at + done);
            int fitting = Math.min(length - done, block.length - place);
            System.arraycopy(block, place, bytes, offset + done, fitting);
            done += fitting;
        }
    }

    @Override
    public void readFloats(float[] floats, int offset, int length) throws IOException {
        int bytes = length * Float.BYTES;
        require(position, bytes);
        int place = place(position);
        if (place + bytes <= block.length) {
            MemorySegment.copy(MemorySegment.ofArray(block), FLOAT, place, floats, offset, length);
            position += bytes;
        } else {
            super.readFloats(floats, offset, length);
        }
    }

    @Override
    public short readShort() throws IOException {
        short value = readShort(position - begin);
        position += Short.BYTES;
        return value;
    }

    @Override
    public int readInt() throws IOException {
        int value = readInt(position - begin);
        position += Integer.BYTES;
        return value;
    }

    @Override
    public long readLong() throws IOException {
        long value = readLong(position - begin);
        position += Long.BYTES;
        return value;
    }

    @Override
    public byte readByte(long at) throws IOException {
        require(begin + at, 1);
        return block(begin + at);
    }

    @Override
    public void readBytes(long at, byte[] bytes, int offset, int length) throws IOException {
        copy(begin + at, bytes, offset, length);
    }

    @Override
    public short readShort(long at) throws IOException {
        require(begin + at, Short.BYTES);
        int place = place(begin + at);
        if (place + Short.BYTES <= block.length) {
            return (short) SHORTS.get(block, place);
        }
        return (short) SHORTS.get(across(at, Short.BYTES), 0);
    }

    @Override
    public int readInt(long at) throws IOException {
        require(begin + at, Integer.BYTES);
        int place = place(begin + at);
        if (place + Integer.BYTES <= block.length) {
            return (int) INTS.get(block, place);
        }
        return (int) INTS.get(across(at, Integer.BYTES), 0);
    }

    @Override
    public long readLong(long at) throws IOException {
        require(begin + at, Long.BYTES);
        int place = place(begin + at);
        if (place + Long.BYTES <= block.length) {
            return (long) LONGS.get(block, place);
        }
        return (long) LONGS.get(across(at, Long.BYTES), 0);
    }

    /** A value that begins in one block and ends in the next. */
    private byte[] across(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        copy(begin + at, bytes, 0, length);
        return bytes;
    }

    @Override
    public MemorySegment segmentSliceOrNull(long at, long length) throws IOException {
        require(begin + at, length);
        return file.whole().map(whole -> whole.asSlice(begin + at, length)).orElse(null);
    }

    @Override
    public long getFilePointer() {
        return position - begin;
    }

    @Override
    public void seek(long at) throws IOException {
        if (at < 0 || begin + at > end) {
            throw new EOFException("seek past the end of " + this);
        }
        position = begin + at;
    }

    @Override
    public long length() {
        return end - begin;
    }

    @Override
    public EncryptedInput clone() {
        EncryptedInput clone = new EncryptedInput(toString(), file, false, begin, end);
        clone.position = position;
        clone.number = number;
        clone.block = block;
        return clone;
    }

    @Override
    public IndexInput slice(String description, long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || offset + length > length()) {
            throw new IllegalArgumentException("slice() " + description + " out of bounds of " + this);
        }
        return new EncryptedInput(
                getFullSliceDescription(description), file, false, begin + offset, begin + offset + length);
    }

    @Override
    public void prefetch(long offset, long length) {
        // The system reads ahead in the mapped file.
    }

    @Override
    public void close() {
        if (owner) {
            file.close();
        }
    }
}
