package dev.outcrop.services.kms;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Ciphertexts of symmetric keys: which key and which generation of its material made them, and AES-256-GCM under a key that
 * is derived from that material for this one ciphertext, so that no number of calls wears a key out. The header and the
 * encryption context are authenticated with the text: whoever changes a bit of any gets nothing.
 *
 * <p>Source: NIST SP 800-38D; RFC 5869 for the derivation; "AWS KMS Cryptographic Details", which derives in the same way.
 *
 * @param account    whose key it is
 * @param keyId      the key
 * @param materialId the generation of its material
 */
record SymmetricCiphertext(String account, String keyId, String materialId, byte[] header, byte[] body) {
    private static final byte FORMAT = 1;
    private static final byte UUID_KEY = 0;
    private static final byte MULTI_REGION_KEY = 1;
    private static final String MULTI_REGION = "mrk-";
    private static final int MATERIAL_BYTES = 32;
    private static final int SALT_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = 2 + Long.BYTES + 2 * Long.BYTES + MATERIAL_BYTES + SALT_BYTES + NONCE_BYTES;

    /** What a key does, wherever it is. */
    @FunctionalInterface
    interface GcmKey {
        /** A cipher for one ciphertext. */
        Cipher cipher(int mode, byte[] salt, GCMParameterSpec parameters) throws GeneralSecurityException;

        /** Derives a key of its own for each salt from {@code secret}. */
        static GcmKey derivedFrom(byte[] secret) {
            return (mode, salt, parameters) -> {
                SecretKey derived = KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addSalt(salt)
                                        .addIKM(secret)
                                        .thenExpand("outcrop kms".getBytes(StandardCharsets.US_ASCII), 32));
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, derived, parameters);
                return cipher;
            };
        }
    }

    /** Encrypts with {@code gcm}, the material {@code materialId} of {@code key}. */
    static byte[] encrypt(
            KmsKey key, String materialId, GcmKey gcm, byte[] plaintext, Map<String, String> encryptionContext) {
        boolean multiRegion = key.id().startsWith(MULTI_REGION);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put(FORMAT)
                .put(multiRegion ? MULTI_REGION_KEY : UUID_KEY)
                .putLong(Long.parseLong(key.account()))
                .put(HexFormat.of()
                        .parseHex(key.id()
                                .substring(multiRegion ? MULTI_REGION.length() : 0)
                                .replace("-", "")))
                .put(HexFormat.of().parseHex(materialId))
                .put(KeySpecs.random(SALT_BYTES))
                .put(KeySpecs.random(NONCE_BYTES))
                .array();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, gcm, header, encryptionContext);
            return concatenated(header, cipher.doFinal(plaintext));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a text cannot be encrypted", failure);
        }
    }

    /** The parts of a ciphertext; empty if it is none of these. What it says is not to be trusted until it decrypts. */
    static Optional<SymmetricCiphertext> read(byte[] blob) {
        if (blob.length < HEADER_BYTES + TAG_BITS / Byte.SIZE || blob[0] != FORMAT) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(blob);
        bytes.get();
        byte kind = bytes.get();
        String account = String.format(Locale.ROOT, "%012d", bytes.getLong());
        UUID id = new UUID(bytes.getLong(), bytes.getLong());
        byte[] material = new byte[MATERIAL_BYTES];
        bytes.get(material);
        if (kind != UUID_KEY && kind != MULTI_REGION_KEY) {
            return Optional.empty();
        }
        return Optional.of(new SymmetricCiphertext(
                account,
                kind == UUID_KEY ? id.toString() : MULTI_REGION + id.toString().replace("-", ""),
                HexFormat.of().formatHex(material),
                Arrays.copyOf(blob, HEADER_BYTES),
                Arrays.copyOfRange(blob, HEADER_BYTES, blob.length)));
    }

    /**
     * The text.
     *
     * @throws GeneralSecurityException if anything was changed, or the encryption context is another
     */
    byte[] decrypt(GcmKey gcm, Map<String, String> encryptionContext) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, gcm, header, encryptionContext).doFinal(body);
    }

    private static Cipher cipher(int mode, GcmKey gcm, byte[] header, Map<String, String> encryptionContext)
            throws GeneralSecurityException {
        ByteBuffer tail = ByteBuffer.wrap(header, HEADER_BYTES - SALT_BYTES - NONCE_BYTES, SALT_BYTES + NONCE_BYTES);
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        tail.get(salt).get(nonce);
        Cipher cipher = gcm.cipher(mode, salt, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(canonical(encryptionContext));
        return cipher;
    }

    /** The pairs in one order, each with its length before it, so that no two contexts read alike. */
    private static byte[] canonical(Map<String, String> encryptionContext) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(bytes)) {
            for (Map.Entry<String, String> pair : new TreeMap<>(encryptionContext).entrySet()) {
                write(data, pair.getKey());
                write(data, pair.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream data, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
