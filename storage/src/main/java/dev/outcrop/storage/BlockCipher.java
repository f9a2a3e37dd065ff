package dev.outcrop.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The layout of an object's file: the object's key, encrypted under the master key, then blocks of 64 KiB, each encrypted
 * by AES-256-GCM (NIST SP 800-38D) with its index as the nonce. The last block is shorter than the others, empty if need be,
 * so that a file that was cut shows. Used by one thread at a time.
 */
final class BlockCipher {
    static final int BLOCK_BYTES = 64 * 1024;
    static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    private final byte[] key;
    private final Cipher cipher;

    private BlockCipher(byte[] key) {
        this.key = key;
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES-GCM", impossible);
        }
    }

    /** With a new key. */
    static BlockCipher create(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new BlockCipher(key);
    }

    /** With the key at the beginning of {@code channel}, which is left behind it. */
    static BlockCipher read(FileChannel channel, Secrets secrets, String id) throws IOException {
        try {
            int length = Short.toUnsignedInt(bytes(channel, Short.BYTES).getShort());
            return new BlockCipher(secrets.decrypt(bytes(channel, length).array(), context(id)));
        } catch (GeneralSecurityException damaged) {
            throw new IOException("object " + id + " is damaged: its key cannot be read", damaged);
        }
    }

    private static ByteBuffer bytes(FileChannel channel, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("an object's file is damaged: it ends in its key");
            }
        }
        return bytes.flip();
    }

    /** What stands before the blocks. */
    byte[] header(Secrets secrets, String id) {
        byte[] encrypted = secrets.encrypt(key, context(id));
        return ByteBuffer.allocate(Short.BYTES + encrypted.length)
                .putShort((short) encrypted.length)
                .put(encrypted)
                .array();
    }

    private static String context(String id) {
        return "object " + id;
    }

    /** A block, encrypted into {@code target} from {@code to} on; says how long it is there. */
    int encrypt(long index, byte[] content, int from, int length, byte[] target, int to) {
        try {
            begin(Cipher.ENCRYPT_MODE, index);
            return cipher.doFinal(content, from, length, target, to);
        } catch (GeneralSecurityException failure) {
            throw new StorageException("an object cannot be encrypted", failure);
        }
    }

    /** The content of a block, into {@code target}; says how long it is. */
    int decrypt(long index, byte[] block, int length, byte[] target) throws IOException {
        try {
            begin(Cipher.DECRYPT_MODE, index);
            return cipher.doFinal(block, 0, length, target, 0);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("an object is damaged in block " + index, damaged);
        }
    }

    private void begin(int mode, long index) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(index).array();
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    }
}
