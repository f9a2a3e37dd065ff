package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.storage.RecordKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientEncryptionPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

class TrailDeliveryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    @Test
    void deliversCompressedFilesUnderAwsNames() {
        trail(false);
        createUser("bob");

        house.deliver();

        assertThat(keys())
                .singleElement()
                .asString()
                .matches("in/AWSLogs/123456789012/CloudTrail/us-east-1/20[0-9]{2}/[0-9]{2}/[0-9]{2}/"
                        + "123456789012_CloudTrail_us-east-1_[0-9]{8}T[0-9]{4}Z_[A-Z0-9]{16}\\.json\\.gz");
        assertThat(delivered()).contains("StartLogging", "CreateUser");
        assertThat(status().latestDeliveryTime()).isNotNull();
    }

    @Test
    void deliversEachEventOnce() {
        trail(false);
        List<String> names = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 10; i++) {
                createUser("user-" + round + "-" + i);
                names.add("user-" + round + "-" + i);
            }
            house.deliver();
        }
        house.deliver();

        assertThat(users()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void goesOnWhereItWasCutOffWithoutLosingOrDoubling() {
        trail(false);
        createUser("one");
        house.settle();
        house.s3(s3 -> s3.deleteBucket(request -> request.bucket("logs")));
        house.deliver();
        assertThat(status().latestDeliveryError()).isEqualTo("NoSuchBucket");
        createUser("two");
        house.close();

        house = new AuditHouse(path);
        house.createLogBucket("logs");
        house.deliver();

        assertThat(users()).containsExactlyInAnyOrder("one", "two");
        assertThat(status().latestDeliveryError()).isNull();
    }

    @Test
    void putsTheSameFilesAgainAfterACrashBetweenPuttingAndRemembering() {
        trail(false);
        createUser("one");
        createUser("two");
        house.settle();
        house.s3(s3 -> s3.deleteBucket(request -> request.bucket("logs")));
        house.deliver();
        byte[] planned = house.records().get(delivery()).orElseThrow().body();
        house.createLogBucket("logs");
        house.deliver();
        List<String> first = keys();

        // As if the process had died right after the files were put.
        house.records().write(transaction -> {
            long version = transaction.get(delivery()).orElseThrow().version();
            transaction.update(
                    delivery(), version, Optional.empty(), house.clock().instant(), planned);
            return null;
        });
        house.deliver();

        assertThat(keys()).containsAll(first);
        assertThat(users()).containsExactlyInAnyOrder("one", "two");
    }

    private static RecordKey delivery() {
        return new RecordKey("cloudtrail:delivery", AuditHouse.ACCOUNT, AuditHouse.REGION, "all");
    }

    @Test
    void leavesOutWhatWasCalledWhileItDidNotLog() {
        trail(false);
        createUser("one");
        house.settle();
        house.cloudTrail(cloudTrail -> cloudTrail.stopLogging(request -> request.name("all")));
        house.settle();
        createUser("two");
        house.settle();
        house.cloudTrail(cloudTrail -> cloudTrail.startLogging(request -> request.name("all")));
        createUser("three");

        house.deliver();

        assertThat(users()).containsExactlyInAnyOrder("one", "three");
    }

    @Test
    void deliversWhatSelectorsTakeOnly() {
        trail(false);
        house.cloudTrail(cloudTrail -> cloudTrail.putEventSelectors(request -> request.trailName("all")
                .eventSelectors(EventSelector.builder()
                        .readWriteType(ReadWriteType.WRITE_ONLY)
                        .includeManagementEvents(false)
                        .dataResources(DataResource.builder()
                                .type("AWS::S3::Object")
                                .values("arn:aws:s3:::watched/in/")
                                .build())
                        .build())));
        house.s3(s3 -> s3.createBucket(request -> request.bucket("watched")));
        put("watched", "in/seen");
        put("watched", "out/unseen");
        house.s3(s3 -> s3.headObject(request -> request.bucket("watched").key("in/seen")));

        house.deliver();

        assertThat(records().stream()
                        .map(event -> event.get("eventName").asText() + " "
                                + event.get("requestParameters").path("key").asText()))
                .containsExactly("PutObject in/seen");
    }

    @Test
    void keepsToItsRegionUnlessItIsOfAll() {
        trail(false);
        house.cloudTrail(cloudTrail -> cloudTrail.createTrail(request -> request.name("everywhere")
                .s3BucketName("logs")
                .s3KeyPrefix("all")
                .isMultiRegionTrail(true)));
        house.cloudTrail(cloudTrail -> cloudTrail.startLogging(request -> request.name("everywhere")));
        house.as("eu-west-1", KmsClient.class, kms -> kms.createKey());

        house.deliver();

        assertThat(keys())
                .anyMatch(key -> key.startsWith("all/AWSLogs/123456789012/CloudTrail/eu-west-1/"))
                .noneMatch(key -> key.startsWith("in/AWSLogs/123456789012/CloudTrail/eu-west-1/"));
    }

    @Test
    void signsADigestEveryHourThatNamesTheOneBefore() throws Exception {
        trail(true);
        createUser("one");
        house.deliver();
        house.pass(Duration.ofMinutes(61));
        house.deliver();
        createUser("two");
        house.deliver();
        house.pass(Duration.ofMinutes(60));
        house.deliver();

        List<String> digests = keys().stream()
                .filter(key -> key.contains("/CloudTrail-Digest/"))
                .toList();

        assertThat(digests)
                .hasSize(2)
                .allMatch(
                        key -> key.matches(
                                "in/AWSLogs/123456789012/CloudTrail-Digest/us-east-1/20[0-9]{2}/[0-9]{2}/[0-9]{2}/"
                                        + "123456789012_CloudTrail-Digest_us-east-1_all_us-east-1_[0-9]{8}T[0-9]{6}Z\\.json\\.gz"));
        JsonNode first = JSON.readTree(unpacked(digests.get(0)));
        JsonNode second = JSON.readTree(unpacked(digests.get(1)));
        assertThat(first.get("previousDigestSignature").isNull()).isTrue();
        assertThat(second.get("previousDigestS3Object").asText()).isEqualTo(digests.get(0));
        assertThat(second.get("previousDigestSignature").asText())
                .isEqualTo(object(digests.get(0)).response().metadata().get("signature"));
        assertThat(second.get("previousDigestHashValue").asText())
                .isEqualTo(LogFileContent.sha256(unpacked(digests.get(0))));
        assertThat(second.get("digestStartTime")).isEqualTo(first.get("digestEndTime"));
        for (JsonNode file : second.get("logFiles")) {
            assertThat(LogFileContent.sha256(unpacked(file.get("s3Object").asText())))
                    .isEqualTo(file.get("hashValue").asText());
        }
        assertThat(verifies(digests.get(0))).isTrue();
        assertThat(verifies(digests.get(1))).isTrue();
        assertThat(status().latestDigestDeliveryTime()).isNotNull();
    }

    /** Verifies a digest by AWS's procedure, with the key that ListPublicKeys gives. */
    private boolean verifies(String key) throws Exception {
        JsonNode digest = JSON.readTree(unpacked(key));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(
                PublicKeys.of(house, digest.get("digestPublicKeyFingerprint").asText()));
        String previous = digest.get("previousDigestSignature").asText("null");
        signature.update((digest.get("digestEndTime").asText() + "\nlogs/" + key + "\n"
                        + LogFileContent.sha256(unpacked(key)) + "\n" + previous)
                .getBytes(StandardCharsets.UTF_8));
        return signature.verify(
                HexFormat.of().parseHex(object(key).response().metadata().get("signature")));
    }

    /** With the key policy of "Configure AWS KMS key policies for CloudTrail". */
    @Test
    void encryptsUnderTheKeyThatLetsItForThisTrail() {
        String trail = "arn:aws:cloudtrail:us-east-1:123456789012:trail/all";
        String key = house.as(KmsClient.class, kms -> kms.createKey(request -> request.policy(keyPolicy(trail))))
                .keyMetadata()
                .arn();
        house.cloudTrail(cloudTrail -> cloudTrail.createTrail(
                request -> request.name("all").s3BucketName("logs").kmsKeyId(key)));
        house.cloudTrail(cloudTrail -> cloudTrail.startLogging(request -> request.name("all")));
        createUser("one");
        house.deliver();
        createUser("two");
        house.settle();
        house.as(KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));
        house.deliver();
        String error = status().latestDeliveryError();
        house.as(KmsClient.class, kms -> kms.enableKey(request -> request.keyId(key)));
        house.deliver();

        assertThat(error).isEqualTo("KMS.DisabledException");
        assertThat(object(keys().getFirst()).response().ssekmsKeyId()).isEqualTo(key);
        assertThat(users()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void refusesKeysThatLetItForAnotherTrailOnly() {
        String key = house.as(
                        KmsClient.class,
                        kms -> kms.createKey(request ->
                                request.policy(keyPolicy("arn:aws:cloudtrail:us-east-1:123456789012:trail/another"))))
                .keyMetadata()
                .arn();

        assertThatThrownBy(() -> house.cloudTrail(cloudTrail -> cloudTrail.createTrail(
                        request -> request.name("all").s3BucketName("logs").kmsKeyId(key))))
                .isInstanceOf(InsufficientEncryptionPolicyException.class);
    }

    private static String keyPolicy(String trail) {
        return """
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*",
                  "Resource": "*"},
                 {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": {"StringEquals":
                   {"aws:SourceArn": "TRAIL", "kms:EncryptionContext:aws:cloudtrail:arn": "TRAIL"}}},
                 {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": "kms:DescribeKey", "Resource": "*"}]}""".replace("TRAIL", trail);
    }

    private void trail(boolean validated) {
        house.cloudTrail(cloudTrail -> cloudTrail.createTrail(request ->
                request.name("all").s3BucketName("logs").s3KeyPrefix("in").enableLogFileValidation(validated)));
        house.cloudTrail(cloudTrail -> cloudTrail.startLogging(request -> request.name("all")));
    }

    private GetTrailStatusResponse status() {
        return house.cloudTrail(cloudTrail -> cloudTrail.getTrailStatus(request -> request.name("all")));
    }

    private void createUser(String name) {
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName(name)));
    }

    private void put(String bucket, String key) {
        house.s3(s3 -> s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString("x")));
    }

    private List<String> keys() {
        return house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("logs"))).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private ResponseBytes<GetObjectResponse> object(String key) {
        return house.s3(s3 -> s3.getObject(request -> request.bucket("logs").key(key), ResponseTransformer.toBytes()));
    }

    private byte[] unpacked(String key) {
        try (GZIPInputStream unpacked =
                new GZIPInputStream(new ByteArrayInputStream(object(key).asByteArray()))) {
            return unpacked.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<JsonNode> records() {
        List<JsonNode> records = new ArrayList<>();
        for (String key : keys()) {
            if (!key.contains("Digest")) {
                try {
                    JSON.readTree(unpacked(key)).get("Records").forEach(records::add);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        }
        return records;
    }

    private List<String> delivered() {
        return records().stream().map(event -> event.get("eventName").asText()).toList();
    }

    private List<String> users() {
        return records().stream()
                .filter(event -> event.get("eventName").asText().equals("CreateUser"))
                .map(event -> event.get("requestParameters").get("userName").asText())
                .toList();
    }
}
