package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AccessDeniedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ServiceUnavailableException;

class LogEventsTest {
    private static final long NOON = LogsHouse.NOON;

    @TempDir
    private Path path;

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void open() {
        house = new LogsHouse(path);
        logs = house.logs();
        logs.createLogGroup(request -> request.logGroupName("app"));
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("one"));
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("two"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void tellsTheLatestEventsAndGoesBothWaysFromThere() {
        put("one", IntStream.range(0, 10).mapToObj(i -> event(i, "m" + i)).toArray(InputLogEvent[]::new));

        GetLogEventsResponse latest = get(null, 3);
        GetLogEventsResponse earlier = get(latest.nextBackwardToken(), 4);
        GetLogEventsResponse end = get(latest.nextForwardToken(), 3);

        assertThat(texts(latest)).containsExactly("m7", "m8", "m9");
        assertThat(texts(earlier)).containsExactly("m3", "m4", "m5", "m6");
        assertThat(texts(end)).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(latest.nextForwardToken());
        assertThat(latest.nextForwardToken()).matches("f/[0-9]{56}");
        put("one", event(11, "new"));
        assertThat(texts(get(end.nextForwardToken(), 3))).containsExactly("new");
    }

    @Test
    void beginsAtTheHeadWhereItIsAskedTo() {
        put("one", event(0, "a"), event(1, "b"), event(2, "c"));

        GetLogEventsResponse head = logs.getLogEvents(request -> request.logGroupName("app")
                .logStreamName("one")
                .startFromHead(true)
                .limit(2));
        GetLogEventsResponse next = get(head.nextForwardToken(), 2);
        GetLogEventsResponse bounded = logs.getLogEvents(
                request -> request.logGroupIdentifier("arn:aws:logs:us-east-1:123456789012:log-group:app")
                        .logStreamName("one")
                        .startTime(NOON + 1)
                        .endTime(NOON + 2));

        assertThat(texts(head)).containsExactly("a", "b");
        assertThat(texts(next)).containsExactly("c");
        assertThat(texts(bounded)).containsExactly("b");
    }

    @Test
    void refusesTokensThatItNeverGave() {
        for (String token : List.of("f/12", "x", "f/" + "9".repeat(56), "b/" + "x".repeat(56))) {
            assertThatThrownBy(() -> get(token, 1)).isInstanceOf(InvalidParameterException.class);
        }
        assertThatThrownBy(() -> logs.filterLogEvents(
                        request -> request.logGroupName("app").nextToken("AAAA")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void rejectsWhatIsTooOldTooNewOrExpiredAndTakesTheRest() {
        logs.putRetentionPolicy(request -> request.logGroupName("app").retentionInDays(5));
        long day = Duration.ofDays(1).toMillis();

        PutLogEventsResponse old = logs.putLogEvents(request -> request.logGroupName("app")
                .logStreamName("one")
                .logEvents(event(-15 * day, "too old"), event(-15 * day + day, "still too old")));
        PutLogEventsResponse expired = put("one", event(-5 * day - 1, "expired"), event(-5 * day + 1000, "kept"));
        PutLogEventsResponse tooNew = put("one", event(0, "now"), event(3 * day / 24, "in three hours"));

        assertThat(old.rejectedLogEventsInfo().tooOldLogEventEndIndex()).isEqualTo(1);
        assertThat(old.rejectedLogEventsInfo().expiredLogEventEndIndex()).isEqualTo(2);
        assertThat(expired.rejectedLogEventsInfo())
                .isEqualTo(RejectedLogEventsInfo.builder()
                        .expiredLogEventEndIndex(1)
                        .build());
        assertThat(tooNew.rejectedLogEventsInfo().tooNewLogEventStartIndex()).isEqualTo(1);
        assertThat(texts(get(null, 10))).containsExactly("kept", "now");
        house.pass(Duration.ofDays(1));
        assertThat(texts(get(null, 10))).containsExactly("now");
    }

    @Test
    void refusesBatchesThatAreTooLargeOutOfOrderOrSpanMoreThanADay() {
        String half = "x".repeat(524_288 - 26);

        put("one", event(0, half), event(0, half));
        assertThatThrownBy(() -> put("one", event(0, half), event(0, half + "x")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Upload too large: 1048577 bytes exceeds limit of 1048576");
        assertThatThrownBy(() -> put("one", event(1, "b"), event(0, "a"))).hasMessageContaining("chronological order");
        assertThatThrownBy(() -> put("one", event(-86_400_001, "a"), event(0, "b")))
                .hasMessageContaining("cannot span more than 24 hours");
    }

    @Test
    void findsEventsOfAllStreamsPageByPage() {
        put("one", event(0, "GET a"), event(2, "GET c"), event(4, "POST"));
        put("two", event(1, "GET b"), event(3, "GET d"));

        List<String> found = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            FilterLogEventsResponse page = logs.filterLogEvents(request ->
                    request.logGroupName("app").filterPattern("GET").limit(2).nextToken(next));
            page.events().forEach(event -> found.add(event.logStreamName() + " " + event.message()));
            token = page.nextToken();
        } while (token != null);

        assertThat(found).containsExactly("one GET a", "two GET b", "one GET c", "two GET d");
        assertThat(filtered("two", "GET")).containsExactly("GET b", "GET d");
        assertThat(logs.filterLogEvents(request ->
                                request.logGroupName("app").startTime(NOON + 1).endTime(NOON + 2))
                        .events())
                .extracting(FilteredLogEvent::message)
                .containsExactly("GET b", "GET c");
    }

    @Test
    void tellsNothingOfDeletedStreamsNorOfEarlierGroupsOfTheName() {
        put("one", event(0, "old"));
        logs.deleteLogStream(request -> request.logGroupName("app").logStreamName("one"));
        assertThatThrownBy(() -> get(null, 1)).isInstanceOf(ResourceNotFoundException.class);
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("one"));

        assertThat(texts(get(null, 1))).isEmpty();
        assertThat(filtered("o", "old")).isEmpty();
        put("one", event(0, "again"));
        logs.deleteLogGroup(request -> request.logGroupName("app"));
        logs.createLogGroup(request -> request.logGroupName("app"));
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("one"));
        assertThat(texts(get(null, 1))).isEmpty();
    }

    @Test
    void keepsEventsAcrossARestart() {
        put("one", event(0, "kept"));
        house.close();
        house = new LogsHouse(path);
        logs = house.logs();

        assertThat(texts(get(null, 1))).containsExactly("kept");
        assertThat(logs.describeLogStreams(
                                request -> request.logGroupName("app").logStreamNamePrefix("one"))
                        .logStreams()
                        .getFirst()
                        .lastEventTimestamp())
                .isEqualTo(NOON);
    }

    @Test
    void closesTheEventsOfAGroupWhoseKeyIsDisabled() {
        String key = house.kms().createKey(request -> {}).keyMetadata().arn();
        house.kms()
                .putKeyPolicy(
                        request -> request.keyId(key).policyName("default").policy("""
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}"""));
        logs.associateKmsKey(request -> request.logGroupName("app").kmsKeyId(key));
        put("one", event(0, "under the key"));
        house.close(); // What was in the log becomes a segment when it is opened again.
        house = new LogsHouse(path);
        logs = house.logs();
        assertThat(texts(get(null, 1))).containsExactly("under the key");

        house.kms().disableKey(request -> request.keyId(key));
        house.pass(Duration.ofMinutes(6));

        assertThatThrownBy(() -> get(null, 1)).isInstanceOf(InvalidParameterException.class);
        house.kms().enableKey(request -> request.keyId(key));
        assertThat(texts(get(null, 1))).containsExactly("under the key");
        assertThatThrownBy(() -> logs.associateKmsKey(request -> request.logGroupName("app")
                        .kmsKeyId("arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000")))
                .isInstanceOf(InvalidParameterException.class)
                .isNotInstanceOf(ServiceUnavailableException.class);
    }

    @Test
    void tellsAnotherAccountNothing() {
        CloudWatchLogsClient other = house.client(CloudWatchLogsClient.class, "999999999999");
        put("one", event(0, "mine"));

        assertThatThrownBy(() -> other.getLogEvents(
                        request -> request.logGroupName("app").logStreamName("one")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> other.getLogEvents(
                        request -> request.logGroupIdentifier("arn:aws:logs:us-east-1:123456789012:log-group:app")
                                .logStreamName("one")))
                .isInstanceOf(AccessDeniedException.class);
    }

    private static InputLogEvent event(long afterNoon, String message) {
        return InputLogEvent.builder()
                .timestamp(NOON + afterNoon)
                .message(message)
                .build();
    }

    private PutLogEventsResponse put(String stream, InputLogEvent... events) {
        return logs.putLogEvents(
                request -> request.logGroupName("app").logStreamName(stream).logEvents(events));
    }

    private GetLogEventsResponse get(String token, int limit) {
        return logs.getLogEvents(request -> request.logGroupName("app")
                .logStreamName("one")
                .nextToken(token)
                .limit(limit));
    }

    private List<String> filtered(String prefix, String pattern) {
        return logs
                .filterLogEvents(request ->
                        request.logGroupName("app").logStreamNamePrefix(prefix).filterPattern(pattern))
                .events()
                .stream()
                .map(FilteredLogEvent::message)
                .toList();
    }

    private static List<String> texts(GetLogEventsResponse response) {
        return response.events().stream().map(OutputLogEvent::message).toList();
    }
}
