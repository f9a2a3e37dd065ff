package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientEncryptionPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientSnsTopicPolicyException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Somebody has CloudTrail, which another account trusts, do to that account's resources what he may not do himself.
 *
 * <p>Source: "Cross-service confused deputy prevention" of the AWS CloudTrail and IAM user guides.
 */
class ConfusedDeputyTest {
    private static final String ATTACKER = "666666666666";

    @TempDir
    private Path path;

    private AuditHouse house;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
        house.createLogBucket("logs");
        attacker(S3Client.class, s3 -> s3.createBucket(request -> request.bucket("own")));
        attacker(
                S3Client.class,
                s3 -> s3.putBucketPolicy(request -> request.bucket("own").policy(bucketPolicy("own", ""))));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aBucketThatNamesItsAccountTakesNothingForAnother() {
        victim("guarded", """
                , "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}""");

        deliverForTheAttacker("guarded");

        assertThat(house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("guarded")))
                        .contents())
                .isEmpty();
    }

    @Test
    void aBucketThatNamesATrailTakesNothingForAnother() {
        victim("guarded", """
                , "Condition": {"StringEquals":
                 {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/all"}}""");

        deliverForTheAttacker("guarded");

        assertThat(house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("guarded")))
                        .contents())
                .isEmpty();
    }

    /** The attacker's trail is made with his own bucket, and then pointed at the victim's. */
    private void deliverForTheAttacker(String bucket) {
        trail(request -> request.s3BucketName("own"));
        attacker(CloudTrailClient.class, trails -> trails.startLogging(request -> request.name("all")));
        try {
            attacker(
                    CloudTrailClient.class,
                    trails -> trails.updateTrail(request -> request.name("all").s3BucketName(bucket)));
        } catch (AwsServiceException refused) {
            assertThat(refused.statusCode()).isBetween(400, 499);
        }
        attacker(IamClient.class, iam -> iam.createUser(request -> request.userName("noise")));
        house.deliver();
    }

    @Test
    void aKeyThatNamesItsTrailEncryptsForNoOther() {
        String key = house.as(KmsClient.class, kms -> kms.createKey(request -> request.policy("""
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*",
                  "Resource": "*"},
                 {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::666666666666:root"}, "Action": "kms:DescribeKey",
                  "Resource": "*"},
                 {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms:*",
                  "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}""")))
                .keyMetadata()
                .arn();

        assertThatThrownBy(() -> trail(request -> request.s3BucketName("own").kmsKeyId(key)))
                .isInstanceOf(InsufficientEncryptionPolicyException.class);
    }

    @Test
    void aTopicThatNamesItsAccountIsNotToldForAnother() {
        String topic = "arn:aws:sns:us-east-1:123456789012:told";
        house.serve("sns", SnsClient.class, new PlayedTopics(topic, """
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Action": "SNS:GetTopicAttributes", "Principal": "*", "Resource": "*"},
                 {"Effect": "Allow", "Action": "SNS:Publish", "Resource": "*",
                  "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}"""));

        assertThatThrownBy(() -> trail(request -> request.s3BucketName("own").snsTopicName(topic)))
                .isInstanceOf(InsufficientSnsTopicPolicyException.class);
    }

    @Test
    void nobodyPassesTheRolesOfAnotherAccount() {
        PlayedLogs logs = new PlayedLogs("trails");
        house.serve("logs", CloudWatchLogsClient.class, logs);
        house.as(
                IamClient.class,
                iam -> iam.createRole(request -> request.roleName("sender").assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"Service": "cloudtrail.amazonaws.com"}}}""")));
        house.as(
                IamClient.class,
                iam -> iam.putRolePolicy(
                        request -> request.roleName("sender").policyName("may").policyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "logs:*",
                         "Resource": "*"}}""")));

        assertThatThrownBy(() -> trail(request -> request.s3BucketName("own")
                        .cloudWatchLogsLogGroupArn("arn:aws:logs:us-east-1:123456789012:log-group:trails:*")
                        .cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/sender")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("iam:PassRole");
        assertThat(logs.streams).isEmpty();
    }

    private void victim(String bucket, String condition) {
        house.s3(s3 -> s3.createBucket(request -> request.bucket(bucket)));
        house.s3(s3 -> s3.putBucketPolicy(request -> request.bucket(bucket).policy(bucketPolicy(bucket, condition))));
    }

    private static String bucketPolicy(String bucket, String condition) {
        return """
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                  "Resource": ["arn:aws:s3:::NAME", "arn:aws:s3:::NAME/*"]CONDITION}]}""".replace("NAME", bucket).replace("CONDITION", condition);
    }

    private void trail(Consumer<CreateTrailRequest.Builder> settings) {
        attacker(
                CloudTrailClient.class,
                trails -> trails.createTrail(request -> {
                    request.name("all");
                    settings.accept(request);
                }));
    }

    private <C extends SdkClient, T> T attacker(Class<C> client, Function<C, T> call) {
        return house.as(Principal.root(ATTACKER, Optional.empty()), AuditHouse.REGION, client, call);
    }
}
