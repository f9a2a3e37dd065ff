package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sqs.model.Message;

class ArchivesTest {
    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    private static final String ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/a";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path folder;

    private EventHouse house;

    @BeforeEach
    void open() {
        house = new EventHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void archive(int days) {
        house.events(events -> events.createArchive(request -> request.archiveName("a")
                .eventSourceArn(BUS)
                .eventPattern("{\"source\": [\"shop\"]}")
                .retentionDays(days)));
    }

    private DescribeArchiveResponse described() {
        return house.events(events -> events.describeArchive(request -> request.archiveName("a")));
    }

    private DescribeReplayResponse replayed(String name) {
        EventHouse.await("the end of " + name, () -> {
            house.service().look(() -> false);
            return replay(name).replayEndTime() != null;
        });
        return replay(name);
    }

    private DescribeReplayResponse replay(String name) {
        return house.events(events -> events.describeReplay(request -> request.replayName(name)));
    }

    @Test
    void countsWhatItKeepsAndForgetsWhatIsOld() {
        archive(1);
        house.send("shop", "Order", "{\"n\": 1}");
        house.send("other", "Order", "{\"n\": 2}");
        house.house.pass(Duration.ofHours(20));
        house.send("shop", "Order", "{\"n\": 3}");

        long whole = described().sizeBytes();
        assertThat(described().eventCount()).isEqualTo(2);
        house.house.pass(Duration.ofHours(5));
        house.service().look(() -> false);

        assertThat(described().eventCount()).isEqualTo(1);
        assertThat(described().sizeBytes()).isPositive().isLessThan(whole);
    }

    @Test
    void replaysWhatHappenedInATimeToTheRulesThatAreChosen() {
        archive(0);
        for (int i = 0; i < 5; i++) {
            house.send("shop", "Order", "{\"n\": " + i + "}");
            house.house.pass(Duration.ofMinutes(1));
        }
        house.rule("first", "{\"source\": [\"shop\"]}", house.queue("first"));
        house.rule("second", "{\"source\": [\"shop\"]}", house.queue("second"));

        house.events(events -> events.startReplay(request -> request.replayName("r")
                .eventSourceArn(ARCHIVE)
                .eventStartTime(START.plusSeconds(60))
                .eventEndTime(START.plusSeconds(240))
                .destination(to -> to.arn(BUS).filterArns("arn:aws:events:us-east-1:000000000000:rule/second"))));

        List<Message> messages = house.receive("second", 3);
        assertThat(messages)
                .hasSize(3)
                .allSatisfy(
                        message -> assertThat(message.body()).contains("\"replay-name\":\"r\"", "\"source\":\"shop\""));
        DescribeReplayResponse replay = replayed("r");
        assertThat(replay.state()).isEqualTo(ReplayState.COMPLETED);
        assertThat(replay.eventLastReplayedTime()).isEqualTo(START.plusSeconds(180));
        assertThat(house.afterAll("first")).isEmpty();
        // What is replayed is not archived once more.
        assertThat(described().eventCount()).isEqualTo(5);
    }

    @Test
    void eventsOfABusWithAKeyOfKmsAreKeptUnderItAndGoNowhereElseOnceItCannotBeUsed() {
        String key = house.house
                .as(
                        EventHouse.ROOT,
                        KmsClient.class,
                        kms -> kms.createKey(request -> request.policy("""
                        {"Version": "2012-10-17", "Statement": [
                         {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "kms:*",
                          "Resource": "*"},
                         {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
                          "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*", "Condition": {"StringEquals":
                          {"kms:EncryptionContext:aws:events:event-bus:arn": "%s"}}}]}""".formatted(BUS))))
                .keyMetadata()
                .arn();
        String dead = house.queue("dead");
        house.events(events -> events.updateEventBus(
                request -> request.name("default").kmsKeyIdentifier(key).deadLetterConfig(queue -> queue.arn(dead))));
        house.events(events -> events.createArchive(
                request -> request.archiveName("a").eventSourceArn(BUS).kmsKeyIdentifier(key)));
        house.rule("orders", "{\"source\": [\"shop\"]}", house.queue("orders"));

        house.send("shop", "Order", "{\"n\": \"secret\"}");

        assertThat(house.receive("orders", 1))
                .allMatch(message -> message.body().contains("secret"));
        assertThat(described().eventCount()).isEqualTo(1);
        assertThat(house.house.records().all("events:archived-event", Optional.empty()))
                .noneMatch(record -> new String(record.body(), StandardCharsets.UTF_8).contains("secret"));
        house.events(events -> events.startReplay(request -> request.replayName("r")
                .eventSourceArn(ARCHIVE)
                .eventStartTime(START.minusSeconds(1))
                .eventEndTime(START.plusSeconds(60))
                .destination(to -> to.arn(BUS))));
        assertThat(house.receive("orders", 1))
                .allMatch(message -> message.body().contains("secret"));
        replayed("r");
        house.house.as(EventHouse.ROOT, KmsClient.class, kms -> kms.disableKey(request -> request.keyId(key)));
        house.house.pass(Duration.ofMinutes(6));
        house.send("shop", "Order", "{\"n\": 2}");

        assertThat(house.receive("dead", 1)).singleElement().satisfies(message -> {
            assertThat(message.body()).contains("{\"n\":2}");
            assertThat(message.messageAttributes().get("ERROR_CODE").stringValue())
                    .isNotEmpty();
        });
        assertThat(house.afterAll("orders")).isEmpty();
        assertThat(described().eventCount()).isEqualTo(1);
    }

    @Test
    void refusesReplaysThatMakeNoSense() {
        archive(0);

        assertThatThrownBy(() -> house.events(events -> events.startReplay(request -> request.replayName("r")
                        .eventSourceArn(ARCHIVE)
                        .eventStartTime(START)
                        .eventEndTime(START)
                        .destination(to -> to.arn(BUS)))))
                .hasMessageContaining("EventStartTime must be before EventEndTime.");
        assertThatThrownBy(() -> house.events(events -> events.startReplay(request -> request.replayName("r")
                        .eventSourceArn(ARCHIVE)
                        .eventStartTime(START)
                        .eventEndTime(START.plusSeconds(1))
                        .destination(to -> to.arn("arn:aws:events:us-east-1:000000000000:event-bus/other")))))
                .hasMessageContaining("Cross event bus replay is not permitted.");
        assertThatThrownBy(() -> house.events(events -> events.cancelReplay(request -> request.replayName("r"))))
                .hasMessageContaining("Replay r does not exist.");
        assertThatThrownBy(() -> archive(0)).isInstanceOf(ResourceAlreadyExistsException.class);
    }

    @Test
    void forgetsAllOfAnArchiveThatIsDeleted() {
        archive(0);
        house.send("shop", "Order", "{}");

        house.events(events -> events.deleteArchive(request -> request.archiveName("a")));
        house.send("shop", "Order", "{}");
        house.service().look(() -> false);
        archive(0);

        assertThat(described().eventCount()).isZero();
    }
}
