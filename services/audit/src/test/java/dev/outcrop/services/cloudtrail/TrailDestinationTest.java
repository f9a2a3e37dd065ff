package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceTables;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;

class TrailDestinationTest {
    private static final String ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/all";
    /** The policy of AWS's user guide. */
    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl",
              "Resource": "arn:aws:s3:::logs", "Condition": {"StringEquals": {"aws:SourceArn": "SOURCE"}}},
             {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject",
              "Resource": "arn:aws:s3:::logs/in/AWSLogs/123456789012/*",
              "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": "SOURCE"}}}]}""".replace("SOURCE", ARN);

    @Test
    void takesABucketWithThePolicyOfTheUserGuide() {
        assertThatCode(() -> check(Optional.of(POLICY))).doesNotThrowAnyException();
    }

    @Test
    void refusesABucketWithoutAPolicy() {
        assertThatThrownBy(() -> check(Optional.empty()))
                .isInstanceOf(InsufficientS3BucketPolicyException.class)
                .hasMessageContaining("Incorrect S3 bucket policy is detected for bucket: logs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trail/all=trail/other",
                "123456789012/*=999999999999/*",
                "logs/in/=logs/out/",
                "\"cloudtrail.amazonaws.com\"}, \"Action\": \"s3:PutObject\"="
                        + "\"config.amazonaws.com\"}, \"Action\": \"s3:PutObject\"",
                "\"Allow\", \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}, \"Action\": \"s3:GetBucketAcl\"="
                        + "\"Deny\", \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}, \"Action\": \"s3:*\"",
                "s3:PutObject=s3:GetObject",
                "{\"Version\"={\"Versions\"",
            })
    void refusesABucketWhosePolicyLetsSomebodyOrSomethingElse(String change) {
        String[] halves = change.split("=", 2);
        String policy = POLICY.replace(halves[0], halves[1]);

        assertThatThrownBy(() -> check(Optional.of(policy))).isInstanceOf(InsufficientS3BucketPolicyException.class);
    }

    private static void check(Optional<String> policy) {
        ServedServices services =
                new ServedServices(new ServiceTables()).serve("s3", S3Client.class, () -> new Buckets(policy));
        Clients clients =
                new Clients(services, new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), record -> {}));
        CallContext.builder()
                .principal(Principal.root("123456789012", Optional.empty()))
                .requestId("1")
                .build()
                .run(() -> new TrailDestination(() -> clients).checkBucket("logs", "in", ARN));
    }

    /** An S3 of one bucket, as far as it is asked for. */
    public static final class Buckets implements S3Client {
        private final Optional<String> policy;

        Buckets(Optional<String> policy) {
            this.policy = policy;
        }

        @Override
        public HeadBucketResponse headBucket(HeadBucketRequest request) {
            return HeadBucketResponse.builder().build();
        }

        @Override
        public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
            return GetBucketPolicyResponse.builder()
                    .policy(policy.orElseThrow(
                            () -> new AwsError("NoSuchBucketPolicy", 404, "The bucket policy does not exist")))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
