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
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.SimplePrefix;
import software.amazon.awssdk.services.s3.model.TargetGrant;
import software.amazon.awssdk.services.s3.model.TargetObjectKeyFormat;

class AccessLogsTest {
    @TempDir
    private Path path;

    private TestStore store;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"));
        List.of("photos", "logs", "quiet").forEach(store::createBucket);
        configure(format -> {});
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void configure(Consumer<TargetObjectKeyFormat.Builder> format) {
        TargetObjectKeyFormat.Builder builder = TargetObjectKeyFormat.builder().simplePrefix(simple -> {});
        format.accept(builder);
        store.s3.putBucketLogging(request -> request.bucket("photos")
                .bucketLoggingStatus(status -> status.loggingEnabled(logging ->
                        logging.targetBucket("logs").targetPrefix("of/").targetObjectKeyFormat(builder.build()))));
    }

    private List<String> delivered() {
        store.logs.deliver();
        return store.s3.listObjectsV2(request -> request.bucket("logs")).contents().stream()
                .map(S3Object::key)
                .flatMap(key -> store.get("logs", key).lines())
                .toList();
    }

    @Test
    void deliversALineForEachCallOfTheBucket() {
        store.put("photos", "a b", "hello");
        store.get("photos", "a b");
        assertFails("NoSuchKey", () -> store.get("photos", "none"));
        store.put("quiet", "a", "1");

        List<String> lines = delivered();

        assertThat(lines).noneMatch(line -> line.contains(" quiet "));
        assertThat(lines)
                .anyMatch(line -> line.contains(" REST.PUT.OBJECT a%2520b \"PUT /photos/a%2520b HTTP/1.1\" 200 - "));
        assertThat(lines)
                .anyMatch(line -> line.contains(" REST.GET.OBJECT a%2520b \"GET /photos/a%2520b HTTP/1.1\" 200 - "));
        assertThat(lines).anyMatch(line -> line.contains(" REST.GET.OBJECT none ") && line.contains(" 404 NoSuchKey "));
        assertThat(lines)
                .allSatisfy(line -> assertThat(line)
                        .matches(
                                "[0-9a-f]{64} photos \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000] .*"));
    }

    @Test
    void namesObjectsAsItIsTold() {
        store.put("photos", "a", "1");
        store.logs.deliver();
        assertThat(store.s3.listObjectsV2(request -> request.bucket("logs")).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key()).matches("of/2026-03-01-12-00-00-[0-9A-Z]{16}"));

        configure(format -> format.simplePrefix((SimplePrefix) null)
                .partitionedPrefix(partitioned -> partitioned.partitionDateSource("DeliveryTime")));
        store.put("photos", "a", "1");
        store.logs.deliver();

        assertThat(store.s3
                        .listObjectsV2(request -> request.bucket("logs").prefix("of/123456789012/"))
                        .contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key())
                        .startsWith("of/123456789012/us-east-1/photos/2026/03/01/2026-03-01-12-00-00-"));
    }

    @Test
    void grantsWhatItIsToldWhereListsCount() {
        store.s3.createBucket(request -> request.bucket("open").objectOwnership("ObjectWriter"));
        store.s3.putBucketLogging(request -> request.bucket("photos")
                .bucketLoggingStatus(status -> status.loggingEnabled(logging -> logging.targetBucket("open")
                        .targetPrefix("")
                        .targetGrants(TargetGrant.builder()
                                .permission("READ")
                                .grantee(grantee -> grantee.type("Group").uri(AccessControl.AUTHENTICATED_USERS))
                                .build()))));
        store.put("photos", "a", "1");

        store.logs.deliver();

        String log = store.s3
                .listObjectsV2(request -> request.bucket("open"))
                .contents()
                .getFirst()
                .key();
        assertThat(store.s3
                        .getObjectAcl(request -> request.bucket("open").key(log))
                        .grants())
                .extracting(Grant::permissionAsString)
                .containsExactly("FULL_CONTROL", "READ");
    }

    @Test
    void aKeyCannotForgeALine() {
        store.put("photos", "a\n\" 200 forged", "1");

        assertThat(delivered()).noneMatch(line -> line.startsWith("\" 200") || line.contains(" forged"));
    }

    @Test
    void stopsWhenItIsTold() {
        store.s3.putBucketLogging(request -> request.bucket("photos").bucketLoggingStatus(_ -> {}));
        store.logs.deliver();
        store.s3.listObjectsV2(request -> request.bucket("photos"));

        assertThat(delivered()).isEmpty();
    }
}
