package dev.outcrop.services.comprehend.documents;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Writes compressed archives of regular files.
 *
 * <p>Source: POSIX.1-1988, the ustar interchange format.
 */
public final class TarGz implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int LONGEST_NAME = 99;

    private final OutputStream archive;

    public TarGz(OutputStream target) throws IOException {
        archive = new GZIPOutputStream(target, 1 << 16);
    }

    /** Adds a file. */
    public void add(String name, byte[] content) throws IOException {
        archive.write(header(name, content.length));
        archive.write(content);
        pad(content.length);
    }

    /**
     * A whole archive.
     *
     * @param size how long it is
     */
    public record Joined(InputStream content, long size) {}

    /**
     * An archive of one file whose content is compressed already, as one stream of gzip or several in a row, which a
     * header and an end compressed by themselves are joined to.
     *
     * @param size       of the file
     * @param compressed how long the content is
     */
    public static Joined joined(String name, long size, long compressed, InputStream content) throws IOException {
        byte[] before = gzip(header(name, size));
        byte[] behind = gzip(new byte[padding(size) + 2 * BLOCK]);
        InputStream parts = new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(before), content, new ByteArrayInputStream(behind))));
        return new Joined(parts, before.length + compressed + behind.length);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        return compressed.toByteArray();
    }

    private static byte[] header(String name, long size) {
        byte[] header = new byte[BLOCK];
        if (name.getBytes(UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("names have " + LONGEST_NAME + " bytes at most, but this is " + name);
        }
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format(Locale.ROOT, "%011o\0", size));
        put(header, 136, String.format(Locale.ROOT, "%011o\0", 0));
        put(header, CHECKSUM, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, CHECKSUM, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(text.chars().allMatch(character -> character < 128) ? US_ASCII : UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static int padding(long size) {
        return Math.floorMod(-size, BLOCK);
    }

    private void pad(long size) throws IOException {
        archive.write(new byte[padding(size)]);
    }

    @Override
    public void close() throws IOException {
        archive.write(new byte[2 * BLOCK]);
        archive.close();
    }
}
