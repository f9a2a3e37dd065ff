package dev.outcrop.services.bedrockagentruntime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.Secrets;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * What is said in sessions, as it is kept: encrypted under the master key, and below that under a data key of the caller's
 * key of KMS where one was given. KMS is asked as the caller, with the session's ARN as context.
 */
final class SealedContent {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte MASTER_KEY = 0;
    private static final byte DATA_KEY = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Secrets secrets;
    private final Supplier<Clients> clients;

    SealedContent(Secrets secrets, Supplier<Clients> clients) {
        this.secrets = secrets;
        this.clients = clients;
    }

    /** @param kmsKey the ARN of a key, if there is one */
    byte[] sealed(String sessionArn, Optional<String> kmsKey, byte[] content) {
        byte[] inner = kmsKey.map(key -> underDataKey(sessionArn, key, content)).orElseGet(() -> plain(content));
        return secrets.encrypt(inner, context(sessionArn));
    }

    byte[] opened(String sessionArn, Optional<String> kmsKey, byte[] stored) {
        try {
            ByteBuffer inner = ByteBuffer.wrap(secrets.decrypt(stored, context(sessionArn)));
            if (inner.get() == MASTER_KEY) {
                return rest(inner);
            }
            byte[] wrapped = new byte[inner.getShort()];
            byte[] nonce = new byte[NONCE_BYTES];
            inner.get(wrapped).get(nonce);
            byte[] key = Errors.depending(
                    kmsKey.orElse(sessionArn),
                    () -> clients.get()
                            .of(KmsClient.class)
                            .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                                    .keyId(kmsKey.orElse(null))
                                    .encryptionContext(kmsContext(sessionArn)))
                            .plaintext()
                            .asByteArray());
            return cipher(Cipher.DECRYPT_MODE, key, nonce, sessionArn).doFinal(rest(inner));
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("what is kept of " + sessionArn + " is damaged", damaged);
        }
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static byte[] plain(byte[] content) {
        byte[] all = new byte[content.length + 1];
        all[0] = MASTER_KEY;
        System.arraycopy(content, 0, all, 1, content.length);
        return all;
    }

    private byte[] underDataKey(String sessionArn, String kmsKey, byte[] content) {
        GenerateDataKeyResponse made = Errors.depending(
                kmsKey,
                () -> clients.get()
                        .of(KmsClient.class)
                        .generateDataKey(request -> request.keyId(kmsKey)
                                .keySpec(DataKeySpec.AES_256)
                                .encryptionContext(kmsContext(sessionArn))));
        byte[] wrapped = made.ciphertextBlob().asByteArray();
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] key = made.plaintext().asByteArray();
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, key, nonce, sessionArn).doFinal(content);
            return ByteBuffer.allocate(1 + Short.BYTES + wrapped.length + NONCE_BYTES + text.length)
                    .put(DATA_KEY)
                    .putShort((short) wrapped.length)
                    .put(wrapped)
                    .put(nonce)
                    .put(text)
                    .array();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a session cannot be encrypted", failure);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String sessionArn)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context(sessionArn).getBytes(UTF_8));
        return cipher;
    }

    private static String context(String sessionArn) {
        return "bedrock-agent-runtime " + sessionArn;
    }

    private static Map<String, String> kmsContext(String sessionArn) {
        return Map.of("aws:bedrock:arn", sessionArn);
    }
}
