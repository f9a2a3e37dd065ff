package dev.outcrop.engines.vectors.embedded;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was put and deleted since Lucene's last commit, in numbered files: each a salt and frames, encrypted with their
 * numbers, so that a torn one at the end shows and none can be left out or moved. Used by one thread at a time.
 */
final class WriteLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteLog.class);
    private static final String PREFIX = "log-";
    private static final int LONGEST_FRAME = 256 << 20;

    private final Path folder;
    private final byte[] key;
    private long number;
    private FileOutputStream file;
    private FileCipher cipher;
    private long frames;
    private long bytes;

    /** Begins the file behind all that are there. */
    WriteLog(Path folder, byte[] key, long atLeast) throws IOException {
        this.folder = folder;
        this.key = key.clone();
        number = Math.max(atLeast, numbers(folder).reduce(0L, Math::max) + 1) - 1;
        begin();
    }

    /** What is done with a frame. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] frame) throws IOException;
    }

    /** Reads all frames that were written whole to the files from {@code first} on, in the order of writing. */
    static void replay(Path folder, byte[] key, long first, Reader reader) throws IOException {
        for (long number :
                numbers(folder).filter(present -> present >= first).sorted().toList()) {
            replay(file(folder, number), key, reader);
        }
    }

    private static void replay(Path file, byte[] key, Reader reader) throws IOException {
        long left = Files.size(file);
        try (DataInputStream data = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 18))) {
            byte[] salt = data.readNBytes(FileCipher.SALT_BYTES);
            left -= salt.length;
            FileCipher cipher = new FileCipher(key, salt);
            for (long frame = 0; left > 0; frame++) {
                int size = left < Integer.BYTES ? -1 : data.readInt();
                left -= Integer.BYTES;
                if (size < FileCipher.TAG_BYTES || size > LONGEST_FRAME || size > left) {
                    LOG.info("{} ends in what was not written whole", file);
                    return;
                }
                left -= size;
                byte[] content;
                try {
                    content = cipher.decrypt(frame, data.readNBytes(size), size);
                } catch (IOException torn) {
                    LOG.warn("{} has what was not written whole, and {} bytes behind it", file, left);
                    return;
                }
                reader.read(content);
            }
        }
    }

    /** Writes frames; they are on disk when this returns. */
    void write(List<byte[]> contents) throws IOException {
        int length = 0;
        List<byte[]> sealed = contents.stream()
                .map(content -> cipher.encrypt(frames++, content, content.length))
                .toList();
        for (byte[] frame : sealed) {
            length = Math.addExact(length, Integer.BYTES + frame.length);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        sealed.forEach(frame -> buffer.putInt(frame.length).put(frame));
        // Not by a channel, which an interrupt of the writing thread would close.
        file.write(buffer.array());
        file.getFD().sync();
        bytes += length;
    }

    /** How much the present file holds. */
    long bytes() {
        return bytes;
    }

    /** Begins a new file, and tells its number: what was written before is in files with lower ones. */
    long roll() throws IOException {
        file.close();
        begin();
        return number;
    }

    private void begin() throws IOException {
        number++;
        file = new FileOutputStream(file(folder, number).toFile());
        byte[] salt = FileCipher.salt();
        file.write(salt);
        file.getFD().sync();
        force(folder);
        cipher = new FileCipher(key, salt);
        frames = 0;
        bytes = 0;
    }

    /** Deletes the files before that number: Lucene has what is in them. */
    void forget(long before) throws IOException {
        for (long old : numbers(folder).filter(present -> present < before).toList()) {
            Files.deleteIfExists(file(folder, old));
        }
    }

    private static Stream<Long> numbers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .map(name -> Long.parseLong(name.substring(PREFIX.length())))
                    .toList()
                    .stream();
        }
    }

    private static Path file(Path folder, long number) {
        return folder.resolve(PREFIX + "%016d".formatted(number));
    }

    /** Makes sure that the names in a folder are on disk. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
