package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class StorageMetricsTest {
    @Test
    void cloudWatchIsToldHowLargeBucketsAre(@TempDir Path path) {
        try (TestStore store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"))) {
            store.createVersionedBucket("sized");
            store.createBucket("empty");
            store.put("sized", "a", "12345");
            store.put("sized", "a", "123");
            store.s3.putObject(
                    request -> request.bucket("sized").key("cold").storageClass("STANDARD_IA"),
                    RequestBody.fromString("1234"));
            store.s3.deleteObject(request -> request.bucket("sized").key("cold"));

            store.run("s3-metrics");

            assertThat(store.measured())
                    .hasSize(3)
                    .allMatch(entry -> entry.contains("\"BucketName\":\"sized\""))
                    .anyMatch(entry -> entry.contains("\"StandardStorage\"")
                            && entry.contains("{\"metric\":\"BucketSizeBytes\",\"unit\":\"Bytes\",\"value\":8.0}"))
                    .anyMatch(entry -> entry.contains("\"StandardIAStorage\"")
                            && entry.contains("{\"metric\":\"BucketSizeBytes\",\"unit\":\"Bytes\",\"value\":4.0}"))
                    .anyMatch(entry -> entry.contains("\"AllStorageTypes\"")
                            && entry.contains("{\"metric\":\"NumberOfObjects\",\"unit\":\"Count\",\"value\":4.0}"));
        }
    }
}
