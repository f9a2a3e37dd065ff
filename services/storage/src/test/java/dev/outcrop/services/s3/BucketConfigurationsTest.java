package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.InventoryConfiguration;
import software.amazon.awssdk.services.s3.model.MetricsConfiguration;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.RoutingRule;

class BucketConfigurationsTest {
    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T12:00:00Z"));
        s3 = store.s3;
        store.createBucket("photos");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void listsConfigurationsOfAKindInPages() {
        for (int i = 0; i < 105; i++) {
            String id = "m%03d".formatted(i);
            s3.putBucketMetricsConfiguration(request ->
                    request.bucket("photos").id(id).metricsConfiguration(configuration -> configuration.id(id)));
        }
        s3.putBucketAnalyticsConfiguration(request -> request.bucket("photos")
                .id("a")
                .analyticsConfiguration(configuration -> configuration.id("a").storageClassAnalysis(analysis -> {})));

        List<String> found = new ArrayList<>();
        String token = null;
        int pages = 0;
        do {
            String from = token;
            var page = s3.listBucketMetricsConfigurations(
                    request -> request.bucket("photos").continuationToken(from));
            page.metricsConfigurationList().stream()
                    .map(MetricsConfiguration::id)
                    .forEach(found::add);
            token = page.nextContinuationToken();
            pages++;
        } while (token != null);

        assertThat(pages).isEqualTo(2);
        assertThat(found).hasSize(105).isSorted().doesNotHaveDuplicates();
        assertThat(s3.listBucketAnalyticsConfigurations(request -> request.bucket("photos"))
                        .analyticsConfigurationList())
                .hasSize(1);
    }

    @Test
    void replacesReadsAndDeletesAConfigurationById() {
        InventoryConfiguration daily = InventoryConfiguration.builder()
                .id("daily")
                .isEnabled(true)
                .includedObjectVersions("Current")
                .schedule(schedule -> schedule.frequency("Daily"))
                .destination(destination -> destination.s3BucketDestination(
                        bucket -> bucket.bucket("arn:aws:s3:::photos").format("CSV")))
                .build();
        s3.putBucketInventoryConfiguration(
                request -> request.bucket("photos").id("daily").inventoryConfiguration(daily));
        s3.putBucketInventoryConfiguration(request ->
                request.bucket("photos").id("daily").inventoryConfiguration(daily.copy(copy -> copy.isEnabled(false))));

        assertThat(s3.getBucketInventoryConfiguration(
                                request -> request.bucket("photos").id("daily"))
                        .inventoryConfiguration()
                        .isEnabled())
                .isFalse();
        s3.deleteBucketInventoryConfiguration(
                request -> request.bucket("photos").id("daily"));
        assertFails(
                "NoSuchConfiguration",
                () -> s3.getBucketInventoryConfiguration(
                        request -> request.bucket("photos").id("daily")));
        assertFails(
                "NoSuchConfiguration",
                () -> s3.deleteBucketInventoryConfiguration(
                        request -> request.bucket("photos").id("daily")));
        assertFails(
                "InvalidArgument",
                () -> s3.putBucketInventoryConfiguration(
                        request -> request.bucket("photos").id("other").inventoryConfiguration(daily)));
    }

    @Test
    void configurationsGoWithTheirBucket() {
        s3.putBucketMetricsConfiguration(request ->
                request.bucket("photos").id("m").metricsConfiguration(configuration -> configuration.id("m")));
        s3.deleteBucket(request -> request.bucket("photos"));
        store.createBucket("photos");

        assertThat(s3.listBucketMetricsConfigurations(request -> request.bucket("photos"))
                        .metricsConfigurationList())
                .isEmpty();
    }

    @Test
    void aWebsiteIsWhatItsConfigurationAllows() {
        assertFails("NoSuchWebsiteConfiguration", () -> s3.getBucketWebsite(request -> request.bucket("photos")));
        assertFails(
                "InvalidArgument",
                "The IndexDocument Suffix is not well formed",
                () -> s3.putBucketWebsite(request -> request.bucket("photos")
                        .websiteConfiguration(site -> site.indexDocument(index -> index.suffix("a/b")))));
        assertFails(
                "InvalidArgument",
                () -> s3.putBucketWebsite(request -> request.bucket("photos")
                        .websiteConfiguration(site -> site.errorDocument(error -> error.key("e")))));
        assertFails(
                "InvalidRequest",
                () -> s3.putBucketWebsite(request -> request.bucket("photos")
                        .websiteConfiguration(site -> site.redirectAllRequestsTo(to -> to.hostName("h"))
                                .indexDocument(index -> index.suffix("i")))));
        assertFails(
                "InvalidRequest",
                "Valid codes are 3XX except 300",
                () -> s3.putBucketWebsite(request -> request.bucket("photos")
                        .websiteConfiguration(site -> site.indexDocument(index -> index.suffix("i"))
                                .routingRules(RoutingRule.builder()
                                        .redirect(redirect -> redirect.httpRedirectCode("300"))
                                        .build()))));
        s3.putBucketWebsite(request -> request.bucket("photos")
                .websiteConfiguration(site -> site.indexDocument(index -> index.suffix("index.html"))));

        assertThat(s3.getBucketWebsite(request -> request.bucket("photos"))
                        .indexDocument()
                        .suffix())
                .isEqualTo("index.html");
        s3.deleteBucketWebsite(request -> request.bucket("photos"));
        assertFails("NoSuchWebsiteConfiguration", () -> s3.getBucketWebsite(request -> request.bucket("photos")));
    }

    private static QueueConfiguration queue(String id, String prefix, Event event) {
        return QueueConfiguration.builder()
                .id(id)
                .queueArn("arn:aws:sqs:us-east-1:123456789012:events")
                .events(event)
                .filter(filter -> filter.key(key -> key.filterRules(
                        FilterRule.builder().name("prefix").value(prefix).build())))
                .build();
    }

    private void notify(QueueConfiguration... queues) {
        s3.putBucketNotificationConfiguration(request -> request.bucket("photos")
                .skipDestinationValidation(true)
                .notificationConfiguration(configuration -> configuration.queueConfigurations(queues)));
    }

    @Test
    void tellsNobodyWhoTakesNothing() {
        store.messages.refusing.add("https://sqs.us-east-1.amazonaws.com/123456789012/events");

        assertFails(
                "InvalidArgument",
                "Unable to validate the following destination configurations",
                () -> s3.putBucketNotificationConfiguration(request -> request.bucket("photos")
                        .notificationConfiguration(configuration ->
                                configuration.queueConfigurations(queue("q", "a", Event.S3_OBJECT_CREATED)))));
        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket("photos"))
                        .hasQueueConfigurations())
                .isFalse();
    }

    @Test
    void refusesNotificationsThatOverlap() {
        assertFails(
                "InvalidArgument",
                "Configurations overlap",
                () -> notify(queue("1", "a", Event.S3_OBJECT_CREATED), queue("2", "ab", Event.S3_OBJECT_CREATED_PUT)));
        assertFails(
                "InvalidArgument",
                "Same ID",
                () -> notify(queue("1", "a", Event.S3_OBJECT_CREATED), queue("1", "b", Event.S3_OBJECT_CREATED)));
        notify(queue("1", "a", Event.S3_OBJECT_CREATED), queue("2", "b", Event.S3_OBJECT_CREATED));

        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket("photos"))
                        .queueConfigurations())
                .extracting(QueueConfiguration::id)
                .containsExactly("1", "2");
        s3.putBucketNotificationConfiguration(
                request -> request.bucket("photos").notificationConfiguration(_ -> {}));
        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket("photos"))
                        .queueConfigurations())
                .isEmpty();
    }

    @Test
    void loggingWantsATargetOfTheSameOwner() {
        store.client("999999999999").createBucket(request -> request.bucket("foreign"));

        assertThat(s3.getBucketLogging(request -> request.bucket("photos")).loggingEnabled())
                .isNull();
        assertFails(
                "InvalidTargetBucketForLogging",
                () -> s3.putBucketLogging(request -> request.bucket("photos")
                        .bucketLoggingStatus(status -> status.loggingEnabled(
                                logging -> logging.targetBucket("none").targetPrefix("")))));
        assertFails(
                "InvalidTargetBucketForLogging",
                "must be the same",
                () -> s3.putBucketLogging(request -> request.bucket("photos")
                        .bucketLoggingStatus(status -> status.loggingEnabled(
                                logging -> logging.targetBucket("foreign").targetPrefix("")))));
    }

    @Test
    void acceleratesBucketsWithoutPeriods() {
        store.createBucket("with.period");

        assertThat(s3.getBucketAccelerateConfiguration(request -> request.bucket("photos"))
                        .status())
                .isNull();
        s3.putBucketAccelerateConfiguration(request ->
                request.bucket("photos").accelerateConfiguration(configuration -> configuration.status("Suspended")));
        assertThat(s3.getBucketAccelerateConfiguration(request -> request.bucket("photos"))
                        .statusAsString())
                .isEqualTo("Suspended");
        assertFails(
                "InvalidRequest",
                () -> s3.putBucketAccelerateConfiguration(request -> request.bucket("with.period")
                        .accelerateConfiguration(configuration -> configuration.status("Enabled"))));
    }
}
