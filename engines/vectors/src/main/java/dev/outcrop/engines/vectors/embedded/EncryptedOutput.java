package dev.outcrop.engines.vectors.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import org.apache.lucene.store.IndexOutput;

/** Writes a salt and blocks to a file, each block encrypted with its number. */
final class EncryptedOutput extends IndexOutput {
    private final OutputStream file;
    private final FileCipher cipher;
    private final byte[] block = new byte[EncryptedDirectory.BLOCK_BYTES];
    private final CRC32 checksum = new CRC32();
    private int filled;
    private int summed;
    private long number;
    private boolean closed;

    EncryptedOutput(String name, OutputStream file, byte[] key) throws IOException {
        super("encrypted " + name, name);
        this.file = file;
        byte[] salt = FileCipher.salt();
        file.write(salt);
        cipher = new FileCipher(key, salt);
    }

    @Override
    public void writeByte(byte value) throws IOException {
        if (filled == block.length) {
            flush();
        }
        block[filled++] = value;
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int left = length; left > 0; ) {
            if (filled == block.length) {
                flush();
            }
            int fitting = Math.min(left, block.length - filled);
            System.arraycopy(bytes, from, block, filled, fitting);
            filled += fitting;
            from += fitting;
            left -= fitting;
        }
    }

    private void flush() throws IOException {
        sum();
        file.write(cipher.encrypt(number, block, filled));
        number++;
        filled = 0;
        summed = 0;
    }

    private void sum() {
        checksum.update(block, summed, filled - summed);
        summed = filled;
    }

    @Override
    public long getFilePointer() {
        return number * EncryptedDirectory.BLOCK_BYTES + filled;
    }

    @Override
    public long getChecksum() {
        sum();
        return checksum.getValue();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            if (filled > 0) {
                flush();
            }
        }
    }
}
