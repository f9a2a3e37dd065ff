package dev.outcrop.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/** Writes an object's content to its file, block by block, and hashes it. For one thread at a time. */
final class BlockWriter {
    /** Whole blocks, so many that handing them to another thread costs little. */
    static final int PIECE_BYTES = 8 * BlockCipher.BLOCK_BYTES;

    private final FileChannel channel;
    private final BlockCipher cipher;
    private final MessageDigest md5;
    private final byte[] encrypted =
            new byte[PIECE_BYTES + (PIECE_BYTES / BlockCipher.BLOCK_BYTES + 1) * BlockCipher.TAG_BYTES];
    private long index;

    BlockWriter(FileChannel channel, BlockCipher cipher, MessageDigest md5) {
        this.channel = channel;
        this.cipher = cipher;
        this.md5 = md5;
    }

    /** Writes a piece that is full, and not the last. */
    void write(byte[] piece) throws IOException {
        write(piece, PIECE_BYTES, false);
    }

    /** Writes what is left. The last block is shorter than the others, empty perhaps: it tells the end. */
    void writeLast(byte[] piece, int length) throws IOException {
        write(piece, length, true);
    }

    private void write(byte[] piece, int length, boolean last) throws IOException {
        md5.update(piece, 0, length);
        int whole = length - length % BlockCipher.BLOCK_BYTES;
        int written = 0;
        for (int offset = 0; offset < whole; offset += BlockCipher.BLOCK_BYTES) {
            written += cipher.encrypt(index++, piece, offset, BlockCipher.BLOCK_BYTES, encrypted, written);
        }
        if (last) {
            written += cipher.encrypt(index++, piece, whole, length - whole, encrypted, written);
        }
        writeAll(channel, ByteBuffer.wrap(encrypted, 0, written));
    }

    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
