package dev.outcrop.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Objects as files: written to a temporary one, forced to disk, renamed, and the folder forced, too. Each is encrypted in
 * blocks under a key of its own, as {@link BlockCipher} says, so that damage shows when it is read.
 */
public final class FileObjects implements Objects {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final String SEALED = "sealed object";
    private static final byte[] NOT_SEALED = new byte[0];
    /** What is left free, so that what was stored can still be deleted when the disk has no room for more. */
    private static final long RESERVE = 64L << 20;
    /** How many pieces are written between two looks at how full the disk is: 16 MiB. */
    private static final int PIECES_BETWEEN_LOOKS = 32;

    private final Path folder;
    private final Path unfinished;
    private final Secrets secrets;
    private final FileStore disk;
    private final long reserve;
    private final SecureRandom random = new SecureRandom();

    private FileObjects(Path folder, Path unfinished, Secrets secrets, FileStore disk, long reserve) {
        this.folder = folder;
        this.unfinished = unfinished;
        this.secrets = secrets;
        this.disk = disk;
        this.reserve = reserve;
    }

    /** Opens or creates the store in {@code folder}; what an earlier process did not finish is removed. */
    public static FileObjects open(Path folder, Secrets secrets) {
        return open(folder, secrets, RESERVE);
    }

    /** The same, taking nothing once less than {@code reserve} bytes of the disk are free. */
    static FileObjects open(Path folder, Secrets secrets, long reserve) {
        try {
            Path unfinished = Files.createDirectories(folder.resolve("unfinished"));
            try (Stream<Path> left = Files.list(unfinished)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            return new FileObjects(folder, unfinished, secrets, Files.getFileStore(folder), reserve);
        } catch (IOException failure) {
            throw new StorageException("objects cannot be kept in " + folder, failure);
        }
    }

    @Override
    public StoredObject write(InputStream content, long maximumBytes) throws IOException {
        byte[] name = new byte[16];
        random.nextBytes(name);
        String id = HexFormat.of().formatHex(name);
        Path temporary = unfinished.resolve(id);
        Source source = new Source(content, maximumBytes);
        try {
            requireRoom();
            copy(id, source, temporary);
            Path target = file(id);
            if (Files.notExists(target.getParent())) {
                Files.createDirectories(target.getParent());
                force(folder);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            force(target.getParent());
        } catch (IOException failure) {
            deleteUnfinished(temporary, failure);
            if (source.failed) {
                throw failure;
            }
            throw unwritable(failure);
        } catch (RuntimeException failure) {
            deleteUnfinished(temporary, failure);
            throw failure;
        }
        return new StoredObject(id, source.size, source.md5.digest(), NOT_SEALED);
    }

    @Override
    public StoredObject writeOrSeal(InputStream content, long maximumBytes) throws IOException {
        byte[] beginning = content.readNBytes(LONGEST_SEALED + 1);
        if (beginning.length > Math.min(LONGEST_SEALED, maximumBytes)) {
            return write(new SequenceInputStream(new ByteArrayInputStream(beginning), content), maximumBytes);
        }
        requireRoom();
        return new StoredObject(
                "", beginning.length, digest("MD5").digest(beginning), secrets.encrypt(beginning, SEALED));
    }

    @Override
    public byte[] unseal(byte[] sealed) throws IOException {
        try {
            return secrets.decrypt(sealed, SEALED);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("a sealed object is damaged", damaged);
        }
    }

    /** Reads the next piece while the one before is hashed, encrypted and written on another thread. */
    private void copy(String id, Source source, Path temporary) throws IOException {
        BlockCipher cipher = BlockCipher.create(random);
        try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ExecutorService behind = Executors.newSingleThreadExecutor(
                        Thread.ofVirtual().name("object-writer").factory())) {
            BlockWriter.writeAll(channel, ByteBuffer.wrap(cipher.header(secrets, id)));
            BlockWriter writer = new BlockWriter(channel, cipher, source.md5);
            byte[] piece = new byte[BlockWriter.PIECE_BYTES];
            byte[] other = new byte[0];
            Future<?> writing = CompletableFuture.completedFuture(null);
            int read = source.read(piece);
            for (int count = 1; read == piece.length; count++) {
                if (count % PIECES_BETWEEN_LOOKS == 0) {
                    requireRoom();
                }
                await(writing);
                byte[] full = piece;
                writing = behind.submit(() -> {
                    writer.write(full);
                    return null;
                });
                piece = other.length == 0 ? new byte[BlockWriter.PIECE_BYTES] : other;
                other = full;
                read = source.read(piece);
            }
            await(writing);
            writer.writeLast(piece, read);
            channel.force(true);
        }
    }

    private static void await(Future<?> writing) throws IOException {
        try {
            writing.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new StorageException("an object cannot be written", failure.getCause());
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an object was written");
        }
    }

    private void requireRoom() throws StorageUnavailableException {
        if (free() < reserve) {
            throw new StorageUnavailableException("the disk of " + folder + " is full: it has less than " + reserve
                    + " bytes left, which are kept to delete by");
        }
    }

    private long free() {
        try {
            return disk.getUsableSpace();
        } catch (IOException unknown) {
            return Long.MAX_VALUE; // Then writing will tell.
        }
    }

    private StorageUnavailableException unwritable(IOException failure) {
        return new StorageUnavailableException(
                "objects cannot be written to " + folder + (free() < reserve ? ", whose disk is full" : ""), failure);
    }

    /** What cannot be deleted now is deleted at the next start. */
    private static void deleteUnfinished(Path temporary, Exception failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException unwritable) {
            failure.addSuppressed(unwritable);
        }
    }

    /** What is being stored; tells failures of its own from those of the disk. */
    private static final class Source {
        private final InputStream content;
        private final long maximumBytes;
        private final MessageDigest md5 = digest("MD5");
        private long size;
        private boolean failed;

        Source(InputStream content, long maximumBytes) {
            this.content = content;
            this.maximumBytes = maximumBytes;
        }

        /** Fills {@code buffer}, unless the content ends before. */
        int read(byte[] buffer) throws IOException {
            int read;
            try {
                read = content.readNBytes(buffer, 0, buffer.length);
            } catch (IOException failure) {
                failed = true;
                throw failure;
            }
            size += read;
            if (size > maximumBytes) {
                throw new ObjectTooLargeException("the content is longer than " + maximumBytes + " bytes");
            }
            return read;
        }
    }

    @Override
    public InputStream read(String id, long offset, long length) {
        try {
            FileChannel channel = FileChannel.open(file(id), StandardOpenOption.READ);
            try {
                return BlockInput.open(channel, secrets, id, offset, length);
            } catch (IOException | RuntimeException failure) {
                channel.close();
                throw failure;
            }
        } catch (NoSuchFileException missing) {
            throw new ObjectMissingException("there is no object " + id);
        } catch (IOException failure) {
            throw new StorageException("object " + id + " cannot be read", failure);
        }
    }

    @Override
    public boolean delete(String id) {
        try {
            return Files.deleteIfExists(file(id));
        } catch (IOException failure) {
            throw new StorageException("object " + id + " cannot be deleted", failure);
        }
    }

    @Override
    public void forEachBefore(Instant instant, Consumer<String> consumer) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            files.filter(file -> ID.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !file.getParent().equals(unfinished))
                    .filter(file -> writtenBefore(file, instant))
                    .forEach(file -> consumer.accept(file.getFileName().toString()));
        } catch (IOException | UncheckedIOException failure) {
            throw new StorageException("the objects in " + folder + " cannot be listed", failure);
        }
    }

    private static boolean writtenBefore(Path file, Instant instant) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(instant);
        } catch (IOException gone) {
            return false; // Deleted since it was listed.
        }
    }

    /** Ids are checked, so that no id leads out of the folder. */
    private Path file(String id) {
        if (!ID.matcher(id).matches()) {
            throw new ObjectMissingException("there is no object of that id");
        }
        return folder.resolve(id.substring(0, 2)).resolve(id);
    }

    /** Makes a new name in {@code directory} survive a power failure; not every file system lets a folder be opened. */
    private static void force(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has " + algorithm, impossible);
        }
    }
}
