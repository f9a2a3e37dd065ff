package dev.outcrop.engines.vectors.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the pieces of one file by AES-256-GCM, each with its number as the nonce, so that none can be taken for another.
 * The key is made of the store's and of the salt that stands at the beginning of the file. Safe for concurrent use.
 */
final class FileCipher {
    static final int KEY_BYTES = 32;
    static final int SALT_BYTES = 16;
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(() -> {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES-GCM", impossible);
        }
    });

    private final SecretKeySpec key;

    /** The cipher of the file with {@code salt}. */
    FileCipher(byte[] storeKey, byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(storeKey, "HmacSHA256"));
            key = new SecretKeySpec(mac.doFinal(salt), "AES");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HMAC", impossible);
        }
    }

    static byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salt;
    }

    byte[] encrypt(long number, byte[] content, int length) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, number).doFinal(content, 0, length);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("vectors cannot be encrypted", failure);
        }
    }

    /**
     * What {@link #encrypt} was given.
     *
     * @throws IOException if it was not made under this key with that number
     */
    byte[] decrypt(long number, byte[] piece, int length) throws IOException {
        try {
            return cipher(Cipher.DECRYPT_MODE, number).doFinal(piece, 0, length);
        } catch (GeneralSecurityException damaged) {
            throw new IOException("piece " + number + " of a file of vectors is damaged", damaged);
        }
    }

    private Cipher cipher(int mode, long number) throws GeneralSecurityException {
        Cipher cipher = CIPHERS.get();
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        return cipher;
    }
}
