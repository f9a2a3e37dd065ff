package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionTransition;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;

class LifecycleTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int BIG = 200_000;

    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, START);
        s3 = store.s3;
        store.createBucket("logs");
        store.createVersionedBucket("versions");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static LifecycleRule rule(Consumer<LifecycleRule.Builder> change) {
        LifecycleRule.Builder rule =
                LifecycleRule.builder().id("r").status("Enabled").filter(filter -> filter.prefix(""));
        change.accept(rule);
        return rule.build();
    }

    private void configure(String bucket, LifecycleRule... rules) {
        s3.putBucketLifecycleConfiguration(
                request -> request.bucket(bucket).lifecycleConfiguration(configuration -> configuration.rules(rules)));
    }

    private void pass(int days) {
        store.pass(Duration.ofDays(days));
        store.run("s3-lifecycle");
    }

    private List<String> keys(String bucket) {
        return s3.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private List<String> versions() {
        return s3.listObjectVersions(request -> request.bucket("versions")).versions().stream()
                .map(ObjectVersion::versionId)
                .toList();
    }

    private void putBig(String bucket, String key) {
        s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(new byte[BIG]));
    }

    private String storageClass(String bucket, String key) {
        return s3.headObject(request -> request.bucket(bucket).key(key)).storageClassAsString();
    }

    @Test
    void expiresAfterItsDaysAtMidnight() {
        configure(
                "logs",
                rule(rule ->
                        rule.filter(filter -> filter.prefix("old/")).expiration(expiration -> expiration.days(3))));
        store.put("logs", "old/a", "1");
        store.put("logs", "new/a", "1");

        pass(3);
        assertThat(keys("logs")).containsExactly("new/a", "old/a");
        store.pass(Duration.ofHours(12));
        store.run("s3-lifecycle");

        assertThat(keys("logs")).containsExactly("new/a");
    }

    @Test
    void saysWhenAnObjectWillExpire() {
        configure("logs", rule(rule -> rule.expiration(expiration -> expiration.days(3))));

        var put = s3.putObject(request -> request.bucket("logs").key("a"), RequestBody.fromString("1"));

        String expected = "expiry-date=\"Thu, 05 Mar 2026 00:00:00 GMT\", rule-id=\"r\"";
        assertThat(put.expiration()).isEqualTo(expected);
        assertThat(s3.headObject(request -> request.bucket("logs").key("a")).expiration())
                .isEqualTo(expected);
        assertThat(s3.getObjectAsBytes(request -> request.bucket("logs").key("a"))
                        .response()
                        .expiration())
                .isEqualTo(expected);
    }

    @Test
    void expiresOnItsDate() {
        configure(
                "logs",
                rule(rule -> rule.expiration(expiration -> expiration.date(Instant.parse("2026-03-04T00:00:00Z")))));
        store.put("logs", "a", "1");

        pass(2);
        assertThat(keys("logs")).containsExactly("a");
        pass(1);

        assertThat(keys("logs")).isEmpty();
    }

    @Test
    void aRuleThatIsDisabledDoesNothing() {
        configure("logs", rule(rule -> rule.status("Disabled").expiration(expiration -> expiration.days(1))));
        store.put("logs", "a", "1");

        pass(10);

        assertThat(keys("logs")).containsExactly("a");
        assertThat(s3.headObject(request -> request.bucket("logs").key("a")).expiration())
                .isNull();
    }

    @Test
    void filtersByTagsAndSizesTogether() {
        configure(
                "logs",
                rule(rule -> rule.filter(filter -> filter.and(and -> and.prefix("x/")
                                .tags(tag("team", "blue"), tag("keep", "no"))
                                .objectSizeGreaterThan(2L)
                                .objectSizeLessThan(5L)))
                        .expiration(expiration -> expiration.days(1))));
        putTagged("x/hit", "1234", "team=blue&keep=no&more=1");
        putTagged("x/small", "12", "team=blue&keep=no");
        putTagged("x/large", "12345", "team=blue&keep=no");
        putTagged("x/other", "1234", "team=blue");
        putTagged("y/hit", "1234", "team=blue&keep=no");

        pass(3);

        assertThat(keys("logs")).containsExactly("x/large", "x/other", "x/small", "y/hit");
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void putTagged(String key, String content, String tagging) {
        s3.putObject(request -> request.bucket("logs").key(key).tagging(tagging), RequestBody.fromString(content));
    }

    @Test
    void aCurrentVersionExpiresIntoADeleteMarkerThatGoesWhenItIsAllThatIsLeft() {
        configure(
                "versions",
                rule(rule -> rule.expiration(expiration -> expiration.days(1))
                        .noncurrentVersionExpiration(noncurrent -> noncurrent.noncurrentDays(2))));
        store.put("versions", "a", "1");

        pass(2);
        assertThat(keys("versions")).isEmpty();
        assertThat(s3.listObjectVersions(request -> request.bucket("versions")).deleteMarkers())
                .hasSize(1);
        assertThat(versions()).hasSize(1);
        pass(3);
        assertThat(versions()).isEmpty();
        pass(1);

        assertThat(s3.listObjectVersions(request -> request.bucket("versions")).deleteMarkers())
                .isEmpty();
    }

    @Test
    void anExpiredDeleteMarkerGoesWhereItsRuleSaysSo() {
        store.put("versions", "left", "1");
        s3.deleteObject(request -> request.bucket("versions").key("gone"));
        s3.deleteObject(request -> request.bucket("versions").key("left"));
        configure("versions", rule(rule -> rule.expiration(expiration -> expiration.expiredObjectDeleteMarker(true))));

        store.run("s3-lifecycle");

        assertThat(s3.listObjectVersions(request -> request.bucket("versions")).deleteMarkers())
                .extracting(marker -> marker.key())
                .containsExactly("left");
    }

    @Test
    void keepsAsManyNewerVersionsAsItIsTold() {
        List<String> put = new ArrayList<>(IntStream.range(0, 6)
                .mapToObj(i -> store.put("versions", "a", "v" + i))
                .toList());
        configure(
                "versions",
                rule(rule -> rule.noncurrentVersionExpiration(
                        noncurrent -> noncurrent.noncurrentDays(1).newerNoncurrentVersions(2))));

        pass(1);
        assertThat(versions()).hasSize(6);
        pass(1);

        assertThat(versions()).containsExactly(put.get(5), put.get(4), put.get(3));
    }

    @Test
    void countsNoncurrentDaysFromWhenAVersionCeasedToBeCurrent() {
        configure(
                "versions", rule(rule -> rule.noncurrentVersionExpiration(noncurrent -> noncurrent.noncurrentDays(3))));
        String first = store.put("versions", "a", "1");
        store.pass(Duration.ofDays(10));
        String second = store.put("versions", "a", "2");

        pass(2);
        assertThat(versions()).containsExactly(second, first);
        pass(2);

        assertThat(versions()).containsExactly(second);
    }

    @Test
    void goesThroughManyVersionsInPages() {
        IntStream.range(0, 1050).parallel().forEach(i -> store.put("versions", "k" + i % 3, "1"));
        configure(
                "versions", rule(rule -> rule.noncurrentVersionExpiration(noncurrent -> noncurrent.noncurrentDays(1))));

        pass(3);

        assertThat(versions()).hasSize(3);
    }

    @Test
    void leavesWhatIsLocked() {
        s3.createBucket(request -> request.bucket("vault").objectLockEnabledForBucket(true));
        String locked = store.put("vault", "a", "1");
        s3.putObjectRetention(request -> request.bucket("vault")
                .key("a")
                .retention(retention -> retention.mode("COMPLIANCE").retainUntilDate(START.plus(Duration.ofDays(9)))));
        store.put("vault", "a", "2");
        configure("vault", rule(rule -> rule.noncurrentVersionExpiration(noncurrent -> noncurrent.noncurrentDays(1))));

        pass(5);
        assertThat(s3.headObject(request -> request.bucket("vault").key("a").versionId(locked))
                        .contentLength())
                .isEqualTo(1);
        pass(6);

        assertThat(s3.listObjectVersions(request -> request.bucket("vault")).versions())
                .hasSize(1);
    }

    @Test
    void movesObjectsDownTheStorageClasses() {
        configure(
                "logs",
                rule(rule -> rule.transitions(
                                transition(30, "STANDARD_IA"),
                                transition(60, "GLACIER"),
                                transition(90, "DEEP_ARCHIVE"))
                        .expiration(expiration -> expiration.days(365))));
        putBig("logs", "big");
        store.put("logs", "small", "1");

        pass(29);
        assertThat(storageClass("logs", "big")).isNull();
        pass(2);
        assertThat(storageClass("logs", "big")).isEqualTo("STANDARD_IA");
        pass(30);
        assertThat(storageClass("logs", "big")).isEqualTo("GLACIER");
        pass(30);

        assertThat(storageClass("logs", "big")).isEqualTo("DEEP_ARCHIVE");
        assertThat(storageClass("logs", "small")).isNull();
        assertThat(s3.listObjectsV2(request -> request.bucket("logs")).contents())
                .extracting(S3Object::storageClassAsString)
                .containsExactly("DEEP_ARCHIVE", "STANDARD");
        pass(300);
        assertThat(keys("logs")).isEmpty();
    }

    private static Transition transition(int days, String storageClass) {
        return Transition.builder().days(days).storageClass(storageClass).build();
    }

    @Test
    void movesSmallObjectsWhereToldTo() {
        s3.putBucketLifecycleConfiguration(request -> request.bucket("logs")
                .transitionDefaultMinimumObjectSize(TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS)
                .lifecycleConfiguration(configuration ->
                        configuration.rules(rule(rule -> rule.transitions(transition(1, "GLACIER"))))));
        store.put("logs", "small", "1");

        pass(3);

        assertThat(storageClass("logs", "small")).isEqualTo("GLACIER");
    }

    @Test
    void movesNoncurrentVersions() {
        String first = s3.putObject(
                        request -> request.bucket("versions").key("a"), RequestBody.fromBytes(new byte[BIG]))
                .versionId();
        putBig("versions", "a");
        configure(
                "versions",
                rule(rule -> rule.noncurrentVersionTransitions(NoncurrentVersionTransition.builder()
                        .noncurrentDays(30)
                        .storageClass("STANDARD_IA")
                        .build())));

        pass(31);

        assertThat(s3.headObject(request -> request.bucket("versions").key("a").versionId(first))
                        .storageClassAsString())
                .isEqualTo("STANDARD_IA");
        assertThat(storageClass("versions", "a")).isNull();
    }

    @Test
    void abortsUploadsThatNobodyCompletes() {
        configure(
                "logs",
                rule(rule -> rule.filter(filter -> filter.prefix("up/"))
                        .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(2))));
        var begun = s3.createMultipartUpload(request -> request.bucket("logs").key("up/a"));
        s3.createMultipartUpload(request -> request.bucket("logs").key("other"));

        assertThat(begun.abortDate()).isEqualTo(Instant.parse("2026-03-04T00:00:00Z"));
        assertThat(begun.abortRuleId()).isEqualTo("r");
        pass(2);
        assertThat(s3.listMultipartUploads(request -> request.bucket("logs")).uploads())
                .hasSize(2);
        pass(1);

        assertThat(s3.listMultipartUploads(request -> request.bucket("logs")).uploads())
                .extracting(upload -> upload.key())
                .containsExactly("other");
    }

    @Test
    void whatIsArchivedIsReadAgainOnceRestored() {
        s3.putObject(
                request -> request.bucket("logs").key("cold").storageClass("GLACIER"), RequestBody.fromString("brr"));

        assertFails("InvalidObjectState", () -> store.get("logs", "cold"));
        assertFails("ObjectNotInActiveTierError", () -> store.copy("logs/cold", "logs", "warm", _ -> {}));
        assertThat(s3.headObject(request -> request.bucket("logs").key("cold")).restore())
                .isNull();
        s3.restoreObject(request -> request.bucket("logs").key("cold").restoreRequest(restore -> restore.days(2)));

        assertThat(store.get("logs", "cold")).isEqualTo("brr");
        assertThat(s3.headObject(request -> request.bucket("logs").key("cold")).restore())
                .isEqualTo("ongoing-request=\"false\", expiry-date=\"Wed, 04 Mar 2026 00:00:00 GMT\"");
        store.pass(Duration.ofDays(3));
        assertFails("InvalidObjectState", () -> store.get("logs", "cold"));
    }

    @Test
    void restoresArchivesOnly() {
        store.put("logs", "warm", "1");
        s3.putObject(
                request -> request.bucket("logs").key("cold").storageClass("DEEP_ARCHIVE"),
                RequestBody.fromString("1"));

        assertFails(
                "InvalidObjectState",
                () -> s3.restoreObject(
                        request -> request.bucket("logs").key("warm").restoreRequest(restore -> restore.days(1))));
        assertFails(
                "MalformedXML",
                () -> s3.restoreObject(request -> request.bucket("logs").key("cold")));
        assertFails(
                "InvalidArgument",
                () -> s3.restoreObject(
                        request -> request.bucket("logs").key("cold").restoreRequest(restore -> restore.days(0))));
        assertFails(
                "NoSuchKey",
                () -> s3.restoreObject(
                        request -> request.bucket("logs").key("none").restoreRequest(restore -> restore.days(1))));
    }

    @Test
    void givesBackWhatWasConfigured() {
        assertFails(
                "NoSuchLifecycleConfiguration",
                () -> s3.getBucketLifecycleConfiguration(request -> request.bucket("logs")));
        configure("logs", rule(rule -> rule.id(null).expiration(expiration -> expiration.days(1))));

        var configuration = s3.getBucketLifecycleConfiguration(request -> request.bucket("logs"));
        assertThat(configuration.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.id()).isNotEmpty();
            assertThat(rule.expiration().days()).isEqualTo(1);
        });
        assertThat(configuration.transitionDefaultMinimumObjectSizeAsString()).isEqualTo("all_storage_classes_128K");
        s3.deleteBucketLifecycle(request -> request.bucket("logs"));
        assertFails(
                "NoSuchLifecycleConfiguration",
                () -> s3.getBucketLifecycleConfiguration(request -> request.bucket("logs")));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("MalformedXML", rule -> rule.status("enabled").expiration(e -> e.days(1))),
                refused(
                        "MalformedXML",
                        rule -> rule.filter((LifecycleRuleFilter) null).expiration(e -> e.days(1))),
                refused("InvalidRequest", _ -> {}),
                refused("InvalidArgument", rule -> rule.id("x".repeat(256)).expiration(e -> e.days(1))),
                refused("InvalidArgument", rule -> rule.expiration(e -> e.days(0))),
                refused("InvalidArgument", rule -> rule.expiration(e -> e.days(-1))),
                refused("MalformedXML", rule -> rule.expiration(e -> {})),
                refused("MalformedXML", rule -> rule.expiration(e -> e.days(1).expiredObjectDeleteMarker(true))),
                refused("InvalidArgument", rule -> rule.expiration(e -> e.date(START))),
                refused(
                        "MalformedXML",
                        rule -> rule.filter(
                                        f -> f.prefix("a").tag(t -> t.key("k").value("v")))
                                .expiration(e -> e.days(1))),
                refused(
                        "MalformedXML",
                        rule -> rule.filter(f -> f.and(and -> and.prefix("a"))).expiration(e -> e.days(1))),
                refused(
                        "InvalidRequest",
                        rule -> rule.filter(f -> f.tag(t -> t.key("k").value("v")))
                                .expiration(e -> e.expiredObjectDeleteMarker(true))),
                refused(
                        "InvalidRequest",
                        rule -> rule.filter(f -> f.tag(t -> t.key("k").value("v")))
                                .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(1))),
                refused(
                        "InvalidRequest",
                        rule -> rule.filter(f -> f.and(
                                        and -> and.objectSizeGreaterThan(9L).objectSizeLessThan(3L)))
                                .expiration(e -> e.days(1))),
                refused("InvalidArgument", rule -> rule.transitions(transition(29, "STANDARD_IA"))),
                refused("MalformedXML", rule -> rule.transitions(transition(30, "COLDEST"))),
                refused(
                        "MalformedXML",
                        rule -> rule.transitions(
                                Transition.builder().storageClass("GLACIER").build())),
                refused(
                        "InvalidArgument",
                        rule -> rule.transitions(transition(90, "GLACIER")).expiration(e -> e.days(90))),
                refused(
                        "InvalidRequest",
                        rule -> rule.transitions(transition(30, "GLACIER"))
                                .expiration(e -> e.date(Instant.parse("2030-01-01T00:00:00Z")))),
                refused(
                        "InvalidArgument",
                        rule -> rule.noncurrentVersionExpiration(
                                n -> n.noncurrentDays(1).newerNoncurrentVersions(101))),
                refused("InvalidArgument", rule -> rule.noncurrentVersionExpiration(n -> n.noncurrentDays(0))),
                refused("InvalidArgument", rule -> rule.abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(0))));
    }

    private static Arguments refused(String code, Consumer<LifecycleRule.Builder> rule) {
        return Arguments.of(code, rule);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesRulesThatAwsRefuses(String code, Consumer<LifecycleRule.Builder> change) {
        assertFails(code, () -> configure("logs", rule(change)));
    }

    @Test
    void refusesTwoRulesOfOneNameAndMoreThanAThousand() {
        LifecycleRule one = rule(rule -> rule.expiration(expiration -> expiration.days(1)));

        assertFails("InvalidArgument", "Rule ID must be unique", () -> configure("logs", one, one));
        assertFails(
                "MalformedXML",
                () -> configure(
                        "logs",
                        IntStream.range(0, 1001)
                                .mapToObj(i -> one.copy(copy -> copy.id("r" + i)))
                                .toArray(LifecycleRule[]::new)));
        assertFails("MalformedXML", () -> configure("logs"));
    }
}
