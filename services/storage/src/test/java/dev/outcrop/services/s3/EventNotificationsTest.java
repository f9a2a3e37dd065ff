package dev.outcrop.services.s3;

import static dev.outcrop.services.s3.TestStore.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.outcrop.kernel.events.ServiceEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.utils.builder.SdkBuilder;

class EventNotificationsTest {
    private static final String BUCKET = "told";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:events";
    private static final String QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/events";
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:topic";
    private static final List<Event> ALL = List.of(
            Event.S3_OBJECT_CREATED,
            Event.S3_OBJECT_REMOVED,
            Event.S3_OBJECT_RESTORE,
            Event.S3_OBJECT_TAGGING,
            Event.S3_OBJECT_ACL_PUT,
            Event.S3_LIFECYCLE_EXPIRATION,
            Event.S3_LIFECYCLE_TRANSITION,
            Event.S3_REPLICATION);

    @TempDir
    private Path path;

    private TestStore store;
    private S3Client s3;

    @BeforeEach
    void open() {
        store = new TestStore(path, Instant.parse("2026-03-01T10:00:00.123Z"));
        s3 = store.s3;
        store.createBucket(BUCKET);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void configure(NotificationConfiguration configuration) {
        s3.putBucketNotificationConfiguration(
                request -> request.bucket(BUCKET).notificationConfiguration(configuration));
    }

    private void tellQueueOfAll() {
        configure(NotificationConfiguration.builder()
                .queueConfigurations(made(
                        QueueConfiguration.builder(),
                        queue -> queue.id("all").queueArn(QUEUE).events(ALL)))
                .build());
        store.messages.sent.clear();
    }

    private static <B extends SdkBuilder<B, T>, T> T made(B builder, Consumer<B> set) {
        return builder.applyMutation(set).build();
    }

    /** The leaves of what was delivered since the last look, by their paths. */
    private List<Map<String, String>> delivered() {
        store.run("s3-events");
        List<Map<String, String>> found =
                store.messages.sent.stream().map(sent -> leaves(sent.text())).toList();
        store.messages.sent.clear();
        return found;
    }

    private List<String> names() {
        return delivered().stream()
                .map(leaves -> leaves.get("Records.eventName") + " " + leaves.get("Records.s3.object.key"))
                .toList();
    }

    private static Map<String, String> leaves(String json) {
        Map<String, String> leaves = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    String place = parser.getParsingContext().pathAsPointer().toString();
                    leaves.put(place.substring(1).replaceAll("/\\d+", "").replace('/', '.'), parser.getText());
                }
            }
        } catch (IOException malformed) {
            throw new AssertionError(json, malformed);
        }
        return leaves;
    }

    @Test
    void testsDestinationsWhenTheyAreConfigured() {
        configure(NotificationConfiguration.builder()
                .queueConfigurations(made(
                        QueueConfiguration.builder(),
                        queue -> queue.queueArn(QUEUE).events(Event.S3_OBJECT_CREATED)))
                .topicConfigurations(made(
                        TopicConfiguration.builder(),
                        topic -> topic.topicArn(TOPIC).events(Event.S3_OBJECT_REMOVED)))
                .build());

        assertThat(store.messages.sent).extracting(SentMessages.Sent::to).containsExactly(TOPIC, QUEUE_URL);
        assertThat(store.messages.sent)
                .extracting(SentMessages.Sent::sender)
                .containsOnly("s3.amazonaws.com arn:aws:s3:::" + BUCKET);
        assertThat(leaves(store.messages.sent.getFirst().text()))
                .containsEntry("Service", "Amazon S3")
                .containsEntry("Event", "s3:TestEvent")
                .containsEntry("Time", "2026-03-01T10:00:00.123Z")
                .containsEntry("Bucket", BUCKET)
                .containsKeys("RequestId", "HostId");
    }

    @Test
    void refusesDestinationsThatCannotBe() {
        for (String arn : List.of(
                "arn:aws:sqs:eu-west-1:123456789012:events",
                "arn:aws:sqs:us-east-1:123456789012:events.fifo",
                "arn:aws:sns:us-east-1:123456789012:topic",
                "events")) {
            assertFails(
                    "InvalidArgument",
                    () -> configure(NotificationConfiguration.builder()
                            .queueConfigurations(made(
                                    QueueConfiguration.builder(),
                                    queue -> queue.queueArn(arn).events(Event.S3_OBJECT_CREATED)))
                            .build()));
        }
        assertFails(
                "InvalidArgument",
                "Unable to validate",
                () -> configure(NotificationConfiguration.builder()
                        .lambdaFunctionConfigurations(made(
                                LambdaFunctionConfiguration.builder(),
                                function -> function.lambdaFunctionArn(
                                                "arn:aws:lambda:us-east-1:123456789012:function:f")
                                        .events(Event.S3_OBJECT_CREATED)))
                        .build()));
    }

    @Test
    void tellsEverythingOfAnObjectThatWasPut() {
        tellQueueOfAll();
        s3.putObject(
                request -> request.bucket(BUCKET).key("a folder/rot & blau+.txt"), RequestBody.fromString("hello"));

        Map<String, String> told = delivered().getFirst();

        assertThat(told)
                .containsEntry("Records.eventVersion", "2.1")
                .containsEntry("Records.eventSource", "aws:s3")
                .containsEntry("Records.awsRegion", "us-east-1")
                .containsEntry("Records.eventTime", "2026-03-01T10:00:00.123Z")
                .containsEntry("Records.eventName", "ObjectCreated:Put")
                .containsEntry("Records.userIdentity.principalId", "AWS:" + TestStore.ACCOUNT)
                .containsEntry("Records.requestParameters.sourceIPAddress", "127.0.0.1")
                .containsEntry("Records.s3.s3SchemaVersion", "1.0")
                .containsEntry("Records.s3.configurationId", "all")
                .containsEntry("Records.s3.bucket.name", BUCKET)
                .containsEntry("Records.s3.bucket.arn", "arn:aws:s3:::" + BUCKET)
                .containsEntry("Records.s3.object.key", "a+folder/rot+%26+blau%2B.txt")
                .containsEntry("Records.s3.object.size", "5")
                .containsEntry("Records.s3.object.eTag", "5d41402abc4b2a76b9719d911017c592")
                .containsKeys(
                        "Records.responseElements.x-amz-request-id",
                        "Records.responseElements.x-amz-id-2",
                        "Records.s3.bucket.ownerIdentity.principalId",
                        "Records.s3.object.sequencer")
                .doesNotContainKey("Records.s3.object.versionId");
    }

    @Test
    void tellsOfEachWayToMakeAndDeleteObjects() {
        tellQueueOfAll();
        store.put(BUCKET, "put", "1");
        store.copy(BUCKET + "/put", BUCKET, "copied", _ -> {});
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(BUCKET).key("parts"))
                .uploadId();
        String etag = s3.uploadPart(
                        request -> request.bucket(BUCKET)
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("x"))
                .eTag();
        s3.completeMultipartUpload(request -> request.bucket(BUCKET)
                .key("parts")
                .uploadId(upload)
                .multipartUpload(parts -> parts.parts(
                        CompletedPart.builder().partNumber(1).eTag(etag).build())));
        s3.putObjectTagging(request -> request.bucket(BUCKET)
                .key("put")
                .tagging(tags ->
                        tags.tagSet(made(Tag.builder(), tag -> tag.key("k").value("v")))));
        s3.deleteObjectTagging(request -> request.bucket(BUCKET).key("put"));
        s3.deleteObject(request -> request.bucket(BUCKET).key("put"));
        s3.deleteObject(request -> request.bucket(BUCKET).key("nothing"));
        s3.deleteObjects(request -> request.bucket(BUCKET)
                .delete(which -> which.objects(made(ObjectIdentifier.builder(), one -> one.key("copied")))));

        assertThat(names())
                .containsExactly(
                        "ObjectCreated:Put put",
                        "ObjectCreated:Copy copied",
                        "ObjectCreated:CompleteMultipartUpload parts",
                        "ObjectTagging:Put put",
                        "ObjectTagging:Delete put",
                        "ObjectRemoved:Delete put",
                        "ObjectRemoved:Delete copied");
    }

    @Test
    void tellsDeleteMarkersFromDeletions() {
        store.createVersionedBucket("other");
        s3.putBucketVersioning(
                request -> request.bucket(BUCKET).versioningConfiguration(versioning -> versioning.status("Enabled")));
        tellQueueOfAll();
        String version = store.put(BUCKET, "key", "1");
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));
        s3.deleteObject(request -> request.bucket(BUCKET).key("key").versionId(version));

        List<Map<String, String>> told = delivered();

        assertThat(told)
                .extracting(leaves -> leaves.get("Records.eventName"))
                .containsExactly("ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete");
        assertThat(told.get(0)).containsEntry("Records.s3.object.versionId", version);
        assertThat(told.get(2))
                .containsEntry("Records.s3.object.versionId", version)
                .doesNotContainKey("Records.s3.object.size");
        assertThat(told.get(1).get("Records.s3.object.sequencer"))
                .isGreaterThan(told.get(0).get("Records.s3.object.sequencer"));
    }

    @Test
    void tellsOfWhatRulesDo() {
        s3.putBucketLifecycleConfiguration(request -> request.bucket(BUCKET)
                .lifecycleConfiguration(rules -> rules.rules(
                        made(
                                LifecycleRule.builder(),
                                rule -> rule.id("expire")
                                        .status("Enabled")
                                        .filter(filter -> filter.prefix("old/"))
                                        .expiration(expiration -> expiration.days(1))),
                        made(
                                LifecycleRule.builder(),
                                rule -> rule.id("move")
                                        .status("Enabled")
                                        .filter(filter -> filter.prefix("cold/"))
                                        .transitions(made(
                                                Transition.builder(),
                                                transition -> transition.days(1).storageClass("GLACIER")))))));
        tellQueueOfAll();
        store.put(BUCKET, "old/a", "1");
        store.put(BUCKET, "cold/a", "1".repeat(200_000));
        delivered();
        store.pass(Duration.ofDays(3));
        store.run("s3-lifecycle");

        List<Map<String, String>> told = delivered();

        assertThat(told)
                .extracting(leaves -> leaves.get("Records.eventName"))
                .containsExactlyInAnyOrder("LifecycleExpiration:Delete", "LifecycleTransition");
        assertThat(told)
                .allSatisfy(leaves -> assertThat(leaves)
                        .containsEntry("Records.eventVersion", "2.3")
                        .containsEntry("Records.userIdentity.principalId", "s3.amazonaws.com"));
    }

    @Test
    void tellsOfRestores() {
        tellQueueOfAll();
        s3.putObject(
                request -> request.bucket(BUCKET).key("cold").storageClass(StorageClass.GLACIER),
                RequestBody.fromString("1"));
        delivered();
        s3.restoreObject(request -> request.bucket(BUCKET).key("cold").restoreRequest(restore -> restore.days(2)));

        List<Map<String, String>> told = delivered();

        assertThat(told)
                .extracting(leaves -> leaves.get("Records.eventName"))
                .containsExactly("ObjectRestore:Post", "ObjectRestore:Completed");
        assertThat(told.get(1))
                .containsEntry(
                        "Records.glacierEventData.restoreEventData.lifecycleRestorationExpiryTime",
                        "2026-03-04T00:00:00.000Z")
                .containsEntry("Records.glacierEventData.restoreEventData.lifecycleRestoreStorageClass", "GLACIER");
    }

    @Test
    void tellsOnlyWhatIsAskedFor() {
        configure(NotificationConfiguration.builder()
                .queueConfigurations(made(
                        QueueConfiguration.builder(),
                        queue -> queue.queueArn(QUEUE)
                                .events(Event.S3_OBJECT_CREATED_PUT)
                                .filter(filter -> filter.key(key -> key.filterRules(
                                        FilterRule.builder()
                                                .name("prefix")
                                                .value("in/")
                                                .build(),
                                        FilterRule.builder()
                                                .name("suffix")
                                                .value(".csv")
                                                .build())))))
                .topicConfigurations(made(
                        TopicConfiguration.builder(),
                        topic -> topic.topicArn(TOPIC).events(Event.S3_OBJECT_REMOVED_DELETE)))
                .build());
        store.messages.sent.clear();
        store.put(BUCKET, "in/a.csv", "1");
        store.put(BUCKET, "in/a.txt", "1");
        store.put(BUCKET, "out/a.csv", "1");
        store.copy(BUCKET + "/in/a.csv", BUCKET, "in/b.csv", _ -> {});
        s3.deleteObject(request -> request.bucket(BUCKET).key("in/a.csv"));
        store.run("s3-events");

        assertThat(store.messages.sent).extracting(SentMessages.Sent::to).containsExactly(QUEUE_URL, TOPIC);
        assertThat(names()).containsExactly("ObjectCreated:Put in/a.csv", "ObjectRemoved:Delete in/a.csv");
    }

    @Test
    void tellsNothingOfWhatDidNotHappen() {
        tellQueueOfAll();
        store.put(BUCKET, "key", "1");
        delivered();

        assertFails(
                "PreconditionFailed",
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ifNoneMatch("*"), RequestBody.fromString("2")));

        assertThat(delivered()).isEmpty();
    }

    @Test
    void keepsWhatIsNotTakenForADayAndWhatIsWaitingOverARestart() {
        tellQueueOfAll();
        configure(NotificationConfiguration.builder()
                .queueConfigurations(made(
                        QueueConfiguration.builder(),
                        queue -> queue.queueArn(QUEUE).events(Event.S3_OBJECT_CREATED)))
                .topicConfigurations(made(
                        TopicConfiguration.builder(),
                        topic -> topic.topicArn(TOPIC).events(Event.S3_OBJECT_REMOVED_DELETE)))
                .build());
        store.messages.sent.clear();
        store.messages.refusing.add(QUEUE_URL);
        store.put(BUCKET, "first", "1");
        store.put(BUCKET, "second", "1");
        s3.deleteObject(request -> request.bucket(BUCKET).key("first"));

        assertThat(names()).containsExactly("ObjectRemoved:Delete first");
        Instant now = store.now();
        store.close();
        store = new TestStore(path, now);
        assertThat(names()).containsExactly("ObjectCreated:Put first", "ObjectCreated:Put second");
        assertThat(names()).isEmpty();

        store.messages.refusing.add(QUEUE_URL);
        store.put(BUCKET, "third", "1");
        store.pass(Duration.ofDays(2));
        assertThat(names()).isEmpty();
        store.messages.refusing.clear();
        assertThat(names()).isEmpty();
    }

    @Test
    void tellsEventBridgeWhereItIsEnabled() {
        ServiceEvents bridge = new ServiceEvents(store.records, store.clock());
        store.records.write(transaction -> {
            bridge.follow(transaction, TestStore.ACCOUNT, "us-east-1", Optional.empty());
            return null;
        });
        store.put(BUCKET, "before", "1");
        configure(NotificationConfiguration.builder()
                .eventBridgeConfiguration(_ -> {})
                .build());
        store.put(BUCKET, "a key", "12");
        s3.deleteObject(request -> request.bucket(BUCKET).key("a key"));

        List<Map<String, String>> events = bridge.waiting(10).stream()
                .map(waiting -> leaves(waiting.event()))
                .toList();

        assertThat(events)
                .extracting(leaves -> leaves.get("detail-type"))
                .containsExactlyInAnyOrder("Object Created", "Object Deleted");
        Map<String, String> created = events.stream()
                .filter(leaves -> leaves.get("detail-type").equals("Object Created"))
                .findFirst()
                .orElseThrow();
        assertThat(created)
                .containsEntry("source", "aws.s3")
                .containsEntry("account", TestStore.ACCOUNT)
                .containsEntry("resources", "arn:aws:s3:::" + BUCKET)
                .containsEntry("detail.bucket.name", BUCKET)
                .containsEntry("detail.object.key", "a key")
                .containsEntry("detail.object.size", "2")
                .containsEntry("detail.reason", "PutObject")
                .containsEntry("detail.requester", TestStore.ACCOUNT)
                .containsKeys("detail.object.sequencer", "detail.request-id", "detail.source-ip-address");
        assertThat(events)
                .anySatisfy(leaves -> assertThat(leaves).containsEntry("detail.deletion-type", "Permanently Deleted"));
    }
}
