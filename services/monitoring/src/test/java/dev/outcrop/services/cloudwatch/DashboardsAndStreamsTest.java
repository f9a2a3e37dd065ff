package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.AnomalyDetector;
import software.amazon.awssdk.services.cloudwatch.model.AnomalyDetectorStateValue;
import software.amazon.awssdk.services.cloudwatch.model.DashboardEntry;
import software.amazon.awssdk.services.cloudwatch.model.DashboardInvalidInputErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardValidationMessage;
import software.amazon.awssdk.services.cloudwatch.model.MetricStreamEntry;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

class DashboardsAndStreamsTest {
    private static final String BODY = """
            {"widgets": [{"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties":
             {"metrics": [["Shop", "Latency"]], "region": "us-east-1"}}]}""";

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

    private List<DashboardValidationMessage> put(String name, String body) {
        return house.call(client -> client.putDashboard(
                        request -> request.dashboardName(name).dashboardBody(body)))
                .dashboardValidationMessages();
    }

    @Test
    void aDashboardIsKeptAsItWasWritten() {
        assertThat(put("shop-1", BODY)).isEmpty();
        assertThat(put("shop-2", "{\"widgets\": [], \"colour\": 1}")).hasSize(1);

        assertThat(house.call(client -> client.getDashboard(request -> request.dashboardName("shop-1")))
                        .dashboardBody())
                .isEqualTo(BODY);
        assertThat(house.as(
                                "eu-west-1",
                                client -> client.listDashboards(request -> request.dashboardNamePrefix("shop-")))
                        .dashboardEntries())
                .extracting(DashboardEntry::dashboardName)
                .containsExactly("shop-1", "shop-2");
        assertThatThrownBy(() -> house.call(
                        client -> client.deleteDashboards(request -> request.dashboardNames("shop-1", "shop-9"))))
                .isInstanceOf(DashboardNotFoundErrorException.class);
        house.call(client -> client.deleteDashboards(request -> request.dashboardNames("shop-1", "shop-2")));
        assertThatThrownBy(() -> house.call(client -> client.getDashboard(request -> request.dashboardName("shop-1"))))
                .isInstanceOf(DashboardNotFoundErrorException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{}",
                "{\"widgets\": 1}",
                "{\"widgets\": [1]}",
                "{\"widgets\": [{\"type\": \"metric\"}]}",
                "{\"widgets\": [{\"type\": \"piano\", \"properties\": {}}]}",
                "{\"widgets\": [{\"type\": \"text\", \"properties\": {}}]}",
                "{\"widgets\": [{\"type\": \"text\", \"width\": 25, \"properties\": {\"markdown\": \"\"}}]}"
            })
    void bodiesThatAreNoDashboardAreRefused(String body) {
        assertThatThrownBy(() -> put("bad", body))
                .isInstanceOfSatisfying(
                        DashboardInvalidInputErrorException.class,
                        failure -> assertThat(failure.dashboardValidationMessages())
                                .isNotEmpty());
    }

    @Test
    void deepBodiesAreRefused() {
        assertThatThrownBy(() -> put("deep", "{\"widgets\": " + "[".repeat(5000)))
                .isInstanceOf(DashboardInvalidInputErrorException.class);
        assertThatThrownBy(() -> put("no/name", BODY)).isInstanceOf(AwsServiceException.class);
    }

    @Test
    void theSettingsOfAStreamAreKeptAndItIsStopped() {
        String arn = house.call(client -> client.putMetricStream(request -> request.name("out")
                        .firehoseArn("arn:aws:firehose:us-east-1:123456789012:deliverystream/x")
                        .roleArn("arn:aws:iam::123456789012:role/streams")
                        .outputFormat("json")))
                .arn();

        assertThat(arn).isEqualTo("arn:aws:cloudwatch:us-east-1:123456789012:metric-stream/out");
        assertThat(house.call(client -> client.getMetricStream(request -> request.name("out")))
                        .state())
                .isEqualTo("stopped");
        assertThat(house.call(client -> client.listMetricStreams(request -> {})).entries())
                .extracting(MetricStreamEntry::name)
                .containsExactly("out");
        assertThatThrownBy(() -> house.call(client -> client.startMetricStreams(request -> request.names("out"))))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.statusCode()).isEqualTo(501));
        house.call(client -> client.deleteMetricStream(request -> request.name("out")));
        assertThatThrownBy(() -> house.call(client -> client.getMetricStream(request -> request.name("out"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aDetectorSaysWhetherItHasEnoughToLearnFrom() {
        house.call(client -> client.putAnomalyDetector(request -> request.singleMetricAnomalyDetector(
                detector -> detector.namespace("Shop").metricName("Latency").stat("Average"))));
        assertThat(states()).containsExactly(AnomalyDetectorStateValue.TRAINED_INSUFFICIENT_DATA);

        for (int hour = 1; hour < 30; hour++) {
            house.put("Latency", hour, Duration.ofHours(hour));
        }

        assertThat(states()).containsExactly(AnomalyDetectorStateValue.TRAINED);
        house.call(client -> client.deleteAnomalyDetector(request -> request.singleMetricAnomalyDetector(
                detector -> detector.namespace("Shop").metricName("Latency").stat("Average"))));
        assertThat(states()).isEmpty();
        assertThatThrownBy(() -> house.call(client -> client.putAnomalyDetector(request -> request.configuration(
                                configuration -> configuration.metricTimezone("Moon/Sea"))
                        .singleMetricAnomalyDetector(detector ->
                                detector.namespace("Shop").metricName("Latency").stat("Average")))))
                .hasMessageContaining("Moon/Sea");
    }

    private List<AnomalyDetectorStateValue> states() {
        return house.call(client -> client.describeAnomalyDetectors(request -> {})).anomalyDetectors().stream()
                .map(AnomalyDetector::stateValue)
                .toList();
    }
}
