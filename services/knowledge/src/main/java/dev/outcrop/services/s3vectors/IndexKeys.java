package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.Secrets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.s3vectors.model.EncryptionConfiguration;
import software.amazon.awssdk.services.s3vectors.model.SseType;

/**
 * The keys that the files of indexes are under: random ones under the master key (SSE-S3), or data keys of KMS (SSE-KMS),
 * which KMS opens at every call for vectors, as the caller, so that a key that is disabled closes an index at once.
 *
 * <p>Source: "Data protection and encryption in S3 Vectors" of the Amazon S3 user guide.
 */
final class IndexKeys {
    private static final int KEY_BYTES = 32;

    private final Secrets secrets;
    private final Supplier<Clients> clients;
    private final SecureRandom random = new SecureRandom();

    IndexKeys(Secrets secrets, Supplier<Clients> clients) {
        this.secrets = secrets;
        this.clients = clients;
    }

    /** An encryption as it is kept: with a type, and a key where the type wants one. */
    static EncryptionConfiguration checked(EncryptionConfiguration wanted) {
        boolean kms = wanted.sseType() == SseType.AWS_KMS;
        if (kms && wanted.kmsKeyArn() == null) {
            throw Failures.invalid("kmsKeyArn must be specified when sseType is aws:kms");
        }
        if (!kms && wanted.kmsKeyArn() != null) {
            throw Failures.invalid("kmsKeyArn can only be specified when sseType is aws:kms");
        }
        return wanted.sseType() == null
                ? wanted.toBuilder().sseType(SseType.AES256).build()
                : wanted;
    }

    /** A new key for an index, sealed. */
    byte[] create(VectorArn place, String id, EncryptionConfiguration encryption) {
        if (encryption.sseType() != SseType.AWS_KMS) {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            return secrets.encrypt(key, context(id));
        }
        try {
            GenerateDataKeyResponse made = kms().generateDataKey(request -> request.keyId(encryption.kmsKeyArn())
                    .keySpec(DataKeySpec.AES_256)
                    .encryptionContext(kmsContext(place, id)));
            return secrets.encrypt(made.ciphertextBlob().asByteArray(), context(id));
        } catch (AwsServiceException refusal) {
            String message = refusal.awsErrorDetails().errorMessage();
            throw refusal.statusCode() == 403 || isDenied(refusal)
                    ? AwsError.accessDenied(message)
                    : Failures.invalid(message);
        }
    }

    /** The key of an index. */
    byte[] open(StoredIndex index) {
        byte[] opened;
        try {
            opened = secrets.decrypt(index.key(), context(index.id()));
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the key of " + index.place().arn() + " cannot be read", damaged);
        }
        Optional<String> kmsKey =
                Optional.ofNullable(index.shape().encryptionConfiguration().kmsKeyArn());
        return kmsKey.isEmpty()
                ? opened
                : ask(kms -> kms.decrypt(request -> request.keyId(kmsKey.get())
                                .ciphertextBlob(SdkBytes.fromByteArray(opened))
                                .encryptionContext(kmsContext(index.place(), index.id())))
                        .plaintext()
                        .asByteArray());
    }

    private KmsClient kms() {
        return clients.get().of(KmsClient.class);
    }

    private static String context(String id) {
        return "s3vectors index " + id;
    }

    private static Map<String, String> kmsContext(VectorArn place, String id) {
        return Map.of("aws:s3vectors:arn", place.arn(), "aws:s3vectors:resource-id", id);
    }

    private static boolean isDenied(AwsServiceException refusal) {
        return refusal.awsErrorDetails().errorCode().startsWith("AccessDenied");
    }

    private <T> T ask(Function<KmsClient, T> call) {
        try {
            return call.apply(kms());
        } catch (AwsServiceException refusal) {
            String message = refusal.awsErrorDetails().errorMessage();
            String code = switch (refusal.awsErrorDetails().errorCode()) {
                case "DisabledException" -> "KmsDisabledException";
                case "KMSInvalidStateException" -> "KmsInvalidStateException";
                case "NotFoundException" -> "KmsNotFoundException";
                case "InvalidKeyUsageException", "IncorrectKeyException" -> "KmsInvalidKeyUsageException";
                default -> "AccessDeniedException";
            };
            throw code.startsWith("Kms") ? new AwsError(code, 400, message) : AwsError.accessDenied(message);
        }
    }
}
