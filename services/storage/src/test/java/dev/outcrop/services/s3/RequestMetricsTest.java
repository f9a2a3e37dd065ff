package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MetricsFilter;
import software.amazon.awssdk.services.s3.model.Tag;

class RequestMetricsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path path;

    private TestStore store;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"));
        store.createBucket("photos");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void configure(String id, MetricsFilter filter) {
        store.s3.putBucketMetricsConfiguration(request -> request.bucket("photos")
                .id(id)
                .metricsConfiguration(configuration -> configuration.id(id).filter(filter)));
    }

    /** Half a minute later all that was configured counts. */
    private void pass() {
        store.pass(Duration.ofSeconds(31));
    }

    /** The sums of what is measured under a filter's id. */
    private Map<String, Double> sums(String id) {
        Map<String, Double> sums = new TreeMap<>();
        for (String entry : store.measured()) {
            for (JsonNode measured : read(entry).path("measured")) {
                if (measured.path("namespace").asText().equals("AWS/S3")
                        && measured.at("/dimensions/BucketName").asText().equals("photos")
                        && measured.at("/dimensions/FilterId").asText().equals(id)) {
                    measured.path("values")
                            .forEach(value -> sums.merge(
                                    value.path("metric").asText(),
                                    value.path("value").asDouble()
                                            * value.path("count").asDouble(1),
                                    Double::sum));
                }
            }
        }
        return sums;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Test
    void requestsOfABucketAreToldByTheirKindsErrorsAndBytes() {
        configure("EntireBucket", null);
        pass();

        store.s3.putObject(
                request -> request.bucket("photos").key("a").contentLength(5L), RequestBody.fromString("hello"));
        store.get("photos", "a");
        store.s3.getObjectAsBytes(request -> request.bucket("photos").key("a").range("bytes=1-2"));
        store.s3.headObject(request -> request.bucket("photos").key("a"));
        store.s3.listObjectsV2(request -> request.bucket("photos"));
        store.s3.createMultipartUpload(request -> request.bucket("photos").key("large"));
        assertFails("NoSuchKey", () -> store.get("photos", "none"));
        store.s3.deleteObject(request -> request.bucket("photos").key("b"));
        store.s3.getBucketLocation(request -> request.bucket("photos"));

        assertThat(sums("EntireBucket"))
                .containsEntry("AllRequests", 9.0)
                .containsEntry("PutRequests", 1.0)
                .containsEntry("GetRequests", 3.0)
                .containsEntry("HeadRequests", 1.0)
                .containsEntry("ListRequests", 1.0)
                .containsEntry("PostRequests", 1.0)
                .containsEntry("DeleteRequests", 1.0)
                .containsEntry("4xxErrors", 1.0)
                .containsEntry("5xxErrors", 0.0)
                .containsEntry("BytesUploaded", 5.0)
                .containsEntry("BytesDownloaded", 7.0)
                .containsKeys("FirstByteLatency", "TotalRequestLatency");
    }

    @Test
    void aFilterTellsOfTheObjectsThatItWantsAlone() {
        configure("Prefix", MetricsFilter.fromPrefix("cats/"));
        configure(
                "Tag",
                MetricsFilter.fromTag(Tag.builder().key("kind").value("cat").build()));
        configure(
                "Both",
                MetricsFilter.fromAnd(and -> and.prefix("cats/")
                        .tags(Tag.builder().key("kind").value("cat").build())));
        configure("Point", MetricsFilter.fromAccessPointArn("arn:aws:s3:us-east-1:123456789012:accesspoint/mine"));
        pass();

        store.s3.putObject(
                request -> request.bucket("photos").key("cats/1").tagging("kind=cat"), RequestBody.fromString("1"));
        store.put("photos", "cats/2", "2");
        store.s3.putObject(
                request -> request.bucket("photos").key("dogs/1").tagging("kind=cat"), RequestBody.fromString("3"));
        store.s3.listObjectsV2(request -> request.bucket("photos").prefix("cats/"));

        assertThat(sums("Prefix")).containsEntry("AllRequests", 2.0);
        assertThat(sums("Tag")).containsEntry("AllRequests", 2.0);
        assertThat(sums("Both")).containsEntry("AllRequests", 1.0);
        assertThat(sums("Point")).isEmpty();
    }

    @Test
    void bucketsWithoutAConfigurationHaveNoMetricsOfRequests() {
        store.put("photos", "a", "1");
        configure("Late", null);
        pass();
        store.s3.deleteBucketMetricsConfiguration(
                request -> request.bucket("photos").id("Late"));
        pass();
        store.put("photos", "a", "1");

        assertThat(sums("Late").getOrDefault("PutRequests", 0.0)).isZero();
        assertThat(store.measured()).noneMatch(entry -> entry.contains("PutRequests"));
    }
}
