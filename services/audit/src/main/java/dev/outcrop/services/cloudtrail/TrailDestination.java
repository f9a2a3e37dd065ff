package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientEncryptionPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidKmsKeyIdException;
import software.amazon.awssdk.services.cloudtrail.model.KmsException;
import software.amazon.awssdk.services.cloudtrail.model.KmsKeyNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Makes sure, before a trail is kept, that it can be delivered where it shall.
 *
 * <p>Source: "Amazon S3 bucket policy for CloudTrail" and "Configure AWS KMS key policies for CloudTrail" of the AWS
 * CloudTrail user guide.
 */
final class TrailDestination {
    /** The name in encryption contexts of what is encrypted for. */
    static final String CONTEXT_KEY = "aws:cloudtrail:arn";

    private final Supplier<Clients> clients;

    TrailDestination(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /**
     * Makes sure that there is a bucket that CloudTrail may write to.
     *
     * @param prefix of the keys, possibly empty
     * @param arn    of what is delivered, such as a trail
     */
    void checkBucket(String bucket, String prefix, String arn) {
        CallContext call = CallContext.current();
        OwnCalls.call(call.account(), call.region(), arn, () -> {
            checkExists(bucket);
            return null;
        });
        Optional<String> policy;
        try {
            policy = Optional.of(clients.get()
                    .of(S3Client.class)
                    .getBucketPolicy(request -> request.bucket(bucket))
                    .policy());
        } catch (AwsServiceException refusal) {
            if (refusal.awsErrorDetails().errorCode().equals("NoSuchBucketPolicy")) {
                throw insufficient(bucket);
            }
            // The caller may not read it, or there are no policies here; the delivery will tell.
            policy = Optional.empty();
        }
        if (policy.isPresent() && !mayDeliver(policy.get(), bucket, prefix, arn)) {
            throw insufficient(bucket);
        }
    }

    private void checkExists(String bucket) {
        try {
            clients.get().of(S3Client.class).headBucket(request -> request.bucket(bucket));
        } catch (AwsServiceException refusal) {
            if (refusal.statusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                throw S3BucketDoesNotExistException.builder()
                        .message("S3 bucket " + bucket + " does not exist!")
                        .build();
            }
            // It is there; what may be written into it is asked next.
        }
    }

    private static InsufficientS3BucketPolicyException insufficient(String bucket) {
        return InsufficientS3BucketPolicyException.builder()
                .message("Incorrect S3 bucket policy is detected for bucket: " + bucket)
                .build();
    }

    /** Whether the policy lets CloudTrail look at the bucket and write files of the account into it. */
    private static boolean mayDeliver(String document, String bucket, String prefix, String arn) {
        String account = CallContext.current().account();
        String folder = (prefix.isEmpty() ? "" : prefix + "/") + "AWSLogs/" + account + "/";
        return DeliveryRights.allow(document, "s3:GetBucketAcl", "arn:aws:s3:::" + bucket, arn)
                && DeliveryRights.allow(
                        document, "s3:PutObject", "arn:aws:s3:::" + bucket + "/" + folder + "file", arn);
    }

    /**
     * The ARN of the key that a request names, which CloudTrail may encrypt with.
     *
     * @param bucket what the message is to name
     */
    String keyArn(String keyId, String bucket, String arn) {
        KeyMetadata key;
        try {
            key = clients.get()
                    .of(KmsClient.class)
                    .describeKey(request -> request.keyId(keyId))
                    .keyMetadata();
        } catch (AwsServiceException refusal) {
            throw switch (refusal.awsErrorDetails().errorCode()) {
                case "NotFoundException" ->
                    KmsKeyNotFoundException.builder()
                            .message("KMS key not found: " + keyId)
                            .build();
                case "InvalidArnException" ->
                    InvalidKmsKeyIdException.builder()
                            .message("Invalid KMS key id: " + keyId)
                            .build();
                default ->
                    KmsException.builder()
                            .message(refusal.awsErrorDetails().errorMessage())
                            .build();
            };
        }
        if (key.keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw InvalidKmsKeyIdException.builder()
                    .message("The KMS key must be symmetric, but is " + key.keySpecAsString() + ": " + keyId)
                    .build();
        }
        if (!Boolean.TRUE.equals(key.enabled())) {
            throw KmsException.builder()
                    .message("KMS key " + key.arn() + " is not enabled; its state is " + key.keyStateAsString() + ".")
                    .build();
        }
        CallContext call = CallContext.current();
        OwnCalls.call(call.account(), call.region(), arn, () -> {
            tryToEncrypt(key.arn(), bucket, arn);
            return null;
        });
        return key.arn();
    }

    private void tryToEncrypt(String key, String bucket, String arn) {
        try {
            clients.get()
                    .of(KmsClient.class)
                    .generateDataKeyWithoutPlaintext(request -> request.keyId(key)
                            .keySpec(DataKeySpec.AES_256)
                            .encryptionContext(Map.of(CONTEXT_KEY, arn)));
        } catch (AwsServiceException refusal) {
            throw InsufficientEncryptionPolicyException.builder()
                    .message("Insufficient permissions to access S3 bucket " + bucket + " or KMS key " + key + ".")
                    .build();
        }
    }
}
