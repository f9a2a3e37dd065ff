package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientSnsTopicPolicyException;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sns.SnsClient;

class TrailNotificationsTest {
    private static final String TOPIC = "arn:aws:sns:us-east-1:123456789012:told";

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

    private PlayedTopics serve(String source) {
        PlayedTopics topics = new PlayedTopics(TOPIC, """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "SNS:Publish",
                 "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "%s",
                 "Condition": {"StringEquals": {"aws:SourceArn": "%s"}}}]}""".formatted(TOPIC, source));
        house.serve("sns", SnsClient.class, topics);
        return topics;
    }

    @Test
    void namesTheFilesThatWerePut() throws Exception {
        PlayedTopics topics = serve("arn:aws:cloudtrail:us-east-1:123456789012:trail/all");
        create("told");
        house.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));

        house.deliver();

        JsonNode message = new ObjectMapper().readTree(topics.messages.getLast());
        List<String> told = new ArrayList<>();
        message.get("s3ObjectKey").forEach(key -> told.add(key.asText()));
        assertThat(message.get("s3Bucket").asText()).isEqualTo("logs");
        assertThat(told)
                .containsExactlyElementsOf(
                        house.s3(s3 -> s3.listObjectsV2(request -> request.bucket("logs"))).contents().stream()
                                .map(S3Object::key)
                                .toList());
    }

    @Test
    void keepsFilesComingWhenItMayNotPublishAnyMore() {
        PlayedTopics topics = serve("arn:aws:cloudtrail:us-east-1:123456789012:trail/all");
        create(TOPIC);
        house.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));
        topics.changePolicy("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "SNS:Publish",
                 "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*"}]}""");

        house.deliver();

        GetTrailStatusResponse status =
                house.cloudTrail(trails -> trails.getTrailStatus(request -> request.name("all")));
        assertThat(status.latestDeliveryTime()).isNotNull();
        assertThat(topics.messages).isEmpty();
        assertThat(status.latestNotificationError()).isNotEmpty();
        assertThat(status.latestNotificationAttemptTime()).isNotEmpty();
        assertThat(status.latestNotificationAttemptSucceeded()).isEmpty();
    }

    @Test
    void refusesTopicsThatAreNotThereOrDoNotLetIt() {
        serve("arn:aws:cloudtrail:us-east-1:123456789012:trail/another");

        assertThatThrownBy(() -> create("told"))
                .isInstanceOf(InsufficientSnsTopicPolicyException.class)
                .hasMessageContaining("SNS Topic does not exist or the topic policy is incorrect!");
        assertThatThrownBy(() -> create("missing")).isInstanceOf(InsufficientSnsTopicPolicyException.class);
    }

    private void create(String topic) {
        house.cloudTrail(trails -> trails.createTrail(
                request -> request.name("all").s3BucketName("logs").snsTopicName(topic)));
    }
}
