package dev.outcrop.engines.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the pieces of one file, each with its number in the file as the nonce, so that none can be taken for another.
 * Used by one thread at a time.
 */
final class FileCipher {
    static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    private final byte[] key;
    private final SecretKeySpec specification;
    private final Cipher cipher;

    FileCipher(byte[] key) {
        this.key = key.clone();
        specification = new SecretKeySpec(this.key, "AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES-GCM", impossible);
        }
    }

    /** With a new key. */
    static FileCipher create(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new FileCipher(key);
    }

    byte[] key() {
        return key.clone();
    }

    byte[] encrypt(long number, byte[] content, int offset, int length) {
        try {
            begin(Cipher.ENCRYPT_MODE, number);
            return cipher.doFinal(content, offset, length);
        } catch (GeneralSecurityException failure) {
            throw new LogStoreException("log events cannot be encrypted", failure);
        }
    }

    byte[] decrypt(long number, byte[] piece) throws IOException {
        try {
            begin(Cipher.DECRYPT_MODE, number);
            return cipher.doFinal(piece);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("a file of log events is damaged in piece " + number, damaged);
        }
    }

    private void begin(int mode, long number) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(number).array();
        cipher.init(mode, specification, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    }
}
