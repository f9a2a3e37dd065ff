package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatchlogs.model.SubscriptionFilter;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;

class SubscriptionFiltersTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path path;

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void open() {
        house = new LogsHouse(path);
        logs = house.logs();
        logs.createLogGroup(request -> request.logGroupName("app"));
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("s"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void subscribe(String name, String pattern, String destination) {
        logs.putSubscriptionFilter(request -> request.logGroupName("app")
                .filterName(name)
                .filterPattern(pattern)
                .destinationArn(destination));
    }

    private void put(String... messages) {
        logs.putLogEvents(request -> request.logGroupName("app")
                .logStreamName("s")
                .logEvents(Stream.of(messages)
                        .map(message -> InputLogEvent.builder()
                                .timestamp(LogsHouse.NOON)
                                .message(message)
                                .build())
                        .toList()));
    }

    private static JsonNode events(InvokeRequest invocation) throws IOException {
        String data = JSON.readTree(invocation.payload().asUtf8String())
                .at("/awslogs/data")
                .asText();
        try (GZIPInputStream packed =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(data)))) {
            return JSON.readTree(new String(packed.readAllBytes(), UTF_8));
        }
    }

    @Test
    void aFunctionGetsTheEventsThatItsFilterWants() throws IOException {
        subscribe("errors", "ERROR", FUNCTION + "collect");

        put("ERROR one", "fine", "ERROR two");
        put("fine");
        house.service().deliver();
        house.service().deliver();

        assertThat(house.invocations()).singleElement().satisfies(invocation -> {
            JsonNode told = events(invocation);
            assertThat(invocation.functionName()).isEqualTo(FUNCTION + "collect");
            assertThat(told.path("messageType").asText()).isEqualTo("DATA_MESSAGE");
            assertThat(told.path("owner").asText()).isEqualTo(LogsHouse.ACCOUNT);
            assertThat(told.path("logGroup").asText()).isEqualTo("app");
            assertThat(told.path("logStream").asText()).isEqualTo("s");
            assertThat(told.path("subscriptionFilters")).hasToString("[\"errors\"]");
            assertThat(told.path("logEvents").findValuesAsText("message")).containsExactly("ERROR one", "ERROR two");
        });
        assertThat(house.measured()).anyMatch(entry -> entry.contains("ForwardedLogEvents"));
    }

    @Test
    void eventsWaitForAFunctionThatIsDownAlsoAcrossARestart() throws IOException {
        subscribe("all", "", FUNCTION + "collect");
        put("kept");
        house.functionsAreDown(true);
        house.service().deliver();
        assertThat(house.invocations()).isEmpty();

        house.close();
        house = new LogsHouse(path);
        house.service().deliver();
        assertThat(house.invocations()).as("it is not yet due again").isEmpty();
        house.pass(Duration.ofSeconds(11));
        house.service().deliver();

        assertThat(events(house.invocations().getFirst()).path("logEvents").findValuesAsText("message"))
                .containsExactly("kept");
    }

    @Test
    void destinationsThatAreNotThereAreRefusedInAwssWords() {
        assertThatThrownBy(() -> subscribe("f", "", FUNCTION + "missing"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Could not execute the lambda function.");
        assertThatThrownBy(() -> subscribe("f", "", "arn:aws:kinesis:us-east-1:123456789012:stream/s"))
                .hasMessageContaining("Could not deliver test message to specified Kinesis stream.");
        assertThatThrownBy(() -> subscribe("f", "", "arn:aws:firehose:us-east-1:123456789012:deliverystream/s"))
                .hasMessageContaining("Could not deliver test message to specified Firehose stream.");
        assertThatThrownBy(() -> subscribe("f", "{ $.broken", FUNCTION + "collect"))
                .hasMessageContaining("Invalid filter pattern");
    }

    @Test
    void aGroupHasTwoFiltersWhichAreListedAndDeleted() {
        subscribe("a", "", FUNCTION + "one");
        subscribe("b", "x", FUNCTION + "two");
        subscribe("b", "y", FUNCTION + "two");

        assertThatThrownBy(() -> subscribe("c", "", FUNCTION + "three")).isInstanceOf(LimitExceededException.class);
        logs.deleteSubscriptionFilter(request -> request.logGroupName("app").filterName("a"));
        List<SubscriptionFilter> left = logs.describeSubscriptionFilters(request -> request.logGroupName("app"))
                .subscriptionFilters();
        assertThat(left).extracting(SubscriptionFilter::filterPattern).containsExactly("y");
        put("a y", "b");
        house.service().deliver();
        assertThat(house.invocations()).extracting(InvokeRequest::functionName).containsExactly(FUNCTION + "two");
    }
}
