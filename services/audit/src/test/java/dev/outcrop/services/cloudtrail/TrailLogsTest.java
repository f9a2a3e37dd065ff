package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.storage.JournalEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudtrail.model.CloudWatchLogsDeliveryUnavailableException;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsLogGroupArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsRoleArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.iam.IamClient;

class TrailLogsTest {
    private static final String GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:trails:*";
    private static final String STREAM = "123456789012_CloudTrail_us-east-1";

    @TempDir
    private Path path;

    private final PlayedLogs logs = new PlayedLogs("trails");
    private AuditHouse house;

    @BeforeEach
    void open() {
        house = new AuditHouse(path);
        house.serve("logs", CloudWatchLogsClient.class, logs);
        house.createLogBucket("logs");
        role("sender", "cloudtrail.amazonaws.com", "logs:*");
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void sendsEachEventOnceAsTheRole() {
        trail();
        createUser("one");
        house.deliver();
        createUser("two");
        house.deliver();
        house.deliver();

        assertThat(users()).containsExactly("one", "two");
        assertThat(logs.streams.get(STREAM)).isSortedAccordingTo((a, b) -> Long.compare(a.timestamp(), b.timestamp()));
        assertThat(status().latestCloudWatchLogsDeliveryTime()).isNotNull();
        assertThat(status().latestCloudWatchLogsDeliveryError()).isNull();
    }

    @Test
    void losesNothingWhileLogsAreDownAndHoldsUpNoFile() {
        trail();
        logs.down = true;
        createUser("one");
        house.deliver();
        String error = status().latestCloudWatchLogsDeliveryError();
        boolean filed = status().latestDeliveryTime() != null;
        logs.down = false;
        house.deliver();

        assertThat(error).isEqualTo("ServiceUnavailableException");
        assertThat(filed).isTrue();
        assertThat(users()).containsExactly("one");
        assertThat(status().latestCloudWatchLogsDeliveryError()).isNull();
    }

    @Test
    void makesTheStreamAgainThatSomebodyDeleted() {
        trail();
        logs.streams.clear();
        createUser("one");
        house.deliver();

        assertThat(users()).containsExactly("one");
    }

    @Test
    void sendsNothingOfItsOwnSending() {
        trail();
        house.deliver();
        int sent = logs.streams.get(STREAM).size();
        house.deliver();
        house.deliver();

        assertThat(sent).isPositive();
        assertThat(logs.streams.get(STREAM)).hasSize(sent);
    }

    @Test
    void sendsWhatIsLoggedFromThenOnWhenItIsToldLater() {
        house.cloudTrail(
                trails -> trails.createTrail(request -> request.name("all").s3BucketName("logs")));
        house.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));
        createUser("before");
        house.settle();
        house.cloudTrail(trails -> trails.updateTrail(request -> request.name("all")
                .cloudWatchLogsLogGroupArn(GROUP)
                .cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/sender")));
        createUser("while");
        house.settle();
        house.deliver();
        house.cloudTrail(trails -> trails.updateTrail(
                request -> request.name("all").cloudWatchLogsLogGroupArn("").cloudWatchLogsRoleArn("")));
        createUser("after");
        house.deliver();

        assertThat(users()).containsExactly("while");
        assertThat(house.cloudTrail(trails -> trails.getTrail(request -> request.name("all")))
                        .trail()
                        .cloudWatchLogsLogGroupArn())
                .isNull();
    }

    @Test
    void refusesRolesThatDoNotTrustCloudTrailOrMayNotWrite() {
        role("foreign", "s3.amazonaws.com", "logs:*");
        role("powerless", "cloudtrail.amazonaws.com", "s3:*");

        assertThatThrownBy(() -> create(GROUP, "foreign"))
                .isInstanceOf(InvalidCloudWatchLogsRoleArnException.class)
                .hasMessageContaining("Access denied. Check the trust relationships for your role.");
        assertThatThrownBy(() -> create(GROUP, "powerless"))
                .isInstanceOf(InvalidCloudWatchLogsLogGroupArnException.class)
                .hasMessageContaining("Access denied. Check the permissions for your role.");
        assertThatThrownBy(() -> create(GROUP.replace("trails", "nowhere"), "sender"))
                .isInstanceOf(InvalidCloudWatchLogsLogGroupArnException.class)
                .hasMessageContaining("CloudTrail cannot validate the specified log group ARN.");
        assertThatThrownBy(() -> create("arn:aws:logs:us-east-1:123456789012:log-group:trails", "sender"))
                .isInstanceOf(InvalidCloudWatchLogsLogGroupArnException.class);
        assertThatThrownBy(() -> house.cloudTrail(trails -> trails.createTrail(
                        request -> request.name("all").s3BucketName("logs").cloudWatchLogsLogGroupArn(GROUP))))
                .isInstanceOf(InvalidParameterCombinationException.class);
    }

    @Test
    void trustsARoleForTheTrailThatItsPolicyNamesOnly() {
        house.as(
                IamClient.class,
                iam -> iam.createRole(request -> request.roleName("bound").assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": {"StringEquals":
                          {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/all"}}}}""")));
        house.as(
                IamClient.class,
                iam -> iam.putRolePolicy(
                        request -> request.roleName("bound").policyName("may").policyDocument(policy("logs:*"))));

        assertThatThrownBy(() -> house.cloudTrail(trails -> trails.createTrail(request -> request.name("other")
                        .s3BucketName("logs")
                        .cloudWatchLogsLogGroupArn(GROUP)
                        .cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/bound"))))
                .isInstanceOf(InvalidCloudWatchLogsRoleArnException.class);
        assertThat(create(GROUP, "bound")).isNotNull();
    }

    @Test
    void saysThatThereAreNoLogsWhereNoneAreServed(@TempDir Path other) {
        try (AuditHouse bare = new AuditHouse(other)) {
            bare.createLogBucket("logs");

            assertThatThrownBy(() -> bare.cloudTrail(trails -> trails.createTrail(request -> request.name("all")
                            .s3BucketName("logs")
                            .cloudWatchLogsLogGroupArn(GROUP)
                            .cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/sender"))))
                    .isInstanceOf(CloudWatchLogsDeliveryUnavailableException.class);
        }
    }

    @Test
    void batchesAreWithinTheLimitsOfPutLogEvents() {
        Instant start = Instant.parse("2026-11-22T10:00:00Z");
        List<JournalEntry> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(event(start.plusSeconds(i), 200_000));
        }
        events.add(event(start.plusSeconds(21), 300_000));
        events.add(event(start.plus(Duration.ofHours(30)), 10));
        events.add(event(start.minusSeconds(5), 10));

        List<List<InputLogEvent>> batches = TrailLogs.batches(events);

        assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(22);
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.stream()
                            .mapToInt(event -> event.message().length() + 26)
                            .sum())
                    .isLessThanOrEqualTo(1_048_576);
            assertThat(batch.getLast().timestamp() - batch.getFirst().timestamp())
                    .isLessThan(86_400_000);
        });
        assertThat(batches.getFirst().getFirst().timestamp())
                .isEqualTo(start.minusSeconds(5).toEpochMilli());
    }

    private static JournalEntry event(Instant time, int size) {
        String json = "{\"eventName\":\"" + "x".repeat(size) + "\"}";
        return new JournalEntry(AuditEvents.KIND, AuditHouse.ACCOUNT, time, json.getBytes(StandardCharsets.UTF_8));
    }

    private void trail() {
        create(GROUP, "sender");
        house.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));
    }

    private Object create(String group, String role) {
        return house.cloudTrail(trails -> trails.createTrail(request -> request.name("all")
                .s3BucketName("logs")
                .cloudWatchLogsLogGroupArn(group)
                .cloudWatchLogsRoleArn("arn:aws:iam::123456789012:role/" + role)));
    }

    private void role(String name, String trusted, String action) {
        house.as(
                IamClient.class,
                iam -> iam.createRole(
                        request -> request.roleName(name).assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"Service": "%s"}}}""".formatted(trusted))));
        house.as(
                IamClient.class,
                iam -> iam.putRolePolicy(
                        request -> request.roleName(name).policyName("may").policyDocument(policy(action))));
    }

    private static String policy(String action) {
        return """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "%s", "Resource": "*"}}""".formatted(action);
    }

    private GetTrailStatusResponse status() {
        return house.cloudTrail(trails -> trails.getTrailStatus(request -> request.name("all")));
    }

    private void createUser(String name) {
        house.as(IamClient.class, iam -> iam.createUser(request -> request.userName(name)));
    }

    private List<String> users() {
        return logs.streams.get(STREAM).stream()
                .map(InputLogEvent::message)
                .filter(message -> message.contains("\"eventName\":\"CreateUser\""))
                .map(message -> message.replaceAll("(?s).*\"requestParameters\":\\{\"userName\":\"([a-z]+)\".*", "$1"))
                .toList();
    }
}
