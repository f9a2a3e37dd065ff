package dev.outcrop.services.secretsmanager;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;

/**
 * Encrypts values under data keys of KMS, one a version, bound to the secret and the version by the encryption context.
 *
 * <p>Source: "Secret encryption and decryption in AWS Secrets Manager" of the user guide.
 */
final class SecretValues {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String DEFAULT_KEY = "alias/aws/secretsmanager";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<KmsClient> kms;

    SecretValues(Supplier<KmsClient> kms) {
        this.kms = kms;
    }

    /** A value: a text or bytes. */
    record Value(boolean binary, SdkBytes bytes) {
        Optional<String> text() {
            return binary ? Optional.empty() : Optional.of(bytes.asUtf8String());
        }

        Optional<SdkBytes> blob() {
            return binary ? Optional.of(bytes) : Optional.empty();
        }
    }

    /**
     * The value, encrypted.
     *
     * @param key what the secret's owner named, or the empty string
     * @throws EncryptionFailureException if KMS does not let the caller
     */
    byte[] encrypted(String key, String arn, String versionId, Value value) {
        Map<String, String> context = context(arn, versionId);
        GenerateDataKeyResponse dataKey;
        try {
            dataKey = kms.get()
                    .generateDataKey(request -> request.keyId(key.isEmpty() ? DEFAULT_KEY : key)
                            .keySpec(DataKeySpec.AES_256)
                            .encryptionContext(context));
        } catch (KmsException refusal) {
            throw EncryptionFailureException.builder()
                    .message("Secrets Manager can't encrypt the protected secret text using the provided KMS key. "
                            + refusal.awsErrorDetails().errorMessage())
                    .build();
        }
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            byte[] wrapped = dataKey.ciphertextBlob().asByteArray();
            byte[] text = cipher(Cipher.ENCRYPT_MODE, dataKey.plaintext().asByteArray(), nonce, value.binary, context)
                    .doFinal(value.bytes.asByteArray());
            return ByteBuffer.allocate(1 + Short.BYTES + wrapped.length + NONCE_BYTES + text.length)
                    .put((byte) (value.binary ? 1 : 0))
                    .putShort((short) wrapped.length)
                    .put(wrapped)
                    .put(nonce)
                    .put(text)
                    .array();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a secret cannot be encrypted", failure);
        }
    }

    /**
     * The value in the clear.
     *
     * @throws DecryptionFailureException if KMS does not let the caller
     */
    Value decrypted(byte[] stored, String arn, String versionId) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        boolean binary = bytes.get() == 1;
        byte[] wrapped = new byte[bytes.getShort()];
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(wrapped).get(nonce);
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        Map<String, String> context = context(arn, versionId);
        byte[] dataKey;
        try {
            dataKey = kms.get()
                    .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context))
                    .plaintext()
                    .asByteArray();
        } catch (KmsException refusal) {
            throw DecryptionFailureException.builder()
                    .message("Secrets Manager can't decrypt the protected secret text using the provided KMS key. "
                            + refusal.awsErrorDetails().errorMessage())
                    .build();
        }
        try {
            return new Value(
                    binary,
                    SdkBytes.fromByteArray(cipher(Cipher.DECRYPT_MODE, dataKey, nonce, binary, context)
                            .doFinal(text)));
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the value of " + arn + " is damaged", damaged);
        }
    }

    private static Cipher cipher(int mode, byte[] dataKey, byte[] nonce, boolean binary, Map<String, String> context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(dataKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((binary + " " + new TreeMap<>(context)).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static Map<String, String> context(String arn, String versionId) {
        return Map.of("SecretARN", arn, "SecretVersionId", versionId);
    }
}
