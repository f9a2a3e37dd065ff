package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.Secrets;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * Documents that wait to be ingested, encrypted: under a data key of the key of KMS that their data source names, used as
 * the role of the knowledge base, and else under the master key.
 *
 * <p>Source: Amazon Bedrock User Guide, "Encryption of transient data storage during data ingestion".
 */
final class PendingBodies {
    private static final byte BY_MASTER_KEY = 0;
    private static final byte BY_DATA_KEY = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Supplier<Clients> clients;
    private final Secrets secrets;
    private final SecureRandom random = new SecureRandom();

    PendingBodies(Supplier<Clients> clients, Secrets secrets) {
        this.clients = clients;
        this.secrets = secrets;
    }

    private static Optional<String> key(DataSource source) {
        return Optional.ofNullable(source.serverSideEncryptionConfiguration())
                .map(ServerSideEncryptionConfiguration::kmsKeyArn);
    }

    /**
     * Encrypts a document.
     *
     * @param id what it is kept under, with which it is opened
     */
    byte[] seal(KnowledgeBase base, DataSource source, String id, byte[] body) {
        Optional<String> key = key(source);
        if (key.isEmpty()) {
            byte[] sealed = secrets.encrypt(body, id);
            return ByteBuffer.allocate(1 + sealed.length)
                    .put(BY_MASTER_KEY)
                    .put(sealed)
                    .array();
        }
        GenerateDataKeyResponse dataKey = dataKey(base, key.get());
        byte[] wrapped = dataKey.ciphertextBlob().asByteArray();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, dataKey.plaintext().asByteArray(), nonce, id, body);
        return ByteBuffer.allocate(1 + Integer.BYTES + wrapped.length + NONCE_BYTES + sealed.length)
                .put(BY_DATA_KEY)
                .putInt(wrapped.length)
                .put(wrapped)
                .put(nonce)
                .put(sealed)
                .array();
    }

    private GenerateDataKeyResponse dataKey(KnowledgeBase base, String key) {
        try {
            return new BaseRole(clients, base)
                    .call(
                            KmsClient.class,
                            kms -> kms.generateDataKey(
                                    request -> request.keyId(key).keySpec(DataKeySpec.AES_256)));
        } catch (AwsServiceException | AwsError refused) {
            throw Errors.invalid("The KMS key of the data source cannot be used: " + Errors.told(refused));
        }
    }

    /**
     * Decrypts what {@link #seal} made.
     *
     * @throws SourceFailure if its key cannot be used
     */
    byte[] open(KnowledgeBase base, String id, byte[] sealed) {
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        try {
            if (bytes.get() == BY_MASTER_KEY) {
                return secrets.decrypt(rest(bytes), id);
            }
        } catch (GeneralSecurityException foreign) {
            throw new IllegalStateException("the document " + id + " cannot be decrypted", foreign);
        }
        byte[] wrapped = new byte[bytes.getInt()];
        bytes.get(wrapped);
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        return crypt(Cipher.DECRYPT_MODE, opened(base, wrapped), nonce, id, rest(bytes));
    }

    private byte[] opened(KnowledgeBase base, byte[] wrapped) {
        try {
            return new BaseRole(clients, base)
                    .call(
                            KmsClient.class,
                            kms -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))))
                    .plaintext()
                    .asByteArray();
        } catch (AwsServiceException | AwsError refused) {
            throw new SourceFailure(
                    "Encountered error: " + Errors.told(refused) + ". Call to AWS KMS did not succeed.");
        }
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, String id, byte[] body) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id.getBytes(UTF_8));
            return cipher.doFinal(body);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("the document " + id + " cannot be encrypted or decrypted", failure);
        }
    }
}
