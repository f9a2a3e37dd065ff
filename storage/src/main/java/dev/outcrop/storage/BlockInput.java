package dev.outcrop.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Part of an object, decrypted and checked block by block. */
final class BlockInput extends InputStream {
    private static final int STORED_BYTES = BlockCipher.BLOCK_BYTES + BlockCipher.TAG_BYTES;

    private final FileChannel channel;
    private final BlockCipher cipher;
    private final byte[] stored = new byte[STORED_BYTES];
    private final byte[] block = new byte[BlockCipher.BLOCK_BYTES];
    private long index;
    private long left;
    private int position;
    private int end;
    private boolean last;

    private BlockInput(FileChannel channel, BlockCipher cipher, long index, long left) {
        this.channel = channel;
        this.cipher = cipher;
        this.index = index;
        this.left = left;
    }

    static BlockInput open(FileChannel channel, Secrets secrets, String id, long offset, long length)
            throws IOException {
        BlockCipher cipher = BlockCipher.read(channel, secrets, id);
        long start = channel.position();
        long size = channel.size();
        long index = Math.min(offset / BlockCipher.BLOCK_BYTES, (size - start) / STORED_BYTES);
        channel.position(start + index * STORED_BYTES);
        BlockInput input = new BlockInput(channel, cipher, index, length);
        long skipped = offset - index * BlockCipher.BLOCK_BYTES;
        input.fill();
        input.position = (int) Math.min(skipped, input.end);
        return input;
    }

    private void fill() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Until the block is whole or the file ends.
        }
        if (bytes.position() < BlockCipher.TAG_BYTES) {
            throw new IOException("an object is damaged: its file ends before its last block");
        }
        end = cipher.decrypt(index++, stored, bytes.position(), block);
        position = 0;
        last = end < BlockCipher.BLOCK_BYTES;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left > 0 && position == end && !last) {
            fill();
        }
        if (left <= 0 || position == end) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, left), end - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
