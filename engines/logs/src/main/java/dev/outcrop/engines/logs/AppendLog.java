package dev.outcrop.engines.logs;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the log: batches as they were appended, each encrypted under the file's key with its number, so that a torn
 * one at the end shows and none can be left out or moved. Written by one thread.
 */
final class AppendLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AppendLog.class);
    private static final byte[] MAGIC = "OCLOGA01".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /** A batch of AWS's largest size and all that comes with it fits many times. */
    private static final int LONGEST_FRAME = 64 << 20;

    private final Path file;
    private final FileChannel channel;
    private final FileCipher cipher;
    private long frames;

    private AppendLog(Path file, FileChannel channel, FileCipher cipher) {
        this.file = file;
        this.channel = channel;
        this.cipher = cipher;
    }

    static AppendLog create(Path file, KeySealer sealer, SecureRandom random) throws IOException {
        FileCipher cipher = FileCipher.create(random);
        byte[] sealed = sealer.seal("", cipher.key());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            writeAll(
                    channel,
                    ByteBuffer.allocate(MAGIC.length + Short.BYTES + sealed.length)
                            .put(MAGIC)
                            .putShort((short) sealed.length)
                            .put(sealed)
                            .flip());
            channel.force(true);
            Folders.force(file.getParent());
            return new AppendLog(file, channel, cipher);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Writes batches; they are on disk when this returns. */
    void write(List<byte[]> batches) throws IOException {
        List<byte[]> encrypted = new ArrayList<>(batches.size());
        int length = 0;
        for (byte[] batch : batches) {
            byte[] frame = cipher.encrypt(frames++, batch, 0, batch.length);
            encrypted.add(frame);
            length = Math.addExact(length, Integer.BYTES + frame.length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        encrypted.forEach(frame -> bytes.putInt(frame.length).put(frame));
        writeAll(channel, bytes.flip());
        channel.force(false);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Path file() {
        return file;
    }

    /** All batches of {@code file} that were written whole. What follows the first torn one was never acknowledged. */
    static List<Batch> read(Path file, KeySealer sealer) throws IOException {
        List<Batch> batches = new ArrayList<>();
        long left = Files.size(file);
        try (DataInputStream data = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            byte[] magic = data.readNBytes(MAGIC.length);
            byte[] length = data.readNBytes(Short.BYTES);
            byte[] sealed = length.length < Short.BYTES
                    ? new byte[0]
                    : data.readNBytes(
                            Short.toUnsignedInt(ByteBuffer.wrap(length).getShort()));
            left -= magic.length + length.length + sealed.length;
            if (left <= 0) {
                return batches; // The file was made and nothing written to it, perhaps not even its key.
            }
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException(file + " is no log of events");
            }
            FileCipher cipher = new FileCipher(sealer.unseal("", sealed));
            for (long frame = 0; left > 0; frame++) {
                int size = left < Integer.BYTES ? -1 : data.readInt();
                left -= Integer.BYTES;
                if (size < FileCipher.TAG_BYTES || size > LONGEST_FRAME || size > left) {
                    LOG.info("{} ends in a batch that was not written whole", file);
                    return batches;
                }
                left -= size;
                byte[] content;
                try {
                    content = cipher.decrypt(frame, data.readNBytes(size));
                } catch (IOException torn) {
                    LOG.warn("{} has a batch that was not written whole, and {} bytes behind it", file, left);
                    return batches;
                }
                batches.add(Batch.decode(content));
            }
            return batches;
        } catch (GeneralSecurityException foreign) {
            throw new IOException("the key of " + file + " cannot be read", foreign);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
