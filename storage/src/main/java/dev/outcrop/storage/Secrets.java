package dev.outcrop.storage;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * Encrypts what must not be readable on disk: AES-256-GCM (NIST SP 800-38D) by Tink under a master key, which is in a file
 * that only its owner can read. Safe for concurrent use.
 */
public final class Secrets {
    private static final int KEY_BYTES = 32;
    private static final byte FORMAT = 1;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final AesGcmJce cipher;

    private Secrets(byte[] key) throws GeneralSecurityException {
        cipher = new AesGcmJce(key);
    }

    /**
     * The secrets under the key in {@code file}, which is made if it does not exist.
     *
     * @throws StorageException if the file holds no key, or others than its owner may read it
     */
    public static Secrets open(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            checkRights(file);
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length != KEY_BYTES) {
                throw new StorageException(
                        file + " must hold " + KEY_BYTES + " bytes in Base64, but holds " + key.length);
            }
            return new Secrets(key);
        } catch (IllegalArgumentException | IOException | GeneralSecurityException failure) {
            throw new StorageException("the master key " + file + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    /**
     * Encrypts.
     *
     * @param context what the secret belongs to; decrypting needs the same
     */
    public byte[] encrypt(byte[] secret, String context) {
        try {
            byte[] encrypted = cipher.encrypt(secret, context.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(1 + encrypted.length)
                    .put(FORMAT)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException failure) {
            throw new StorageException("a secret cannot be encrypted", failure);
        }
    }

    /**
     * Decrypts what {@link #encrypt} gave.
     *
     * @throws GeneralSecurityException if it was not made under this key for {@code context}
     */
    public byte[] decrypt(byte[] encrypted, String context) throws GeneralSecurityException {
        if (encrypted.length == 0 || encrypted[0] != FORMAT) {
            throw new GeneralSecurityException("not encrypted here");
        }
        byte[] rest = Arrays.copyOfRange(encrypted, 1, encrypted.length);
        return cipher.decrypt(rest, context.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        FileAttribute<?>[] rights = isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
            ByteBuffer text =
                    StandardCharsets.US_ASCII.encode(Base64.getEncoder().encodeToString(key) + "\n");
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException made) {
            // Another thread was faster; its key is as good.
        }
    }

    private static void checkRights(Path file) throws IOException {
        if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new StorageException(file + " must be readable by its owner only: chmod 600 " + file);
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
