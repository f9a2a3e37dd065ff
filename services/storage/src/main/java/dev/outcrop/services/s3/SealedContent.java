package dev.outcrop.services.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * Bytes under a key that the store does not have: KMS's or the customer's. A random first counter of 16 bytes stands in
 * front of what AES-256 in counter mode makes of them, so that any range can be read by itself. The store's own blocks,
 * which are authenticated, lie around them; nothing of theirs is repeated here.
 *
 * <p>Source: NIST SP 800-38A, section 6.5.
 */
final class SealedContent {
    /** How much longer it is than what is in it. */
    static final int OVERHEAD = 16;

    private static final int BLOCK = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedContent() {}

    /** What is to be stored of {@code plain}. */
    static InputStream seal(InputStream plain, SecretKey key) {
        byte[] counter = new byte[OVERHEAD];
        RANDOM.nextBytes(counter);
        return new SequenceInputStream(
                new ByteArrayInputStream(counter), new CipherInputStream(plain, cipher(key, counter, 0)));
    }

    /** Reads stored bytes: {@code length} of them from {@code offset} on. */
    @FunctionalInterface
    interface Stored {
        InputStream read(long offset, long length);
    }

    /** The bytes of {@code range} of what was sealed. */
    static InputStream open(Stored stored, SecretKey key, ByteRange range) {
        int before = (int) (range.first() % BLOCK);
        long aligned = range.first() - before;
        byte[] counter = counter(stored);
        InputStream open = new CipherInputStream(
                stored.read(OVERHEAD + aligned, range.length() + before), cipher(key, counter, aligned / BLOCK));
        try {
            open.skipNBytes(before);
            return open;
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static byte[] counter(Stored stored) {
        try (InputStream head = stored.read(0, OVERHEAD)) {
            return head.readNBytes(OVERHEAD);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static Cipher cipher(SecretKey key, byte[] first, long blocks) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            // Counter mode enciphers and deciphers alike.
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(plus(first, blocks)));
            return cipher;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES", impossible);
        }
    }

    /** The counter that many blocks later; it comes round after its greatest. */
    static byte[] plus(byte[] counter, long blocks) {
        byte[] sum = new BigInteger(1, counter)
                .add(BigInteger.valueOf(blocks))
                .mod(BigInteger.ONE.shiftLeft(Byte.SIZE * BLOCK))
                .toByteArray();
        byte[] exact = new byte[BLOCK];
        int length = Math.min(BLOCK, sum.length);
        System.arraycopy(sum, sum.length - length, exact, BLOCK - length, length);
        return Arrays.copyOf(exact, BLOCK);
    }
}
