package dev.outcrop.services.bedrockagent.prompts;

import dev.outcrop.kernel.Clients;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockagent.model.AccessDeniedException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Encrypts prompts under data keys of KMS, as whoever calls.
 *
 * <p>Source: "Prerequisites for prompt management", Amazon Bedrock user guide, for the encryption context.
 */
final class PromptSeals {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<Clients> clients;

    PromptSeals(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** {@code content} of the prompt with {@code arn} under the key {@code kmsKey}. */
    byte[] sealed(String kmsKey, String arn, byte[] content) {
        try {
            GenerateDataKeyResponse key = clients.get()
                    .of(KmsClient.class)
                    .generateDataKey(request ->
                            request.keyId(kmsKey).keySpec(DataKeySpec.AES_256).encryptionContext(context(arn)));
            byte[] wrapped = key.ciphertextBlob().asByteArray();
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            byte[] text = gcm(Cipher.ENCRYPT_MODE, key.plaintext().asByteArray(), nonce, content);
            return ByteBuffer.allocate(Short.BYTES + wrapped.length + NONCE_BYTES + text.length)
                    .putShort((short) wrapped.length)
                    .put(wrapped)
                    .put(nonce)
                    .put(text)
                    .array();
        } catch (KmsException refusal) {
            throw denied(refusal);
        }
    }

    /** What was sealed. */
    byte[] opened(String arn, byte[] sealed) {
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        byte[] wrapped = new byte[bytes.getShort()];
        bytes.get(wrapped);
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        try {
            byte[] key = clients.get()
                    .of(KmsClient.class)
                    .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(context(arn)))
                    .plaintext()
                    .asByteArray();
            return gcm(Cipher.DECRYPT_MODE, key, nonce, text);
        } catch (KmsException refusal) {
            throw denied(refusal);
        }
    }

    private static Map<String, String> context(String arn) {
        return Map.of("aws:bedrock-prompts:arn", arn);
    }

    private static AccessDeniedException denied(KmsException refusal) {
        return AccessDeniedException.builder()
                .message("The KMS key of the prompt cannot be used: "
                        + refusal.awsErrorDetails().errorMessage())
                .build();
    }

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(content);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("a prompt is damaged", damaged);
        }
    }
}
