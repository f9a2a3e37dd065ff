package dev.outcrop.engines.vectors.embedded;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.NIOFSDirectory;

/**
 * A folder of Lucene's whose files are encrypted: a salt, and blocks of 16 KiB, each with its tag. Blocks are decrypted when
 * they are first read, and kept in a {@link BlockCache}.
 */
final class EncryptedDirectory extends FilterDirectory {
    static final int BLOCK_BYTES = 16 << 10;
    static final int SEALED_BYTES = BLOCK_BYTES + FileCipher.TAG_BYTES;

    private final Path folder;
    private final byte[] key;
    private final BlockCache cache;
    private final AtomicLong temporary = new AtomicLong();

    EncryptedDirectory(Path folder, byte[] key, BlockCache cache) throws IOException {
        super(new NIOFSDirectory(folder));
        this.folder = folder;
        this.key = key.clone();
        this.cache = cache;
    }

    /** How much is in a file of that length. */
    static long plainLength(long length) {
        long sealed = Math.max(0, length - FileCipher.SALT_BYTES);
        return sealed - Math.ceilDiv(sealed, (long) SEALED_BYTES) * FileCipher.TAG_BYTES;
    }

    @Override
    public long fileLength(String name) throws IOException {
        return plainLength(super.fileLength(name));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        ensureOpen();
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        // Not by a channel, which an interrupt of the writing thread would close.
        return new EncryptedOutput(name, new FileOutputStream(file.toFile()), key);
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
        while (true) {
            String number = Long.toString(temporary.getAndIncrement(), Character.MAX_RADIX);
            try {
                return createOutput(IndexFileNames.segmentFileName(prefix, suffix + "_" + number, "tmp"), context);
            } catch (FileAlreadyExistsException taken) {
                // Left by an earlier process: the next number.
            }
        }
    }

    @Override
    public IndexInput openInput(String name, IOContext context) throws IOException {
        ensureOpen();
        return new EncryptedInput(new EncryptedFile(folder.resolve(name), key, cache));
    }
}
