package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailException;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.InsightNotEnabledException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTagParameterException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;
import software.amazon.awssdk.services.cloudtrail.model.MaximumNumberOfTrailsExceededException;
import software.amazon.awssdk.services.cloudtrail.model.Tag;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.TrailInfo;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;
import software.amazon.awssdk.services.kms.KmsClient;

class TrailsTest {
    private static final String ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/all";

    @TempDir
    private Path path;

    private AuditHouse house;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
        house.createLogBucket("logs");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ab, Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.",
        "-abc, Trail name must starts with a letter or number.",
        "abc-, Trail name must ends with a letter or number.",
        "a--bc, 'Trail name must not have adjacent periods, underscores or dashes.'",
        "my-_trail, 'Trail name must not have adjacent periods, underscores or dashes.'",
        "192.168.5.4, Trail name must not be in IP address format.",
        "trail/one, 'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.),"
                + " hyphens (-), and underscores (_).'",
        "träil, 'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.),"
                + " hyphens (-), and underscores (_).'",
    })
    void refusesNamesThatAwsRefuses(String name, String message) {
        assertThatThrownBy(() -> create(request -> request.name(name).s3BucketName("logs")))
                .isInstanceOfSatisfying(
                        InvalidTrailNameException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorMessage())
                                .isEqualTo(message));
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> create(request -> request.name("x".repeat(129)).s3BucketName("logs")))
                .isInstanceOf(InvalidTrailNameException.class)
                .hasMessageContaining("Maximum allowed length: 128");
    }

    @ParameterizedTest
    @CsvSource({
        "missing,, , S3BucketDoesNotExistException",
        "Not_A_Bucket,, , InvalidS3BucketNameException",
        "logs, /begins, , InvalidS3PrefixException",
        "logs,, no topic, InvalidSnsTopicNameException",
    })
    void refusesDestinationsThatCannotBe(String bucket, String prefix, String topic, String code) {
        assertThatThrownBy(() -> create(request -> request.name("all")
                        .s3BucketName(bucket)
                        .s3KeyPrefix(prefix)
                        .snsTopicName(topic)))
                .isInstanceOfSatisfying(
                        CloudTrailException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo(code));
    }

    @Test
    void refusesCombinationsThatMakeNoSense() {
        assertThatThrownBy(() -> create(request -> request.name("all")
                        .s3BucketName("logs")
                        .isMultiRegionTrail(true)
                        .includeGlobalServiceEvents(false)))
                .hasMessageContaining("Multi-Region trail must include global service events.");
        assertThatThrownBy(() -> create(
                        request -> request.name("all").s3BucketName("logs").isOrganizationTrail(true)))
                .hasMessageContaining("not a member of an organization");
    }

    @Test
    void encryptsOnlyWithKeysThatThereAre() {
        String key =
                house.as(KmsClient.class, kms -> kms.createKey()).keyMetadata().keyId();

        assertThatThrownBy(() -> create(request ->
                        request.name("all").s3BucketName("logs").kmsKeyId("00000000-0000-0000-0000-000000000000")))
                .isInstanceOfSatisfying(
                        CloudTrailException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("KmsKeyNotFoundException"));
        house.as(KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));
        assertThatThrownBy(() -> create(
                        request -> request.name("all").s3BucketName("logs").kmsKeyId(key)))
                .isInstanceOfSatisfying(
                        CloudTrailException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("KmsException"));
    }

    @Test
    void refusesAKeyWhosePolicyDoesNotLetCloudTrailEncrypt() {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                + "\"arn:aws:iam::123456789012:root\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}PLACE]}";
        String let = ",{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
                + "\"Action\":\"kms:GenerateDataKey*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
                + "{\"aws:SourceArn\":\"" + ARN + "\"},\"StringLike\":{\"kms:EncryptionContext:aws:cloudtrail:arn\":"
                + "\"arn:aws:cloudtrail:*:123456789012:trail/*\"}}}";
        String key = house.as(
                        KmsClient.class, kms -> kms.createKey(request -> request.policy(policy.replace("PLACE", ""))))
                .keyMetadata()
                .arn();

        assertThatThrownBy(() -> create(
                        request -> request.name("all").s3BucketName("logs").kmsKeyId(key)))
                .isInstanceOfSatisfying(
                        CloudTrailException.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo("InsufficientEncryptionPolicyException"));
        house.as(
                KmsClient.class,
                kms -> kms.putKeyPolicy(request -> request.keyId(key).policy(policy.replace("PLACE", let))));
        create(request -> request.name("all").s3BucketName("logs").kmsKeyId(key));

        assertThat(get("all").kmsKeyId()).isEqualTo(key);
    }

    @Test
    void isThereOnceAndNoMoreThanFiveTimesInARegion() {
        all(false);
        assertThatThrownBy(() -> all(false))
                .isInstanceOf(TrailAlreadyExistsException.class)
                .hasMessageContaining("Trail all already exists for customer: 123456789012");
        for (int i = 0; i < 4; i++) {
            String name = "all-" + i;
            create(request -> request.name(name).s3BucketName("logs"));
        }

        assertThatThrownBy(() -> create(request -> request.name("one-more").s3BucketName("logs")))
                .isInstanceOf(MaximumNumberOfTrailsExceededException.class);
    }

    @Test
    void isSeenEverywhereIfItIsOfAllRegionsAndChangedAtHome() {
        all(true);

        assertThat(elsewhere().describeTrails().trailList())
                .extracting(Trail::trailARN)
                .containsExactly(ARN);
        assertThat(elsewhere()
                        .describeTrails(request -> request.includeShadowTrails(false))
                        .trailList())
                .isEmpty();
        assertThat(elsewhere().getTrail(request -> request.name("all")).trail().homeRegion())
                .isEqualTo("us-east-1");
        assertThatThrownBy(() -> elsewhere().startLogging(request -> request.name(ARN)))
                .isInstanceOf(InvalidHomeRegionException.class);
    }

    @Test
    void isSeenAtHomeAndByItsArnOtherwise() {
        all(false);

        assertThat(elsewhere().describeTrails().trailList()).isEmpty();
        assertThatThrownBy(() -> elsewhere().getTrail(request -> request.name("all")))
                .isInstanceOf(TrailNotFoundException.class)
                .hasMessageContaining("Unknown trail: all for the user: 123456789012");
        assertThat(elsewhere()
                        .describeTrails(request -> request.trailNameList(ARN))
                        .trailList())
                .hasSize(1);
        assertThat(elsewhere().listTrails(request -> {}).trails())
                .extracting(TrailInfo::trailARN)
                .containsExactly(ARN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:cloudtrail:us-east-1:1234:trail/all",
                "arn:aws:s3:::logs",
                "arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/all",
            })
    void refusesArnsOfNoTrail(String arn) {
        assertThatThrownBy(() -> house.cloudTrail(cloudTrail -> cloudTrail.getTrail(request -> request.name(arn))))
                .isInstanceOf(CloudTrailArnInvalidException.class);
    }

    @Test
    void keepsWhatAnUpdateDoesNotSay() {
        create(request ->
                request.name("all").s3BucketName("logs").s3KeyPrefix("in").enableLogFileValidation(true));

        house.cloudTrail(cloudTrail -> cloudTrail.updateTrail(
                request -> request.name("all").isMultiRegionTrail(true).s3KeyPrefix("")));

        assertThat(get("all").isMultiRegionTrail()).isTrue();
        assertThat(get("all").logFileValidationEnabled()).isTrue();
        assertThat(get("all").s3KeyPrefix()).isNull();
    }

    @Test
    void hasTags() {
        create(request -> request.name("all").s3BucketName("logs").tagsList(tag("team", "blue"), tag("stage", "test")));
        house.cloudTrail(cloudTrail ->
                cloudTrail.addTags(request -> request.resourceId(ARN).tagsList(tag("team", "green"))));
        house.cloudTrail(cloudTrail ->
                cloudTrail.removeTags(request -> request.resourceId(ARN).tagsList(tag("stage", null))));

        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listTags(request -> request.resourceIdList(ARN)))
                        .resourceTagList()
                        .getFirst()
                        .tagsList())
                .containsExactly(tag("team", "green"));
        assertThatThrownBy(() -> house.cloudTrail(cloudTrail ->
                        cloudTrail.addTags(request -> request.resourceId(ARN).tagsList(tag("aws:team", "green")))))
                .isInstanceOf(InvalidTagParameterException.class);
    }

    @Test
    void isGoneWhenItIsDeleted() {
        all(false);

        house.cloudTrail(cloudTrail -> cloudTrail.deleteTrail(request -> request.name("all")));

        assertThat(house.cloudTrail(cloudTrail -> cloudTrail.listTrails(request -> {}))
                        .trails())
                .isEmpty();
        assertThatThrownBy(() -> get("all")).isInstanceOf(TrailNotFoundException.class);
    }

    @Test
    void saysThatItComputesNoInsights() {
        all(false);

        assertThatThrownBy(() -> house.cloudTrail(
                        cloudTrail -> cloudTrail.getInsightSelectors(request -> request.trailName("all"))))
                .isInstanceOf(InsightNotEnabledException.class);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void all(boolean everywhere) {
        create(request -> request.name("all").s3BucketName("logs").isMultiRegionTrail(everywhere));
    }

    private void create(Consumer<CreateTrailRequest.Builder> request) {
        house.cloudTrail(cloudTrail -> cloudTrail.createTrail(request));
    }

    private Trail get(String name) {
        return house.cloudTrail(cloudTrail -> cloudTrail.getTrail(request -> request.name(name)))
                .trail();
    }

    /** The client of another region. */
    private CloudTrailClient elsewhere() {
        return house.client("eu-west-1");
    }
}
