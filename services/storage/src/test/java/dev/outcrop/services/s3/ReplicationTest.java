package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ReplicationRule;

class ReplicationTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/replication";

    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"));
        s3 = store.s3;
        store.createVersionedBucket("source");
        store.createVersionedBucket("target");
        store.createVersionedBucket("other");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ReplicationRule rule(Consumer<ReplicationRule.Builder> change) {
        ReplicationRule.Builder rule = ReplicationRule.builder()
                .id("r")
                .status("Enabled")
                .priority(1)
                .filter(filter -> filter.prefix(""))
                .deleteMarkerReplication(markers -> markers.status("Disabled"))
                .destination(destination -> destination.bucket("arn:aws:s3:::target"));
        change.accept(rule);
        return rule.build();
    }

    private void configure(ReplicationRule... rules) {
        s3.putBucketReplication(request -> request.bucket("source")
                .replicationConfiguration(
                        configuration -> configuration.role(ROLE).rules(rules)));
    }

    private String status(String bucket, String key) {
        return s3.headObject(request -> request.bucket(bucket).key(key)).replicationStatusAsString();
    }

    @Test
    void copiesWhatIsPutWithItsIdTagAndMetadata() {
        configure(rule(rule -> rule.filter(filter -> filter.prefix("in/"))));
        String version = store.put("source", "in/a", "hello");
        store.put("source", "out", "1");

        assertThat(status("source", "in/a")).isEqualTo("PENDING");
        assertThat(status("source", "out")).isNull();
        store.run("s3-replication");

        assertThat(status("source", "in/a")).isEqualTo("COMPLETED");
        var copy = s3.getObjectAsBytes(
                request -> request.bucket("target").key("in/a").versionId(version));
        assertThat(copy.asUtf8String()).isEqualTo("hello");
        assertThat(copy.response().replicationStatusAsString()).isEqualTo("REPLICA");
        assertThat(copy.response().eTag())
                .isEqualTo(s3.headObject(request -> request.bucket("source").key("in/a"))
                        .eTag());
        assertThat(s3.listObjectsV2(request -> request.bucket("target")).contents())
                .hasSize(1);
    }

    @Test
    void keepsTheOrderOfVersions() {
        configure(rule(_ -> {}));
        List.of("1", "2", "3").forEach(content -> store.put("source", "a", content));

        store.run("s3-replication");

        assertThat(store.get("target", "a")).isEqualTo("3");
        assertThat(s3.listObjectVersions(request -> request.bucket("target")).versions())
                .extracting(version -> version.versionId())
                .containsExactlyElementsOf(
                        s3.listObjectVersions(request -> request.bucket("source")).versions().stream()
                                .map(version -> version.versionId())
                                .toList());
    }

    @Test
    void copiesWhatWasUploadedInPartsUnderItsOwnTag() {
        configure(rule(rule -> rule.destination(
                destination -> destination.bucket("arn:aws:s3:::target").storageClass("STANDARD_IA"))));
        String upload = s3.createMultipartUpload(
                        request -> request.bucket("source").key("k"))
                .uploadId();
        String tag = s3.uploadPart(
                        request -> request.bucket("source")
                                .key("k")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromBytes(new byte[10_000]))
                .eTag();
        String whole = s3.completeMultipartUpload(request -> request.bucket("source")
                        .key("k")
                        .uploadId(upload)
                        .multipartUpload(parts -> parts.parts(
                                CompletedPart.builder().partNumber(1).eTag(tag).build())))
                .eTag();

        store.run("s3-replication");

        var copy = s3.headObject(request -> request.bucket("target").key("k"));
        assertThat(copy.eTag()).isEqualTo(whole);
        assertThat(copy.contentLength()).isEqualTo(10_000);
        assertThat(copy.storageClassAsString()).isEqualTo("STANDARD_IA");
    }

    @Test
    void carriesDeleteMarkersAlongWhereTold() {
        configure(
                rule(rule -> rule.id("with").priority(2).deleteMarkerReplication(markers -> markers.status("Enabled"))),
                rule(rule -> rule.id("without").destination(destination -> destination.bucket("arn:aws:s3:::other"))));
        store.put("source", "a", "1");
        s3.deleteObject(request -> request.bucket("source").key("a"));

        store.run("s3-replication");

        assertFails("NoSuchKey", () -> store.get("target", "a"));
        assertThat(s3.listObjectVersions(request -> request.bucket("target")).deleteMarkers())
                .hasSize(1);
        assertThat(store.get("other", "a")).isEqualTo("1");
    }

    @Test
    void doesNotReplicateReplicas() {
        configure(rule(_ -> {}));
        s3.putBucketReplication(request -> request.bucket("target")
                .replicationConfiguration(configuration -> configuration
                        .role(ROLE)
                        .rules(rule(
                                rule -> rule.destination(destination -> destination.bucket("arn:aws:s3:::other"))))));
        store.put("source", "a", "1");

        store.run("s3-replication");
        store.run("s3-replication");

        assertThat(store.get("target", "a")).isEqualTo("1");
        assertThat(s3.listObjectsV2(request -> request.bucket("other")).contents())
                .isEmpty();
    }

    @Test
    void copiesNothingThatTheRoleMayNotReadOrWrite() {
        configure(rule(_ -> {}));
        store.denied.add("s3:GetObjectVersionForReplication arn:aws:s3:::source/unread");
        store.denied.add("s3:ReplicateObject arn:aws:s3:::target/unwritten");
        List.of("unread", "unwritten", "fine").forEach(key -> store.put("source", key, "1"));

        store.run("s3-replication");

        assertThat(status("source", "unread")).isEqualTo("FAILED");
        assertThat(status("source", "unwritten")).isEqualTo("FAILED");
        assertThat(status("source", "fine")).isEqualTo("COMPLETED");
        assertThat(s3.listObjectsV2(request -> request.bucket("target")).contents())
                .extracting(object -> object.key())
                .containsExactly("fine");
    }

    @Test
    void failsWhereTheTargetIsGone() {
        configure(rule(_ -> {}));
        store.put("source", "a", "1");
        s3.deleteBucket(request -> request.bucket("target"));

        store.run("s3-replication");

        assertThat(status("source", "a")).isEqualTo("FAILED");
    }

    @Test
    void aCopyIsNotMarkedLikeItsSource() {
        configure(rule(rule -> rule.filter(filter -> filter.prefix("in/"))));
        store.put("source", "in/a", "1");
        store.copy("source/in/a", "source", "b", _ -> {});

        assertThat(status("source", "b")).isNull();
    }

    @Test
    void refusesConfigurationsThatAwsRefuses() {
        store.createBucket("plain");

        assertFails(
                "ReplicationConfigurationNotFoundError",
                () -> s3.getBucketReplication(request -> request.bucket("source")));
        assertFails(
                "InvalidRequest",
                "Versioning must be 'Enabled'",
                () -> s3.putBucketReplication(request -> request.bucket("plain")
                        .replicationConfiguration(
                                configuration -> configuration.role(ROLE).rules(rule(_ -> {})))));
        assertFails(
                "InvalidRequest",
                "Destination bucket must have versioning enabled",
                () -> configure(
                        rule(rule -> rule.destination(destination -> destination.bucket("arn:aws:s3:::plain")))));
        assertFails(
                "InvalidRequest",
                "Destination bucket must exist",
                () -> configure(
                        rule(rule -> rule.destination(destination -> destination.bucket("arn:aws:s3:::none")))));
        assertFails("InvalidRequest", "Priority must be", () -> configure(rule(rule -> rule.priority(null))));
        assertFails(
                "InvalidRequest",
                "Rule Id must be unique",
                () -> configure(rule(_ -> {}), rule(rule -> rule.priority(2))));
        assertFails(
                "InvalidRequest", "duplicate priority", () -> configure(rule(_ -> {}), rule(rule -> rule.id("other"))));
        assertFails("MalformedXML", () -> configure());
    }
}
