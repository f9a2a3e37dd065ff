package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

class ObjectLocksTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String LOCKED = "Access Denied because object protected by object lock.";

    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, START);
        s3 = store.s3;
        s3.createBucket(request -> request.bucket("vault").objectLockEnabledForBucket(true));
        store.createBucket("plain");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void retain(String version, ObjectLockRetentionMode mode, Duration time, boolean bypass) {
        s3.putObjectRetention(request -> request.bucket("vault")
                .key("k")
                .versionId(version)
                .bypassGovernanceRetention(bypass ? true : null)
                .retention(retention ->
                        retention.mode(mode).retainUntilDate(store.now().plus(time))));
    }

    private void delete(String version, boolean bypass) {
        s3.deleteObject(request ->
                request.bucket("vault").key("k").versionId(version).bypassGovernanceRetention(bypass ? true : null));
    }

    private void configure(DefaultRetention retention) {
        s3.putObjectLockConfiguration(request -> request.bucket("vault")
                .objectLockConfiguration(configuration -> configuration
                        .objectLockEnabled(ObjectLockEnabled.ENABLED)
                        .rule(rule -> rule.defaultRetention(retention))));
    }

    @Test
    void aBucketMadeWithLocksKeepsVersionsForGood() {
        assertThat(s3.getBucketVersioning(request -> request.bucket("vault")).status())
                .isEqualTo(BucketVersioningStatus.ENABLED);
        assertThat(s3.getObjectLockConfiguration(request -> request.bucket("vault"))
                        .objectLockConfiguration()
                        .objectLockEnabled())
                .isEqualTo(ObjectLockEnabled.ENABLED);
        assertFails(
                "InvalidBucketState",
                "versioning state cannot be changed",
                () -> s3.putBucketVersioning(request -> request.bucket("vault")
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.SUSPENDED))));
        assertFails(
                "ObjectLockConfigurationNotFoundError",
                () -> s3.getObjectLockConfiguration(request -> request.bucket("plain")));
    }

    @Test
    void locksCanBeAddedToABucketThatKeepsVersionsOnly() {
        assertFails(
                "InvalidBucketState",
                () -> s3.putObjectLockConfiguration(request -> request.bucket("plain")
                        .objectLockConfiguration(
                                configuration -> configuration.objectLockEnabled(ObjectLockEnabled.ENABLED))));
        store.createVersionedBucket("versions");
        s3.putObjectLockConfiguration(request -> request.bucket("versions")
                .objectLockConfiguration(configuration -> configuration.objectLockEnabled(ObjectLockEnabled.ENABLED)));

        assertThat(s3.getObjectLockConfiguration(request -> request.bucket("versions"))
                        .objectLockConfiguration()
                        .objectLockEnabledAsString())
                .isEqualTo("Enabled");
    }

    @ParameterizedTest
    @CsvSource({
        "GOVERNANCE, 0, , InvalidRetentionPeriod",
        "GOVERNANCE, -1, , InvalidRetentionPeriod",
        "COMPLIANCE, , 0, InvalidRetentionPeriod",
        "COMPLIANCE, 1, 1, MalformedXML",
        "COMPLIANCE, , , MalformedXML",
        "governance, 1, , MalformedXML",
        ", 1, , MalformedXML",
        "GOVERNANCE, 36501, , InvalidRetentionPeriod",
        "GOVERNANCE, , 101, InvalidRetentionPeriod"
    })
    void refusesDefaultsThatAwsRefuses(String mode, Integer days, Integer years, String code) {
        assertFails(
                code,
                () -> configure(DefaultRetention.builder()
                        .mode(mode)
                        .days(days)
                        .years(years)
                        .build()));
    }

    @Test
    void theDefaultHoldsForWhatIsPutCopiedAndUploadedInParts() {
        configure(DefaultRetention.builder().mode("GOVERNANCE").days(2).build());

        store.put("vault", "put", "1");
        store.put("plain", "source", "2");
        store.copy("plain/source", "vault", "copy", _ -> {});
        String upload = s3.createMultipartUpload(
                        request -> request.bucket("vault").key("parts"))
                .uploadId();
        String tag = s3.uploadPart(
                        request -> request.bucket("vault")
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("3"))
                .eTag();
        s3.completeMultipartUpload(request -> request.bucket("vault")
                .key("parts")
                .uploadId(upload)
                .multipartUpload(all -> all.parts(
                        CompletedPart.builder().partNumber(1).eTag(tag).build())));

        assertThat(List.of("put", "copy", "parts")).allSatisfy(key -> {
            var head = s3.headObject(request -> request.bucket("vault").key(key));
            assertThat(head.objectLockModeAsString()).isEqualTo("GOVERNANCE");
            assertThat(head.objectLockRetainUntilDate()).isEqualTo(START.plus(Duration.ofDays(2)));
        });
    }

    @Test
    void whatIsRetainedIsDeletedAfterItsTimeOnlyOrByAMarker() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.COMPLIANCE, Duration.ofDays(1), false);

        assertFails("AccessDenied", LOCKED, () -> delete(version, false));
        assertFails("AccessDenied", LOCKED, () -> delete(version, true));
        assertThat(s3.deleteObject(request -> request.bucket("vault").key("k")).deleteMarker())
                .isTrue();
        store.pass(Duration.ofDays(1));
        delete(version, false);

        assertFails(
                "NoSuchVersion",
                () -> s3.headObject(request -> request.bucket("vault").key("k").versionId(version))
                        .toString());
    }

    @Test
    void governanceGivesWayToABypass() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(2), false);

        assertFails("AccessDenied", LOCKED, () -> delete(version, false));
        assertFails(
                "AccessDenied",
                LOCKED,
                () -> retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(1), false));
        retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(3), false);
        retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(1), true);
        delete(version, true);

        assertThat(s3.listObjectVersions(request -> request.bucket("vault")).versions())
                .isEmpty();
    }

    @Test
    void governanceIsTakenOffByABypassOnly() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(2), false);

        assertFails(
                "AccessDenied",
                () -> s3.putObjectRetention(request -> request.bucket("vault")
                        .key("k")
                        .retention(ObjectLockRetention.builder().build())));
        s3.putObjectRetention(request -> request.bucket("vault")
                .key("k")
                .bypassGovernanceRetention(true)
                .retention(ObjectLockRetention.builder().build()));

        assertFails(
                "NoSuchObjectLockConfiguration",
                () -> s3.getObjectRetention(request -> request.bucket("vault").key("k")));
        delete(version, false);
    }

    @Test
    void complianceIsMadeLongerOnly() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.COMPLIANCE, Duration.ofDays(2), false);

        retain(version, ObjectLockRetentionMode.COMPLIANCE, Duration.ofDays(3), false);
        assertFails(
                "AccessDenied", () -> retain(version, ObjectLockRetentionMode.COMPLIANCE, Duration.ofDays(2), true));
        assertFails(
                "AccessDenied", () -> retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(9), true));

        assertThat(s3.getObjectRetention(request -> request.bucket("vault").key("k"))
                        .retention()
                        .retainUntilDate())
                .isEqualTo(START.plus(Duration.ofDays(3)));
    }

    @Test
    void aHoldHoldsUntilItIsTakenOff() {
        String version = store.put("vault", "k", "1");
        assertFails(
                "NoSuchObjectLockConfiguration",
                () -> s3.getObjectLegalHold(request -> request.bucket("vault").key("k")));
        s3.putObjectLegalHold(request ->
                request.bucket("vault").key("k").legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.ON)));

        assertFails("AccessDenied", LOCKED, () -> delete(version, true));
        var refused = s3.deleteObjects(request -> request.bucket("vault")
                .bypassGovernanceRetention(true)
                .delete(delete -> delete.objects(
                        ObjectIdentifier.builder().key("k").versionId(version).build())));
        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("AccessDenied");
            assertThat(error.versionId()).isEqualTo(version);
        });
        s3.putObjectLegalHold(request ->
                request.bucket("vault").key("k").legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.OFF)));
        delete(version, false);
    }

    @Test
    void severalAreDeletedPastGovernanceByABypass() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(2), false);
        ObjectIdentifier object =
                ObjectIdentifier.builder().key("k").versionId(version).build();

        var refused = s3.deleteObjects(request -> request.bucket("vault").delete(delete -> delete.objects(object)));
        var passed = s3.deleteObjects(request ->
                request.bucket("vault").bypassGovernanceRetention(true).delete(delete -> delete.objects(object)));

        assertThat(refused.errors()).hasSize(1);
        assertThat(passed.errors()).isEmpty();
        assertThat(passed.deleted()).hasSize(1);
    }

    @Test
    void anUploadBringsItsOwnLock() {
        s3.putObject(
                request -> request.bucket("vault")
                        .key("k")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .objectLockMode("COMPLIANCE")
                        .objectLockRetainUntilDate(START.plus(Duration.ofDays(1)))
                        .objectLockLegalHoldStatus("ON"),
                RequestBody.fromString("1"));

        var head = s3.headObject(request -> request.bucket("vault").key("k"));
        assertThat(head.objectLockModeAsString()).isEqualTo("COMPLIANCE");
        assertThat(head.objectLockLegalHoldStatusAsString()).isEqualTo("ON");
        assertThat(s3.getObjectRetention(request -> request.bucket("vault").key("k"))
                        .retention()
                        .retainUntilDate())
                .isEqualTo(START.plus(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "plain, COMPLIANCE, 1, , InvalidRequest, Bucket is missing ObjectLockConfiguration",
        "plain, , , ON, InvalidRequest, Bucket is missing ObjectLockConfiguration",
        "vault, COMPLIANCE, , , InvalidArgument, must both be supplied",
        "vault, , 1, , InvalidArgument, must both be supplied",
        "vault, COMPLIANCE, -1, , InvalidArgument, must be in the future",
        "vault, NEVER, 1, , InvalidArgument, objectLockMode"
    })
    void refusesUploadsWhoseLockCannotBe(
            String bucket, String mode, Integer days, String hold, String code, String message) {
        assertFails(
                code,
                message,
                () -> s3.putObject(
                        request -> request.bucket(bucket)
                                .key("k")
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                .objectLockMode(mode)
                                .objectLockRetainUntilDate(days == null ? null : START.plus(Duration.ofDays(days)))
                                .objectLockLegalHoldStatus(hold),
                        RequestBody.fromString("1")));
    }

    @Test
    void anUploadWithALockMustBringAChecksum() {
        assertFails(
                "InvalidRequest",
                "Content-MD5 OR x-amz-checksum-",
                () -> s3.putObject(
                        request -> request.bucket("vault").key("k").objectLockLegalHoldStatus("ON"),
                        RequestBody.fromString("1")));
    }

    @Test
    void asksForLocksOfBucketsThatHaveThemOnly() {
        store.put("plain", "k", "1");
        store.put("vault", "k", "1");

        assertFails(
                "InvalidRequest",
                () -> s3.getObjectRetention(request -> request.bucket("plain").key("k")));
        assertFails(
                "InvalidRequest",
                () -> s3.putObjectLegalHold(
                        request -> request.bucket("plain").key("k").legalHold(hold -> hold.status("ON"))));
        assertFails(
                "MalformedXML",
                () -> s3.putObjectLegalHold(
                        request -> request.bucket("vault").key("k").legalHold(hold -> hold.status("on"))));
        assertFails(
                "MalformedXML",
                () -> s3.putObjectRetention(request ->
                        request.bucket("vault").key("k").retention(retention -> retention.mode("GOVERNANCE"))));
        assertFails(
                "InvalidArgument", () -> retain(null, ObjectLockRetentionMode.GOVERNANCE, Duration.ofDays(-1), false));
    }

    @Test
    void aCopyDoesNotInheritTheLockOfItsSource() {
        String version = store.put("vault", "k", "1");
        retain(version, ObjectLockRetentionMode.COMPLIANCE, Duration.ofDays(1), false);

        store.copy("vault/k", "vault", "copy", _ -> {});

        assertThat(s3.headObject(request -> request.bucket("vault").key("copy")).objectLockMode())
                .isNull();
    }
}
