package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * The bytes of trained models, in records, encrypted: under the master key and, below that, under a data key of a key of
 * KMS where the model has one. KMS is asked as the model's role, with its ARN as context, whenever the bytes are read.
 */
final class ModelFiles {
    private static final String TYPE = "comprehend:model-bytes";
    private static final int PIECE = 512 << 10;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String CONTEXT = "aws:comprehend:arn";

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    ModelFiles(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Keeps the bytes of a model in the place of what was kept before. */
    void write(String arn, byte[] model, Optional<String> kmsKey, RoleBuckets role) {
        byte[] dataKey = new byte[0];
        byte[] content = model;
        if (kmsKey.isPresent()) {
            GenerateDataKeyResponse made = generated(arn, kmsKey.get(), role);
            dataKey = made.ciphertextBlob().asByteArray();
            content = sealed(made.plaintext().asByteArray(), model);
        }
        List<byte[]> pieces = new ArrayList<>(List.of(secrets.encrypt(dataKey, context(arn))));
        for (int from = 0; from < content.length; from += PIECE) {
            byte[] piece = Arrays.copyOfRange(content, from, Math.min(content.length, from + PIECE));
            pieces.add(secrets.encrypt(piece, context(arn)));
        }
        CallContext call = CallContext.current();
        List<StoredRecord> before = pieces(arn);
        // All at once: a server that was taken for dead may write the same.
        records.write(transaction -> {
            before.forEach(piece -> transaction.delete(piece.key()));
            for (int i = 0; i < pieces.size(); i++) {
                RecordKey key = new RecordKey(TYPE, call.account(), call.region(), arn + "/%06d".formatted(i));
                transaction.delete(key);
                transaction.insert(key, arn, Optional.empty(), clock.instant(), pieces.get(i));
            }
            return null;
        });
    }

    private static GenerateDataKeyResponse generated(String arn, String kmsKey, RoleBuckets role) {
        return role.as(
                KmsClient.class,
                kms -> kms.generateDataKey(request ->
                        request.keyId(kmsKey).keySpec(DataKeySpec.AES_256).encryptionContext(Map.of(CONTEXT, arn))));
    }

    /**
     * Makes sure that a key can be used for a model.
     *
     * @throws software.amazon.awssdk.services.comprehend.model.KmsKeyValidationException if not
     */
    static void check(String arn, String kmsKey, RoleBuckets role) {
        try {
            generated(arn, kmsKey, role);
        } catch (AwsServiceException refused) {
            throw Failures.key(
                    "KMS key validation failed: " + refused.awsErrorDetails().errorMessage());
        }
    }

    /** The bytes of a model, if there are any. */
    Optional<byte[]> read(String arn, Optional<String> kmsKey, RoleBuckets role) {
        List<StoredRecord> pieces = pieces(arn);
        if (pieces.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (StoredRecord piece : pieces.subList(1, pieces.size())) {
            content.writeBytes(opened(arn, piece));
        }
        byte[] dataKey = opened(arn, pieces.getFirst());
        if (dataKey.length == 0) {
            return Optional.of(content.toByteArray());
        }
        byte[] plain = role.as(
                KmsClient.class,
                kms -> kms.decrypt(request -> request.keyId(kmsKey.orElse(null))
                                .ciphertextBlob(SdkBytes.fromByteArray(dataKey))
                                .encryptionContext(Map.of(CONTEXT, arn)))
                        .plaintext()
                        .asByteArray());
        return Optional.of(unsealed(plain, content.toByteArray()));
    }

    void delete(String arn) {
        for (StoredRecord piece : pieces(arn)) {
            records.write(transaction -> transaction.delete(piece.key()));
        }
    }

    private byte[] opened(String arn, StoredRecord piece) {
        try {
            return secrets.decrypt(piece.body(), context(arn));
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the bytes of " + arn + " cannot be decrypted", damaged);
        }
    }

    private static String context(String arn) {
        return "comprehend model " + arn;
    }

    private List<StoredRecord> pieces(String arn) {
        CallContext call = CallContext.current();
        List<StoredRecord> all = new ArrayList<>();
        Optional<RecordQuery.Cursor> after = Optional.empty();
        List<StoredRecord> page;
        do {
            page = records.list(new RecordQuery(
                    TYPE,
                    Optional.of(call.account()),
                    Optional.of(call.region()),
                    Optional.of(arn),
                    RecordQuery.Order.ID,
                    after,
                    64));
            all.addAll(page);
            after = page.isEmpty() ? after : Optional.of(RecordQuery.Cursor.behind(page.getLast()));
        } while (!page.isEmpty());
        return all;
    }

    private byte[] sealed(byte[] key, byte[] content) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, key, nonce, content, 0);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + encrypted.length);
        System.arraycopy(encrypted, 0, sealed, NONCE, encrypted.length);
        return sealed;
    }

    private static byte[] unsealed(byte[] key, byte[] sealed) {
        return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE), sealed, NONCE);
    }

    private static byte[] cipher(int mode, byte[] key, byte[] nonce, byte[] content, int from) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD("comprehend model".getBytes(UTF_8));
            return cipher.doFinal(content, from, content.length - from);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the bytes of a model cannot be encrypted or decrypted", damaged);
        }
    }
}
