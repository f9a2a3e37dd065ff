package dev.outcrop.shapes.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growable array of bytes to write a body into. Not safe for concurrent use. */
public final class BodyBuffer extends OutputStream {
    private static final int FIRST_SIZE = 512;
    private static final int LONGEST_IN_UTF8 = 3;

    private byte[] bytes;
    private int size;

    public BodyBuffer() {
        bytes = new byte[FIRST_SIZE];
    }

    /** How many bytes it holds. */
    public int size() {
        return size;
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Writes all bytes to {@code out}. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    /** Forgets the bytes and keeps the room. */
    public void clear() {
        size = 0;
    }

    @Override
    public void write(int b) {
        ensureRoom(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        ensureRoom(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    @Override
    public void write(byte[] source) {
        write(source, 0, source.length);
    }

    /** Writes text in UTF-8. */
    void write(String text) {
        ensureRoom((long) text.length() * LONGEST_IN_UTF8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                write(text.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[size++] = (byte) c;
        }
    }

    private void ensureRoom(long more) {
        long needed = size + more;
        if (needed > bytes.length) {
            if (needed > Integer.MAX_VALUE - 8) {
                throw new OutOfMemoryError("a body of more than " + (Integer.MAX_VALUE - 8) + " bytes");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
