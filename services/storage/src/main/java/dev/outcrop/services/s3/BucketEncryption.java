package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.buckets.Bucket;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.EncryptionType;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** How the objects of a bucket are encrypted where nothing else is asked for. */
final class BucketEncryption {
    private static final String SETTING = "encryption";

    private final BucketSettings settings;

    BucketEncryption(BucketSettings settings) {
        this.settings = settings;
    }

    /** What is set for a bucket; empty where it has what all have. */
    static Optional<ServerSideEncryptionRule> rule(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, ServerSideEncryptionConfiguration::builder)
                .map(configuration -> configuration.rules().getFirst());
    }

    /** Whether a rule lets nobody bring keys. */
    static boolean blocksCustomerKeys(ServerSideEncryptionRule rule) {
        return rule.blockedEncryptionTypes() != null
                && rule.blockedEncryptionTypes().encryptionType().contains(EncryptionType.SSE_C);
    }

    static ServerSideEncryptionConfiguration get(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, ServerSideEncryptionConfiguration::builder)
                .orElseGet(() -> ServerSideEncryptionConfiguration.builder()
                        .rules(ServerSideEncryptionRule.builder()
                                .applyServerSideEncryptionByDefault(
                                        byDefault -> byDefault.sseAlgorithm(ServerSideEncryption.AES256))
                                .bucketKeyEnabled(false)
                                .build())
                        .build());
    }

    void put(Bucket bucket, ServerSideEncryptionConfiguration configuration) {
        if (configuration.rules().size() != 1) {
            throw Errors.malformedXml();
        }
        ServerSideEncryptionRule rule = configuration.rules().getFirst();
        if (rule.applyServerSideEncryptionByDefault() == null && rule.blockedEncryptionTypes() == null) {
            throw Errors.malformedXml();
        }
        ServerSideEncryptionByDefault byDefault = Optional.ofNullable(rule.applyServerSideEncryptionByDefault())
                .orElseGet(() -> ServerSideEncryptionByDefault.builder()
                        .sseAlgorithm(ServerSideEncryption.AES256)
                        .build());
        check(byDefault);
        ServerSideEncryptionRule complete = rule.toBuilder()
                .applyServerSideEncryptionByDefault(byDefault)
                .bucketKeyEnabled(Boolean.TRUE.equals(rule.bucketKeyEnabled()))
                .build();
        settings.put(
                bucket,
                SETTING,
                BucketSettings.text(configuration.toBuilder().rules(complete).build()));
    }

    private static void check(ServerSideEncryptionByDefault byDefault) {
        String algorithm = Optional.ofNullable(byDefault.sseAlgorithmAsString()).orElse("");
        boolean kms = ObjectEncryption.isKms(algorithm);
        if (!kms && !algorithm.equals(ServerSideEncryption.AES256.toString())) {
            throw Errors.malformedXml();
        }
        if (!kms && byDefault.kmsMasterKeyID() != null) {
            throw new AwsError(
                    "InvalidArgument",
                    400,
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
        }
    }

    void delete(Bucket bucket) {
        settings.remove(bucket, SETTING);
    }
}
