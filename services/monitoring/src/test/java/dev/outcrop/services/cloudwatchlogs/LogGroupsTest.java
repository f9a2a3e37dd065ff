package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidOperationException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupClass;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class LogGroupsTest {
    private static final long NOON = LogsHouse.NOON;

    @TempDir
    private Path path;

    private LogsHouse house;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void open() {
        house = new LogsHouse(path);
        logs = house.logs();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void create(String... names) {
        for (String name : names) {
            logs.createLogGroup(request -> request.logGroupName(name));
        }
    }

    @Test
    void listsGroupsByPrefixPatternAndClassPageByPage() {
        create("a", "app", "app/one", "app/two", "b/App");
        logs.createLogGroup(request -> request.logGroupName("app/rare").logGroupClass(LogGroupClass.INFREQUENT_ACCESS));

        List<String> paged = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            DescribeLogGroupsResponse page = logs.describeLogGroups(
                    request -> request.logGroupNamePrefix("app").limit(2).nextToken(next));
            page.logGroups().forEach(group -> paged.add(group.logGroupName()));
            token = page.nextToken();
        } while (token != null);

        assertThat(paged).containsExactly("app", "app/one", "app/rare", "app/two");
        assertThat(logs.describeLogGroups(request -> request.logGroupNamePattern("APP"))
                        .logGroups())
                .extracting(LogGroup::logGroupName)
                .containsExactly("app", "app/one", "app/rare", "app/two", "b/App");
        assertThat(logs.describeLogGroups(request -> request.logGroupClass(LogGroupClass.INFREQUENT_ACCESS))
                        .logGroups())
                .extracting(LogGroup::arn)
                .containsExactly("arn:aws:logs:us-east-1:123456789012:log-group:app/rare:*");
        assertThatThrownBy(() -> logs.describeLogGroups(
                        request -> request.logGroupNamePrefix("a").logGroupNamePattern("a")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void refusesTokensOfOtherLists() {
        create("a", "b", "c");
        String token = logs.describeLogGroups(request -> request.limit(1)).nextToken();

        assertThatThrownBy(() -> logs.describeLogGroups(
                        request -> request.logGroupNamePrefix("b").nextToken(token)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The specified nextToken is invalid");
    }

    @Test
    void keepsAProtectedGroupAndItsSettings() {
        logs.createLogGroup(request ->
                request.logGroupName("kept").deletionProtectionEnabled(true).tags(Map.of("team", "blue")));
        logs.putRetentionPolicy(request -> request.logGroupName("kept").retentionInDays(30));

        assertThatThrownBy(() -> logs.deleteLogGroup(request -> request.logGroupName("kept")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> create("kept")).isInstanceOf(ResourceAlreadyExistsException.class);
        assertThat(logs.describeLogGroups(request -> {}).logGroups().getFirst().retentionInDays())
                .isEqualTo(30);
        assertThat(logs.listTagsForResource(
                                request -> request.resourceArn("arn:aws:logs:us-east-1:123456789012:log-group:kept"))
                        .tags())
                .isEqualTo(Map.of("team", "blue"));
        logs.putLogGroupDeletionProtection(
                request -> request.logGroupIdentifier("kept").deletionProtectionEnabled(false));
        logs.deleteRetentionPolicy(request -> request.logGroupName("kept"));
        assertThat(logs.describeLogGroups(request -> {}).logGroups().getFirst().retentionInDays())
                .isNull();
        logs.deleteLogGroup(request -> request.logGroupName("kept"));
        assertThatThrownBy(() -> logs.deleteLogGroup(request -> request.logGroupName("kept")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log group does not exist.");
        assertThatThrownBy(() ->
                        logs.createLogGroup(request -> request.logGroupName("x").tags(Map.of("aws:mine", "no"))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void ordersStreamsByNameOrByTheirLastEvent() {
        create("app");
        for (String stream : List.of("a", "b", "c")) {
            logs.createLogStream(request -> request.logGroupName("app").logStreamName(stream));
        }
        put("b", "later", 10);
        put("a", "earlier", 5);

        assertThat(streams(OrderBy.LOG_STREAM_NAME, false)).containsExactly("a", "b", "c");
        assertThat(streams(OrderBy.LOG_STREAM_NAME, true)).containsExactly("c", "b", "a");
        assertThat(streams(OrderBy.LAST_EVENT_TIME, true)).containsExactly("b", "a", "c");
        assertThat(logs.describeLogStreams(
                                request -> request.logGroupName("app").logStreamNamePrefix("b"))
                        .logStreams())
                .extracting(LogStream::firstEventTimestamp)
                .containsExactly(NOON + 10);
    }

    private List<String> streams(OrderBy order, boolean descending) {
        List<String> names = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            DescribeLogStreamsResponse page = logs.describeLogStreams(request -> request.logGroupName("app")
                    .orderBy(order)
                    .descending(descending)
                    .limit(2)
                    .nextToken(next));
            page.logStreams().forEach(stream -> names.add(stream.logStreamName()));
            token = page.nextToken();
        } while (token != null);
        return names;
    }

    private void put(String stream, String message, long afterNoon) {
        logs.putLogEvents(request -> request.logGroupName("app")
                .logStreamName(stream)
                .logEvents(InputLogEvent.builder()
                        .timestamp(NOON + afterNoon)
                        .message(message)
                        .build()));
    }

    @Test
    void tellsCloudWatchOfMetricsThatAreWrittenInEvents() {
        logs.createLogGroup(request -> request.logGroupName("emf"));
        logs.createLogStream(request -> request.logGroupName("emf").logStreamName("s"));
        String document = """
                {"_aws": {"Timestamp": %d, "CloudWatchMetrics": [{"Namespace": "Shop", "Dimensions": [["Service"], []],
                  "Metrics": [{"Name": "Latency", "Unit": "Milliseconds"}, {"Name": "None"}]}]},
                 "Service": "cart", "Latency": [3, 4.5]}""".formatted(LogsHouse.NOON);

        logs.putLogEvents(request -> request.logGroupName("emf")
                .logStreamName("s")
                .logEvents(Stream.of(document, "{\"_aws\": 1}", "{\"_aws\"")
                        .map(message -> InputLogEvent.builder()
                                .timestamp(LogsHouse.NOON)
                                .message(message)
                                .build())
                        .toList()));

        assertThat(house.metrics()).singleElement().satisfies(told -> {
            assertThat(told.namespace()).isEqualTo("Shop");
            assertThat(told.metricData()).hasSize(2).allSatisfy(datum -> {
                assertThat(datum.metricName()).isEqualTo("Latency");
                assertThat(datum.values()).containsExactly(3.0, 4.5);
                assertThat(datum.timestamp()).isEqualTo(Instant.ofEpochMilli(LogsHouse.NOON));
            });
            assertThat(told.metricData().getFirst().dimensions())
                    .extracting(dimension -> dimension.name() + "=" + dimension.value())
                    .containsExactly("Service=cart");
        });
        assertThat(house.measured()).anyMatch(entry -> entry.contains("IncomingLogEvents") && entry.contains("emf"));
    }

    @Test
    void tellsCloudWatchWhatMetricFiltersFind() {
        create("app");
        logs.createLogStream(request -> request.logGroupName("app").logStreamName("a"));
        logs.putMetricFilter(request -> request.logGroupName("app")
                .filterName("latency")
                .filterPattern("{ $.latency > 10 }")
                .metricTransformations(MetricTransformation.builder()
                        .metricName("Latency")
                        .metricNamespace("App")
                        .metricValue("$.latency")
                        .dimensions(Map.of("Path", "$.path"))
                        .build()));
        logs.putMetricFilter(request -> request.logGroupName("app")
                .filterName("errors")
                .filterPattern("ERROR")
                .metricTransformations(MetricTransformation.builder()
                        .metricName("Errors")
                        .metricNamespace("App")
                        .metricValue("1")
                        .defaultValue(0.0)
                        .build()));
        put("a", "{\"latency\": 20, \"path\": \"/x\"}", 0);
        put("a", "{\"latency\": 20, \"path\": \"/x\"}", 1);
        put("a", "{\"latency\": 5, \"path\": \"/x\"}", 2);

        house.service().publishMetrics(NOON + 60_000);

        assertThat(house.metrics())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.namespace()).isEqualTo("App"));
        List<MetricDatum> data = house.metrics().stream()
                .flatMap(request -> request.metricData().stream())
                .toList();
        assertThat(data)
                .filteredOn(datum -> datum.metricName().equals("Latency"))
                .singleElement()
                .satisfies(datum -> {
                    assertThat(datum.values()).containsExactly(20.0);
                    assertThat(datum.counts()).containsExactly(2.0);
                    assertThat(datum.timestamp().toEpochMilli()).isEqualTo(NOON);
                    assertThat(datum.dimensions())
                            .containsExactly(
                                    Dimension.builder().name("Path").value("/x").build());
                });
        assertThat(data)
                .filteredOn(datum -> datum.metricName().equals("Errors"))
                .singleElement()
                .satisfies(datum -> assertThat(datum.values()).containsExactly(0.0));
        assertThat(logs.describeLogGroups(request -> {}).logGroups().getFirst().metricFilterCount())
                .isEqualTo(2);
        logs.deleteMetricFilter(request -> request.logGroupName("app").filterName("errors"));
        put("a", "ERROR", 60_000);
        house.service().publishMetrics(NOON + 120_000);
        assertThat(house.metrics()).hasSize(2);
    }

    @Test
    void refusesWhatIsNotForGroupsOfInfrequentAccess() {
        logs.createLogGroup(request -> request.logGroupName("rare").logGroupClass(LogGroupClass.INFREQUENT_ACCESS));

        assertThatThrownBy(() -> logs.putMetricFilter(request -> request.logGroupName("rare")
                        .filterName("f")
                        .filterPattern("")
                        .metricTransformations(MetricTransformation.builder()
                                .metricName("m")
                                .metricNamespace("n")
                                .metricValue("1")
                                .build())))
                .isInstanceOf(InvalidOperationException.class);
        assertThatThrownBy(() -> logs.filterLogEvents(request -> request.logGroupName("rare")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void keepsDefinitionsOfQueries() {
        String id = logs.putQueryDefinition(
                        request -> request.name("errors/hourly").queryString("stats count(*) by bin(1h)"))
                .queryDefinitionId();
        logs.putQueryDefinition(
                request -> request.queryDefinitionId(id).name("errors/daily").queryString("stats count(*) by bin(1d)"));

        assertThat(logs.describeQueryDefinitions(request -> request.queryDefinitionNamePrefix("errors/"))
                        .queryDefinitions())
                .singleElement()
                .satisfies(definition -> assertThat(definition.name()).isEqualTo("errors/daily"));
        assertThat(logs.deleteQueryDefinition(request -> request.queryDefinitionId(id))
                        .success())
                .isTrue();
        assertThatThrownBy(() -> logs.deleteQueryDefinition(request -> request.queryDefinitionId(id)))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
