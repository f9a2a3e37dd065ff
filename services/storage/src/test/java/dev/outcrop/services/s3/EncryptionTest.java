package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.BucketPolicyTest.assertFails;
import static dev.outcrop.services.s3.ServedS3.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

class EncryptionTest {
    private static final String OBJECTS_ONLY = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""";
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_KEY = "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path path;

    private static ServedS3 house;
    private static S3Client owner;
    private static S3Client keyless;
    private static KmsClient kms;
    private static int buckets;

    private String bucket;

    @BeforeAll
    static void open() {
        house = new ServedS3(path, BucketDefaults.AWS);
        owner = house.root(OWNER);
        kms = house.kms(OWNER);
        keyless = house.user(OWNER, "keyless", OBJECTS_ONLY);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "sealed-" + ++buckets;
        owner.createBucket(request -> request.bucket(bucket));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return base64(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static PutObjectRequest.Builder with(PutObjectRequest.Builder request, byte[] key) {
        return request.sseCustomerAlgorithm("AES256")
                .sseCustomerKey(base64(key))
                .sseCustomerKeyMD5(md5(key));
    }

    private static GetObjectRequest.Builder with(GetObjectRequest.Builder request, byte[] key) {
        return request.sseCustomerAlgorithm("AES256")
                .sseCustomerKey(base64(key))
                .sseCustomerKeyMD5(md5(key));
    }

    private String newKey() {
        return kms.createKey().keyMetadata().arn();
    }

    private String get(S3Client client, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asUtf8String();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 1000, 65_535, 65_536, 300_000})
    void bytesUnderACustomersKeyComeBackInWholeAndInRanges(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        owner.putObject(request -> with(request.bucket(bucket).key("a"), KEY), RequestBody.fromBytes(content));

        var got = owner.getObjectAsBytes(request -> with(request.bucket(bucket).key("a"), KEY));
        assertThat(got.asByteArray()).isEqualTo(content);
        assertThat(got.response().sseCustomerAlgorithm()).isEqualTo("AES256");
        assertThat(got.response().sseCustomerKeyMD5()).isEqualTo(md5(KEY));
        assertThat(got.response().serverSideEncryption()).isNull();
        assertThat(got.response().contentLength()).isEqualTo(size);
        Random random = new Random(size);
        for (int i = 0; i < 10 && size > 0; i++) {
            int from = random.nextInt(size);
            int to = from + random.nextInt(size - from);
            assertThat(owner.getObjectAsBytes(request ->
                                    with(request.bucket(bucket).key("a").range("bytes=" + from + "-" + to), KEY))
                            .asByteArray())
                    .isEqualTo(Arrays.copyOfRange(content, from, to + 1));
        }
    }

    @Test
    void aCustomersKeyMustBeBroughtAgainAndBeTheSame() {
        owner.putObject(request -> with(request.bucket(bucket).key("a"), KEY), RequestBody.fromString("secret"));
        owner.putObject(request -> request.bucket(bucket).key("plain"), RequestBody.fromString("1"));

        assertFails("InvalidRequest", () -> get(owner, "a"));
        assertFails(
                "AccessDenied",
                () -> owner.getObjectAsBytes(
                        request -> with(request.bucket(bucket).key("a"), OTHER_KEY)));
        assertFails(
                "InvalidRequest",
                () -> owner.getObjectAsBytes(
                        request -> with(request.bucket(bucket).key("plain"), KEY)));
        assertThat(status(
                        () -> owner.headObject(request -> request.bucket(bucket).key("a"))))
                .isEqualTo(400);
    }

    private static int status(Runnable call) {
        try {
            call.run();
            return 200;
        } catch (software.amazon.awssdk.awscore.exception.AwsServiceException failure) {
            return failure.statusCode();
        }
    }

    @Test
    void refusesCustomersKeysThatAreNone() {
        String key = base64(KEY);
        assertPutFails("InvalidEncryptionAlgorithmError", "AES128", key, md5(KEY));
        assertPutFails("InvalidArgument", null, key, md5(KEY));
        assertPutFails("InvalidArgument", "AES256", null, md5(KEY));
        assertPutFails("InvalidArgument", "AES256", key, md5(OTHER_KEY));
        assertPutFails("InvalidArgument", "AES256", base64(new byte[16]), md5(new byte[16]));
        assertPutFails("InvalidArgument", "AES256", "no base64", md5(KEY));
        assertFails(
                "InvalidArgument",
                () -> owner.putObject(
                        request -> with(request.bucket(bucket).key("a").serverSideEncryption("AES256"), KEY),
                        RequestBody.fromString("1")));
    }

    private void assertPutFails(String code, String algorithm, String key, String md5) {
        assertFails(
                code,
                () -> owner.putObject(
                        request -> request.bucket(bucket)
                                .key("a")
                                .sseCustomerAlgorithm(algorithm)
                                .sseCustomerKey(key)
                                .sseCustomerKeyMD5(md5),
                        RequestBody.fromString("1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "kms"})
    void uploadsInPartsAreUnderOneKey(String kind) {
        boolean customer = kind.equals("customer");
        String keyArn = customer ? null : newKey();
        byte[] content = new byte[(5 << 20) + 12_345];
        new Random(1).nextBytes(content);
        String id = owner.createMultipartUpload(request -> {
                    request.bucket(bucket).key("big");
                    if (customer) {
                        request.sseCustomerAlgorithm("AES256")
                                .sseCustomerKey(base64(KEY))
                                .sseCustomerKeyMD5(md5(KEY));
                    } else {
                        request.serverSideEncryption("aws:kms").ssekmsKeyId(keyArn);
                    }
                })
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        int[] cuts = {0, 5 << 20, content.length};
        for (int number = 1; number < cuts.length; number++) {
            int each = number;
            String etag = owner.uploadPart(
                            request -> {
                                request.bucket(bucket).key("big").uploadId(id).partNumber(each);
                                if (customer) {
                                    request.sseCustomerAlgorithm("AES256")
                                            .sseCustomerKey(base64(KEY))
                                            .sseCustomerKeyMD5(md5(KEY));
                                }
                            },
                            RequestBody.fromBytes(Arrays.copyOfRange(content, cuts[number - 1], cuts[number])))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        if (customer) {
            assertFails(
                    "InvalidRequest",
                    () -> owner.uploadPart(
                            request -> request.bucket(bucket)
                                    .key("big")
                                    .uploadId(id)
                                    .partNumber(3),
                            RequestBody.fromString("x")));
            assertFails(
                    "InvalidRequest",
                    () -> owner.uploadPart(
                            request -> request.bucket(bucket)
                                    .key("big")
                                    .uploadId(id)
                                    .partNumber(3)
                                    .sseCustomerAlgorithm("AES256")
                                    .sseCustomerKey(base64(OTHER_KEY))
                                    .sseCustomerKeyMD5(md5(OTHER_KEY)),
                            RequestBody.fromString("x")));
        }
        owner.completeMultipartUpload(request ->
                request.bucket(bucket).key("big").uploadId(id).multipartUpload(upload -> upload.parts(parts)));

        var got = owner.getObjectAsBytes(request -> {
            request.bucket(bucket).key("big").range("bytes=" + ((5 << 20) - 10) + "-" + ((5 << 20) + 20));
            if (customer) {
                with(request, KEY);
            }
        });
        assertThat(got.asByteArray()).isEqualTo(Arrays.copyOfRange(content, (5 << 20) - 10, (5 << 20) + 21));
        assertThat(got.response().ssekmsKeyId()).isEqualTo(keyArn);
    }

    @Test
    @SuppressWarnings("deprecation") // The other members are turned to this one by clients of the network.
    void copiesFromOneKeyToAnother() {
        owner.putObject(request -> with(request.bucket(bucket).key("a"), KEY), RequestBody.fromString("secret"));
        String keyArn = newKey();

        owner.copyObject(request -> request.copySource(bucket + "/a")
                .destinationBucket(bucket)
                .destinationKey("b")
                .copySourceSSECustomerAlgorithm("AES256")
                .copySourceSSECustomerKey(base64(KEY))
                .copySourceSSECustomerKeyMD5(md5(KEY))
                .serverSideEncryption("aws:kms")
                .ssekmsKeyId(keyArn));
        owner.copyObject(request ->
                request.copySource(bucket + "/b").destinationBucket(bucket).destinationKey("c"));

        assertThat(get(owner, "b")).isEqualTo("secret");
        var plain = owner.headObject(request -> request.bucket(bucket).key("c"));
        assertThat(plain.serverSideEncryptionAsString()).isEqualTo("AES256");
        assertThat(plain.ssekmsKeyId()).isNull();
        assertThat(get(owner, "c")).isEqualTo("secret");
        assertFails(
                "InvalidRequest",
                () -> owner.copyObject(request -> request.copySource(bucket + "/a")
                        .destinationBucket(bucket)
                        .destinationKey("d")));
    }

    @Test
    void whoMayNotUseTheKeyReadsNothing() {
        String keyArn = newKey();
        var put = owner.putObject(
                request -> request.bucket(bucket)
                        .key("a")
                        .serverSideEncryption("aws:kms")
                        .ssekmsKeyId(keyArn),
                RequestBody.fromString("secret"));

        assertThat(put.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(put.ssekmsKeyId()).isEqualTo(keyArn);
        assertThat(put.eTag()).isNotEqualTo("\"5ebe2294ecd0e0f08eab7690d2a6ee69\"");
        assertThat(get(owner, "a")).isEqualTo("secret");
        assertFails("AccessDenied", () -> get(keyless, "a"));
        keyless.headObject(request -> request.bucket(bucket).key("a"));
        assertFails(
                "AccessDenied",
                () -> keyless.putObject(
                        request -> request.bucket(bucket)
                                .key("b")
                                .serverSideEncryption("aws:kms")
                                .ssekmsKeyId(keyArn),
                        RequestBody.fromString("1")));
    }

    @Test
    void aKeyThatIsDisabledOrMissingIsAnError() {
        String keyArn = newKey();
        owner.putObject(
                request -> request.bucket(bucket)
                        .key("a")
                        .serverSideEncryption("aws:kms")
                        .ssekmsKeyId(keyArn)
                        .ssekmsEncryptionContext(base64("{\"team\":\"blue\"}".getBytes(StandardCharsets.UTF_8))),
                RequestBody.fromString("secret"));
        assertThat(get(owner, "a")).isEqualTo("secret");

        kms.disableKey(request -> request.keyId(keyArn));

        assertFails("KMS.DisabledException", () -> get(owner, "a"));
        kms.enableKey(request -> request.keyId(keyArn));
        assertThat(get(owner, "a")).isEqualTo("secret");
        assertFails(
                "KMS.NotFoundException",
                () -> owner.putObject(
                        request -> request.bucket(bucket)
                                .key("b")
                                .serverSideEncryption("aws:kms")
                                .ssekmsKeyId("00000000-1111-2222-3333-444444444444"),
                        RequestBody.fromString("1")));
        assertFails(
                "InvalidArgument",
                () -> owner.putObject(
                        request -> request.bucket(bucket).key("b").ssekmsKeyId(keyArn), RequestBody.fromString("1")));
        assertFails(
                "InvalidArgument",
                () -> owner.putObject(
                        request -> request.bucket(bucket).key("b").serverSideEncryption("rot13"),
                        RequestBody.fromString("1")));
    }

    @Test
    void aBucketKeyIsAskedForOnceAndOnlyForWhoeverAsked() {
        String keyArn = newKey();
        ServerSideEncryptionRule byDefault = ServerSideEncryptionRule.builder()
                .bucketKeyEnabled(true)
                .applyServerSideEncryptionByDefault(
                        key -> key.sseAlgorithm("aws:kms").kmsMasterKeyID(keyArn))
                .build();
        owner.putBucketEncryption(request -> request.bucket(bucket)
                .serverSideEncryptionConfiguration(configuration -> configuration.rules(byDefault)));
        var put = owner.putObject(request -> request.bucket(bucket).key("a"), RequestBody.fromString("secret"));
        assertThat(get(owner, "a")).isEqualTo("secret");

        kms.disableKey(request -> request.keyId(keyArn));

        assertThat(put.bucketKeyEnabled()).isTrue();
        owner.putObject(request -> request.bucket(bucket).key("b"), RequestBody.fromString("another"));
        assertThat(get(owner, "b")).isEqualTo("another");
        assertFails("AccessDenied", () -> get(keyless, "a"));
        Duration longer = Duration.ofMinutes(6);
        house.pass(longer);
        assertFails("KMS.DisabledException", () -> get(owner, "a"));
        house.pass(longer.negated()); // The clients' clocks stay where they are.
        kms.enableKey(request -> request.keyId(keyArn));
        assertThat(get(owner, "a")).isEqualTo("secret");
        assertThat(get(owner, "b")).isEqualTo("another");
    }

    @Test
    void aBucketsDefaultIsUsedWhereNothingElseIsAskedFor() {
        String keyArn = newKey();
        assertThat(rule().applyServerSideEncryptionByDefault().sseAlgorithmAsString())
                .isEqualTo("AES256");
        owner.putBucketEncryption(request -> request.bucket(bucket)
                .serverSideEncryptionConfiguration(
                        configuration -> configuration.rules(ServerSideEncryptionRule.builder()
                                .applyServerSideEncryptionByDefault(byDefault ->
                                        byDefault.sseAlgorithm("aws:kms").kmsMasterKeyID(keyArn))
                                .bucketKeyEnabled(true)
                                .build())));

        var put = owner.putObject(request -> request.bucket(bucket).key("a"), RequestBody.fromString("1"));
        var plain = owner.putObject(
                request -> request.bucket(bucket).key("b").serverSideEncryption("AES256"), RequestBody.fromString("2"));

        assertThat(put.ssekmsKeyId()).isEqualTo(keyArn);
        assertThat(put.bucketKeyEnabled()).isTrue();
        assertThat(get(owner, "a")).isEqualTo("1");
        assertThat(plain.serverSideEncryptionAsString()).isEqualTo("AES256");
        owner.deleteBucketEncryption(request -> request.bucket(bucket));
        assertThat(rule().applyServerSideEncryptionByDefault().sseAlgorithmAsString())
                .isEqualTo("AES256");
    }

    private ServerSideEncryptionRule rule() {
        return owner.getBucketEncryption(request -> request.bucket(bucket))
                .serverSideEncryptionConfiguration()
                .rules()
                .getFirst();
    }

    @Test
    void theKeyOfS3IsUsedWhereNoneIsNamed() {
        var put = owner.putObject(
                request -> request.bucket(bucket).key("a").serverSideEncryption("aws:kms"),
                RequestBody.fromString("1"));

        assertThat(put.ssekmsKeyId()).startsWith("arn:aws:kms:us-east-1:" + OWNER + ":key/");
        assertThat(get(owner, "a")).isEqualTo("1");
    }
}
