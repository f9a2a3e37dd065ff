package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
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
     * The value of a version, encrypted under the key of {@code secret}.
     *
     * @throws EncryptionFailureException if KMS cannot
     * @throws AwsError {@code AccessDeniedException} if KMS does not let the caller
     */
    byte[] encrypted(Secret secret, String versionId, Value value) {
        checkOwner(secret, secret.kmsKeyId());
        String key = key(secret, secret.kmsKeyId());
        Map<String, String> context = context(secret.arn(), versionId);
        GenerateDataKeyResponse dataKey;
        try {
            dataKey = kms.get()
                    .generateDataKey(request ->
                            request.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(context));
        } catch (KmsException refusal) {
            checkAccess(refusal);
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

    /** The key that KMS is asked for; a name that is no ARN is one of the secret's account. */
    private static String key(Secret secret, String named) {
        if (named.startsWith("arn:")) {
            return named;
        }
        boolean own = secret.account().equals(CallContext.current().account());
        String name = named.isEmpty() ? DEFAULT_KEY : named;
        return own
                ? name
                : "arn:aws:kms:" + secret.region() + ":" + secret.account() + ":"
                        + (name.startsWith("alias/") ? name : "key/" + name);
    }

    /** The key that AWS manages for an account works for nobody else's. */
    private static void checkOwner(Secret secret, String named) {
        if (named.isEmpty() && !secret.account().equals(CallContext.current().account())) {
            throw StoredSecrets.invalidRequest(
                    "You can't access a secret from a different AWS account if you encrypt the secret with the default"
                            + " KMS service key.");
        }
    }

    private static void checkAccess(KmsException refusal) {
        if (refusal.awsErrorDetails().errorCode().equals("AccessDeniedException")) {
            throw new AwsError("AccessDeniedException", 400, "Access to KMS is not allowed");
        }
    }

    /**
     * The value in the clear.
     *
     * @throws DecryptionFailureException if KMS cannot
     * @throws AwsError {@code AccessDeniedException} if KMS does not let the caller
     */
    Value decrypted(Secret secret, Secret.Version version, byte[] stored) {
        checkOwner(secret, version.kmsKeyId());
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        boolean binary = bytes.get() == 1;
        byte[] wrapped = new byte[bytes.getShort()];
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(wrapped).get(nonce);
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        Map<String, String> context = context(secret.arn(), version.id());
        byte[] dataKey;
        try {
            dataKey = kms.get()
                    .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context))
                    .plaintext()
                    .asByteArray();
        } catch (KmsException refusal) {
            checkAccess(refusal);
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
            throw new IllegalStateException("the value of " + secret.arn() + " is damaged", damaged);
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
