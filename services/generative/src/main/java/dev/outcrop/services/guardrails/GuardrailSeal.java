package dev.outcrop.services.guardrails;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.guardrails.GuardrailRecords.Kept;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.shapes.codec.StoredShapes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Encrypts what a guardrail says under a data key of the key of KMS that it names. KMS is asked as the caller: whoever
 * makes a guardrail needs {@code kms:GenerateDataKey}, whoever reads or applies one {@code kms:Decrypt}, each time.
 *
 * <p>Source: "Create a customer managed key for your guardrail for additional security", Amazon Bedrock User Guide.
 */
final class GuardrailSeal {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<Clients> clients;

    GuardrailSeal(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** What is kept, and the ARN of the key that it is under. */
    record Sealed(String keyArn, byte[] bytes) {}

    /**
     * Encrypts {@code content} of a guardrail.
     *
     * @param key what the caller named: an ARN
     * @throws AwsError if the caller may not, or the key cannot be used
     */
    Sealed seal(String key, String guardrailArn, byte[] content) {
        GenerateDataKeyResponse made = ask(kms -> kms.generateDataKey(
                request -> request.keyId(key).keySpec(DataKeySpec.AES_256).encryptionContext(context(guardrailArn))));
        byte[] wrapped = made.ciphertextBlob().asByteArray();
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] text = gcm(Cipher.ENCRYPT_MODE, made.plaintext().asByteArray(), nonce, guardrailArn, content);
        return new Sealed(
                made.keyId(),
                ByteBuffer.allocate(Short.BYTES + wrapped.length + NONCE_BYTES + text.length)
                        .putShort((short) wrapped.length)
                        .put(wrapped)
                        .put(nonce)
                        .put(text)
                        .array());
    }

    /**
     * The whole of a guardrail, opened where it is sealed.
     *
     * @throws AwsError if the caller may not, or the key cannot be used any more
     */
    GetGuardrailResponse whole(Kept guardrail) {
        if (!guardrail.isSealed()) {
            return guardrail.open();
        }
        byte[] content = open(guardrail.open().guardrailArn(), guardrail.sealed());
        return Shapes.copy(StoredShapes.read(content, GetGuardrailResponse::builder), guardrail.open().toBuilder())
                .build();
    }

    private byte[] open(String guardrailArn, byte[] sealed) {
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        byte[] wrapped = new byte[bytes.getShort()];
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(wrapped).get(nonce);
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        byte[] key = dataKey(guardrailArn, wrapped);
        return gcm(Cipher.DECRYPT_MODE, key, nonce, guardrailArn, text);
    }

    /**
     * Makes sure that the caller may open what was sealed.
     *
     * @throws AwsError if it may not, or the key cannot be used any more
     */
    void requireOpenable(String guardrailArn, byte[] sealed) {
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        byte[] wrapped = new byte[bytes.getShort()];
        bytes.get(wrapped);
        dataKey(guardrailArn, wrapped);
    }

    private byte[] dataKey(String guardrailArn, byte[] wrapped) {
        return ask(kms -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                        .encryptionContext(context(guardrailArn))))
                .plaintext()
                .asByteArray();
    }

    private static Map<String, String> context(String guardrailArn) {
        return Map.of("aws:bedrock:arn", guardrailArn);
    }

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, String guardrailArn, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(guardrailArn.getBytes(UTF_8));
            return cipher.doFinal(content);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("what is kept of " + guardrailArn + " is damaged", damaged);
        }
    }

    private <T> T ask(Function<KmsClient, T> call) {
        try {
            return call.apply(clients.get().of(KmsClient.class));
        } catch (KmsException refusal) {
            String message = refusal.awsErrorDetails().errorMessage();
            throw refusal.awsErrorDetails().errorCode().equals("AccessDeniedException")
                    ? AwsError.accessDenied(message)
                    : AwsError.validation("The KMS key of the guardrail cannot be used. " + message);
        }
    }
}
