package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.MetricsHouse.START;
import static dev.outcrop.services.cloudwatch.MetricsHouse.dimension;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.RecentlyActive;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

class MetricsTest {
    @TempDir
    Path path;

    private MetricsHouse house;

    @BeforeEach
    void open() {
        house = new MetricsHouse(path);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private List<Datapoint> statistics(String metric, int period, Duration back, String... extended) {
        return house.call(client -> client.getMetricStatistics(request -> {
                    request.namespace("Shop")
                            .metricName(metric)
                            .startTime(house.now().minus(back))
                            .endTime(house.now().plusSeconds(1))
                            .period(period);
                    if (extended.length > 0) {
                        request.extendedStatistics(extended);
                    } else {
                        request.statistics(
                                Statistic.SUM,
                                Statistic.SAMPLE_COUNT,
                                Statistic.MINIMUM,
                                Statistic.MAXIMUM,
                                Statistic.AVERAGE);
                    }
                }))
                .datapoints();
    }

    private GetMetricDataResponse data(MetricDataQuery... queries) {
        return house.call(client -> client.getMetricData(request -> request.metricDataQueries(queries)
                .startTime(START.minus(Duration.ofHours(1)))
                .endTime(START)
                .scanBy(ScanBy.TIMESTAMP_ASCENDING)));
    }

    private static MetricDataQuery metric(String id, String name, String stat) {
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(
                        query -> query.metric(metric -> metric.namespace("Shop").metricName(name))
                                .period(60)
                                .stat(stat))
                .build();
    }

    private static MetricDataQuery expression(String id, String expression) {
        return MetricDataQuery.builder().id(id).expression(expression).build();
    }

    @Test
    void valuesOfAPeriodAreOneDatapoint() {
        house.put("Latency", 10, Duration.ofSeconds(170));
        house.put("Latency", 30, Duration.ofSeconds(150));
        house.put("Latency", 5, Duration.ofSeconds(30));

        List<Datapoint> points = statistics("Latency", 60, Duration.ofMinutes(10));

        assertThat(points).hasSize(2);
        assertThat(points.getFirst().timestamp()).isEqualTo(START.minus(Duration.ofMinutes(3)));
        assertThat(points.getFirst().sum()).isEqualTo(40);
        assertThat(points.getFirst().sampleCount()).isEqualTo(2);
        assertThat(points.getFirst().average()).isEqualTo(20);
        assertThat(points.getFirst().minimum()).isEqualTo(10);
        assertThat(points.getFirst().maximum()).isEqualTo(30);
        assertThat(statistics("Latency", 600, Duration.ofMinutes(10)))
                .singleElement()
                .satisfies(point -> assertThat(point.sum()).isEqualTo(45));
    }

    @Test
    void percentilesAndTheirKinAreKnownOfValuesAndCounts() {
        house.put(datum -> datum.metricName("Size")
                .values(IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList())
                .timestamp(START.minusSeconds(60)));

        Datapoint point = statistics(
                        "Size",
                        60,
                        Duration.ofMinutes(5),
                        "p50",
                        "p99.9",
                        "TM(10%:90%)",
                        "TC(:50)",
                        "PR(50:)",
                        "WM(:80%)",
                        "IQM",
                        "tm50",
                        "TS(0:10)")
                .getFirst();

        assertThat(point.extendedStatistics().get("p50")).isCloseTo(50, within(0.5));
        assertThat(point.extendedStatistics().get("p99.9")).isCloseTo(100, within(1.0));
        assertThat(point.extendedStatistics().get("TM(10%:90%)")).isCloseTo(50.5, within(0.6));
        assertThat(point.extendedStatistics().get("TC(:50)")).isBetween(49.0, 51.0);
        assertThat(point.extendedStatistics().get("PR(50:)")).isBetween(49.0, 51.0);
        assertThat(point.extendedStatistics().get("WM(:80%)")).isCloseTo(48.4, within(0.6));
        assertThat(point.extendedStatistics().get("IQM")).isCloseTo(50.5, within(0.6));
        assertThat(point.extendedStatistics().get("tm50")).isCloseTo(25.5, within(0.4));
        assertThat(point.extendedStatistics().get("TS(0:10)")).isBetween(44.0, 56.0);
    }

    @Test
    void ofStatisticSetsNoPercentileIsKnown() {
        house.put(datum -> datum.metricName("Set")
                .statisticValues(
                        set -> set.sampleCount(10.0).sum(55.0).minimum(1.0).maximum(10.0))
                .timestamp(START.minusSeconds(60)));

        assertThat(statistics("Set", 60, Duration.ofMinutes(5)).getFirst().average())
                .isEqualTo(5.5);
        assertThat(statistics("Set", 60, Duration.ofMinutes(5), "p50")).isEmpty();
    }

    @Test
    void secondsAreToldApartForThreeHoursAndMinutesAfterThat() {
        for (int second = 0; second < 3; second++) {
            int value = second;
            house.put(datum -> datum.metricName("Fine")
                    .value((double) value)
                    .storageResolution(1)
                    .timestamp(START.minusSeconds(3 - value)));
        }
        house.put("Coarse", 1, Duration.ofSeconds(2));

        assertThat(statistics("Fine", 1, Duration.ofMinutes(1))).hasSize(3);
        assertThat(statistics("Coarse", 1, Duration.ofMinutes(2))).isEmpty();

        house.pass(Duration.ofHours(4));

        assertThat(house.call(client -> client.getMetricStatistics(request -> request.namespace("Shop")
                                .metricName("Fine")
                                .startTime(START.minusSeconds(10))
                                .endTime(START)
                                .period(1)
                                .statistics(Statistic.SUM)))
                        .datapoints())
                .isEmpty();
        assertThat(statistics("Fine", 60, Duration.ofHours(5))).hasSize(1);
    }

    @Test
    void olderDataIsKeptInCoarserPeriods() {
        house.put("Latency", 1, Duration.ofMinutes(1));
        house.pass(Duration.ofDays(20));

        assertThatThrownBy(() -> statistics("Latency", 60, Duration.ofDays(20).plusHours(1)))
                .isInstanceOf(InvalidParameterCombinationException.class)
                .hasMessageContaining("exceeds the limit of 1440");
        assertThat(house.call(client -> client.getMetricStatistics(request -> request.namespace("Shop")
                                .metricName("Latency")
                                .startTime(START.minus(Duration.ofHours(1)))
                                .endTime(START)
                                .period(60)
                                .statistics(Statistic.SUM)))
                        .datapoints())
                .isEmpty();
        assertThat(house.call(client -> client.getMetricStatistics(request -> request.namespace("Shop")
                                .metricName("Latency")
                                .startTime(START.minus(Duration.ofHours(1)))
                                .endTime(START)
                                .period(300)
                                .statistics(Statistic.SUM)))
                        .datapoints())
                .hasSize(1);
        assertThat(statistics("Latency", 3600, Duration.ofDays(20).plusHours(1)))
                .hasSize(1);

        house.pass(Duration.ofDays(50));

        assertThat(statistics("Latency", 3600 * 24, Duration.ofDays(71))).hasSize(1);
    }

    @Test
    void lateAndEarlyDataCount() {
        house.put("Latency", 1, Duration.ofDays(13));
        house.put("Latency", 2, Duration.ofMinutes(-90));

        assertThat(statistics("Latency", 86_400, Duration.ofDays(14))).hasSize(1);
        house.pass(Duration.ofHours(2));
        assertThat(statistics("Latency", 3600, Duration.ofHours(3))).hasSize(1);
        assertThatThrownBy(() -> house.put("Latency", 1, Duration.ofDays(15)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("two weeks");
        assertThatThrownBy(() -> house.put("Latency", 1, Duration.ofHours(-3)))
                .isInstanceOf(InvalidParameterValueException.class);
    }

    @Test
    void dataThatMakesNoSenseIsRefused() {
        List<Consumer<MetricDatum.Builder>> senseless = List.of(
                datum -> datum.value(Double.NaN),
                datum -> datum.value(Double.POSITIVE_INFINITY),
                datum -> datum.value(1e200),
                datum -> datum.value(1.0).values(1.0),
                datum -> datum.values(1.0, 2.0).counts(1.0),
                datum -> datum.values(1.0).counts(-1.0),
                datum -> datum.values(
                        IntStream.range(0, 151).mapToObj(Double::valueOf).toList()),
                datum -> datum.value(1.0).storageResolution(5),
                datum -> datum.statisticValues(
                        set -> set.sampleCount(0.0).sum(0.0).minimum(0.0).maximum(0.0)),
                datum -> datum.value(1.0).dimensions(dimension("a", "1"), dimension("a", "2")),
                datum -> {});

        for (Consumer<MetricDatum.Builder> datum : senseless) {
            assertThatThrownBy(() -> house.put(built -> datum.accept(built.metricName("Latency"))))
                    .isInstanceOf(AwsServiceException.class)
                    .satisfies(failure -> assertThat(((AwsServiceException) failure).statusCode())
                            .isEqualTo(400));
        }
        assertThatThrownBy(() -> house.call(client -> client.putMetricData(request -> request.namespace("AWS/EC2")
                        .metricData(
                                MetricDatum.builder().metricName("x").value(1.0).build()))))
                .isInstanceOf(InvalidParameterValueException.class);
        List<MetricDatum> many = IntStream.range(0, 1001)
                .mapToObj(index ->
                        MetricDatum.builder().metricName("m" + index).value(1.0).build())
                .toList();
        assertThatThrownBy(() -> house.call(client -> client.putMetricData(
                        request -> request.namespace("Shop").metricData(many))))
                .hasMessageContaining("1000");
    }

    @Test
    void unitsAreKeptApart() {
        house.put(datum -> datum.metricName("Size").value(1.0).unit(StandardUnit.BYTES));
        house.put(datum -> datum.metricName("Size").value(2.0).unit(StandardUnit.BITS));

        assertThat(statistics("Size", 60, Duration.ofMinutes(5))).hasSize(2);
        assertThat(house.call(client -> client.getMetricStatistics(request -> request.namespace("Shop")
                                .metricName("Size")
                                .startTime(START.minusSeconds(60))
                                .endTime(START.plusSeconds(60))
                                .period(60)
                                .unit(StandardUnit.BITS)
                                .statistics(Statistic.SUM)))
                        .datapoints())
                .singleElement()
                .satisfies(point -> assertThat(point.sum()).isEqualTo(2));
    }

    @Test
    void metricsAreListedInPagesWhileTheyAreAlive() {
        for (int from = 0; from < 1200; from += 600) {
            int first = from;
            house.call(client -> client.putMetricData(request -> request.namespace("Shop")
                    .metricData(IntStream.range(first, first + 600)
                            .mapToObj(index -> MetricDatum.builder()
                                    .metricName("m" + index % 10)
                                    .dimensions(dimension("Page", "p" + index))
                                    .value(1.0)
                                    .timestamp(START)
                                    .build())
                            .toList())));
        }
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            ListMetricsResponse page = house.call(client ->
                    client.listMetrics(request -> request.namespace("Shop").nextToken(next)));
            page.metrics().forEach(metric -> seen.add(metric.metricName() + metric.dimensions()));
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).hasSize(1200).doesNotHaveDuplicates();
        assertThat(house.call(client -> client.listMetrics(request -> request.metricName("m3")
                                .dimensions(DimensionFilter.builder()
                                        .name("Page")
                                        .value("p13")
                                        .build())))
                        .metrics())
                .hasSize(1);
        String first = house.call(client -> client.listMetrics(request -> request.namespace("Shop")))
                .nextToken();
        assertThatThrownBy(() -> house.call(client ->
                        client.listMetrics(request -> request.namespace("Other").nextToken(first))))
                .isInstanceOf(InvalidNextTokenException.class);
        assertThat(house.as("eu-west-1", client -> client.listMetrics(request -> {}))
                        .metrics())
                .isEmpty();

        house.pass(Duration.ofHours(4));

        assertThat(house.call(client -> client.listMetrics(request -> request.recentlyActive(RecentlyActive.PT3_H)))
                        .metrics())
                .isEmpty();
        assertThat(house.call(client -> client.listMetrics(request -> {})).metrics())
                .isNotEmpty();

        house.pass(Duration.ofDays(15));

        assertThat(house.call(client -> client.listMetrics(request -> {})).metrics())
                .isEmpty();
    }

    @Test
    void expressionsAreWorkedOutOverQueries() {
        house.put("Errors", 1, Duration.ofMinutes(2));
        house.put("Errors", 3, Duration.ofMinutes(1));
        house.put("Calls", 10, Duration.ofMinutes(2));
        house.put("Calls", 10, Duration.ofMinutes(1));

        GetMetricDataResponse response = data(
                metric("errors", "Errors", "Sum").toBuilder().returnData(false).build(),
                metric("calls", "Calls", "Sum").toBuilder().returnData(false).build(),
                expression("rate", "100 * errors / calls"),
                expression("doubled", "rate * 2").toBuilder()
                        .label("${MAX} at ${MAX_TIME}")
                        .build());

        assertThat(response.metricDataResults()).hasSize(2);
        assertThat(response.metricDataResults().getFirst().values()).containsExactly(10.0, 30.0);
        assertThat(response.metricDataResults().getFirst().label()).isEqualTo("rate");
        assertThat(response.metricDataResults().getLast().values()).containsExactly(20.0, 60.0);
        assertThat(response.metricDataResults().getLast().label()).isEqualTo("60 at 2026-11-20 09:59:00 UTC");
        assertThatThrownBy(() -> data(expression("a", "b + 1"), expression("b", "a + 1")))
                .hasMessageContaining("refers to itself");
        assertThatThrownBy(() -> data(expression("a", "AVG(nosuch)"))).hasMessageContaining("nosuch");
        assertThatThrownBy(() -> data(expression("A", "1"))).hasMessageContaining("invalid");
    }

    @Test
    void searchesAndSelectionsFindMetricsByTheirDimensions() {
        house.put("Latency", 10, Duration.ofMinutes(1), dimension("Page", "home"), dimension("Zone", "a"));
        house.put("Latency", 30, Duration.ofMinutes(1), dimension("Page", "cart"), dimension("Zone", "a"));
        house.put("Latency", 50, Duration.ofMinutes(1), dimension("Page", "cart"), dimension("Zone", "b"));

        List<MetricDataResult> found = data(expression("s", "SEARCH('{Shop,Page,Zone} cart', 'Average', 60)"))
                .metricDataResults();
        List<MetricDataResult> selected = data(expression(
                        "q",
                        "SELECT SUM(Latency) FROM SCHEMA(\"Shop\", Page, Zone) WHERE Zone != 'c' GROUP BY Page"
                                + " ORDER BY SUM() DESC LIMIT 1"))
                .metricDataResults();

        assertThat(found).extracting(MetricDataResult::label).containsExactlyInAnyOrder("cart a", "cart b");
        assertThat(selected).singleElement().satisfies(result -> {
            assertThat(result.label()).isEqualTo("cart");
            assertThat(result.values()).containsExactly(80.0);
        });
    }

    @Test
    void datapointsComeInPages() {
        for (int minute = 1; minute <= 10; minute++) {
            house.put("Latency", minute, Duration.ofMinutes(minute));
        }
        List<Double> seen = new ArrayList<>();
        List<StatusCode> codes = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            GetMetricDataResponse page = house.call(client ->
                    client.getMetricData(request -> request.metricDataQueries(metric("m", "Latency", "Maximum"))
                            .startTime(START.minus(Duration.ofHours(1)))
                            .endTime(START)
                            .maxDatapoints(4)
                            .nextToken(next)));
            page.metricDataResults().forEach(result -> {
                seen.addAll(result.values());
                codes.add(result.statusCode());
            });
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0);
        assertThat(codes).containsExactly(StatusCode.PARTIAL_DATA, StatusCode.PARTIAL_DATA, StatusCode.COMPLETE);
    }

    @Test
    void nothingAcknowledgedIsLostOrCountedTwice() {
        Instant before = house.now();
        for (int index = 0; index < 50; index++) {
            house.put("Latency", 1, Duration.ofMinutes(index % 7));
            if (index == 20 || index == 40) {
                house.service().flush();
            }
        }
        house.kill();

        house = new MetricsHouse(path);

        assertThat(house.now()).isEqualTo(before);
        assertThat(statistics("Latency", 3600, Duration.ofHours(2)).stream()
                        .mapToDouble(Datapoint::sum)
                        .sum())
                .isEqualTo(50);
        house.put("Latency", 1, Duration.ofMinutes(1));
        house.service().flush();
        house.close();
        house = new MetricsHouse(path);
        assertThat(statistics("Latency", 60, Duration.ofHours(1)).stream()
                        .mapToDouble(Datapoint::sum)
                        .sum())
                .isEqualTo(51);
    }
}
