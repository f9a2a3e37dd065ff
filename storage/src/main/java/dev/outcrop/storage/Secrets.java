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
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts what must not be readable on disk: AES-256-GCM (NIST SP 800-38D) by Tink under a master key. The key is in a
 * file that only its owner can read; it may stand there encrypted under a key that never leaves a PKCS #11 token, so that
 * the file alone opens nothing. Safe for concurrent use.
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
        return open(file, KeyWrap.NONE);
    }

    /**
     * The secrets under the key in {@code file}, which a token opens; it is made if it does not exist.
     *
     * @throws StorageException if the file holds no key of that token, or others than its owner may read it
     */
    public static Secrets open(Path file, Pkcs11Token token) {
        return open(file, new TokenWrap(token));
    }

    private static Secrets open(Path file, KeyWrap wrap) {
        try {
            if (!Files.exists(file)) {
                create(file, wrap);
            }
            checkRights(file);
            byte[] key = wrap.unwrap(Files.readString(file).strip());
            if (key.length != KEY_BYTES) {
                throw new StorageException(
                        file + " must hold " + KEY_BYTES + " bytes in Base64, but holds " + key.length);
            }
            return new Secrets(key);
        } catch (IllegalArgumentException | IOException | GeneralSecurityException | ProviderException failure) {
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

    /** How the master key stands in its file. */
    private interface KeyWrap {
        String wrap(byte[] key) throws GeneralSecurityException;

        byte[] unwrap(String text) throws GeneralSecurityException;

        /** In the clear. */
        KeyWrap NONE = new KeyWrap() {
            @Override
            public String wrap(byte[] key) {
                return Base64.getEncoder().encodeToString(key);
            }

            @Override
            public byte[] unwrap(String text) throws GeneralSecurityException {
                if (text.startsWith(TokenWrap.PREFIX)) {
                    throw new GeneralSecurityException("it is encrypted under a key of a PKCS #11 token");
                }
                return Base64.getDecoder().decode(text);
            }
        };
    }

    /** Under a key of a token, which is made with the first master key. */
    private record TokenWrap(Pkcs11Token token) implements KeyWrap {
        static final String PREFIX = "pkcs11:";
        private static final String LABEL = "outcrop master key";
        private static final int NONCE_BYTES = 12;
        private static final int TAG_BITS = 128;

        @Override
        public String wrap(byte[] key) throws GeneralSecurityException {
            Optional<SecretKey> present = token.find(LABEL);
            SecretKey outer = present.isPresent() ? present.get() : token.create(LABEL);
            byte[] nonce = token.random(NONCE_BYTES);
            Cipher cipher = token.gcm();
            cipher.init(Cipher.ENCRYPT_MODE, outer, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] wrapped = cipher.doFinal(key);
            return PREFIX
                    + Base64.getEncoder()
                            .encodeToString(ByteBuffer.allocate(NONCE_BYTES + wrapped.length)
                                    .put(nonce)
                                    .put(wrapped)
                                    .array());
        }

        @Override
        public byte[] unwrap(String text) throws GeneralSecurityException {
            if (!text.startsWith(PREFIX)) {
                throw new GeneralSecurityException("it is not encrypted under a key of a PKCS #11 token");
            }
            byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
            if (bytes.length <= NONCE_BYTES) {
                throw new GeneralSecurityException("it is too short");
            }
            SecretKey outer = token.find(LABEL)
                    .orElseThrow(() -> new GeneralSecurityException("the token has no key called " + LABEL));
            Cipher cipher = token.gcm();
            cipher.init(Cipher.DECRYPT_MODE, outer, new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_BYTES));
            return cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
        }
    }

    private static void create(Path file, KeyWrap wrap) throws IOException, GeneralSecurityException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String wrapped = wrap.wrap(key);
        FileAttribute<?>[] rights = isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(wrapped + "\n");
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
