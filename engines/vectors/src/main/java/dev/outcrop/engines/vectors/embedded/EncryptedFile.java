package dev.outcrop.engines.vectors.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.store.AlreadyClosedException;

/**
 * A file of encrypted blocks, read by all the inputs over it. It is mapped: an interrupt would close a channel for everyone.
 * Safe for concurrent use.
 */
final class EncryptedFile {
    private static final int CACHE_LINE = 64;

    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment sealed;
    private final long length;
    private final FileCipher cipher;
    private final BlockCache cache;
    private final BlockCache.Blocks blocks;
    private final ReentrantLock decrypting = new ReentrantLock();
    private volatile Optional<MemorySegment> whole = Optional.empty();
    private boolean refused;

    EncryptedFile(Path file, byte[] key, BlockCache cache) throws IOException {
        name = file.getFileName().toString();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < FileCipher.SALT_BYTES) {
                throw new EOFException(name + " ends in its salt");
            }
            sealed = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
        length = EncryptedDirectory.plainLength(sealed.byteSize());
        cipher = new FileCipher(key, sealed.asSlice(0, FileCipher.SALT_BYTES).toArray(ValueLayout.JAVA_BYTE));
        this.cache = cache;
        blocks = cache.new Blocks(Math.toIntExact(Math.ceilDiv(length, (long) EncryptedDirectory.BLOCK_BYTES)));
    }

    String name() {
        return name;
    }

    long length() {
        return length;
    }

    byte[] block(int number) throws IOException {
        byte[] block = blocks.find(number);
        if (block == null) {
            block = read(number);
            blocks.add(number, block);
        }
        return block;
    }

    /** All that is in it, in memory outside of Java's heap, if there is room for it. */
    Optional<MemorySegment> whole() throws IOException {
        Optional<MemorySegment> present = whole;
        if (present.isPresent()) {
            return present;
        }
        decrypting.lock();
        try {
            if (whole.isEmpty() && !refused) {
                refused = !cache.reserve(length);
                if (!refused) {
                    whole = Optional.of(decrypted());
                }
            }
            return whole;
        } finally {
            decrypting.unlock();
        }
    }

    private MemorySegment decrypted() throws IOException {
        MemorySegment all = arena.allocate(length, CACHE_LINE);
        for (long begin = 0; begin < length; begin += EncryptedDirectory.BLOCK_BYTES) {
            byte[] block = read((int) (begin / EncryptedDirectory.BLOCK_BYTES));
            MemorySegment.copy(block, 0, all, ValueLayout.JAVA_BYTE, begin, block.length);
        }
        return all;
    }

    private byte[] read(int number) throws IOException {
        long begin = (long) number * EncryptedDirectory.BLOCK_BYTES;
        int size = (int) Math.min(EncryptedDirectory.BLOCK_BYTES, length - begin) + FileCipher.TAG_BYTES;
        byte[] piece = new byte[size];
        try {
            MemorySegment.copy(
                    sealed,
                    ValueLayout.JAVA_BYTE,
                    FileCipher.SALT_BYTES + (long) number * EncryptedDirectory.SEALED_BYTES,
                    piece,
                    0,
                    size);
        } catch (IllegalStateException closed) {
            throw new AlreadyClosedException(name + " is closed", closed);
        }
        return cipher.decrypt(number, piece, size);
    }

    void close() {
        blocks.close();
        arena.close();
        whole.ifPresent(all -> cache.giveBack(all.byteSize()));
    }
}
