package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.MetricsHouse.dimension;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.storage.JournalEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

class HouseMetricsTest {
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

    /** Writes a usage entry as the kernel does. */
    private void used(String service, String operation, String more) {
        String json = "{\"account\":\"123456789012\",\"principal\":\"p\",\"service\":\"" + service
                + "\",\"operation\":\"" + operation + "\",\"region\":\"us-east-1\"," + more + "}";
        house.journal().append(List.of(new JournalEntry("usage", "123456789012", house.now(), json.getBytes(UTF_8))));
    }

    private double sum(String namespace, String metric, Dimension... dimensions) {
        return house
                .call(client -> client.getMetricStatistics(request -> request.namespace(namespace)
                        .metricName(metric)
                        .dimensions(dimensions)
                        .startTime(house.now().minus(Duration.ofHours(1)))
                        .endTime(house.now().plusSeconds(60))
                        .period(3600)
                        .statistics(Statistic.SUM)))
                .datapoints()
                .stream()
                .mapToDouble(Datapoint::sum)
                .sum();
    }

    @Test
    void callsAreCountedOnceThoughTheServerIsKilled() {
        Dimension[] dimensions = {
            dimension("Class", "None"),
            dimension("Resource", "CreateKey"),
            dimension("Service", "kms"),
            dimension("Type", "API")
        };
        used("kms", "CreateKey", "\"calls\":3,\"failed\":0,\"amounts\":{}");
        house.service().countCalls();
        used("kms", "CreateKey", "\"calls\":2,\"failed\":1,\"amounts\":{}");
        house.service().countCalls();
        house.service().countCalls();

        assertThat(sum("AWS/Usage", "CallCount", dimensions)).isEqualTo(5);

        house.kill();
        house = new MetricsHouse(path);
        house.service().countCalls();

        assertThat(sum("AWS/Usage", "CallCount", dimensions)).isEqualTo(5);
    }

    @Test
    void modelsHaveMetricsOfTheirOwn() {
        used(
                "bedrock-runtime",
                "Converse",
                "\"calls\":1,\"failed\":0,\"durationMillis\":120.5,\"model\":\"m\",\"amounts\":{\"InputTokens\":7.0,"
                        + "\"OutputTokens\":30.0}");
        used(
                "bedrock-runtime",
                "Converse",
                "\"calls\":1,\"failed\":1,\"durationMillis\":1.5,\"errorCode\":\"ValidationException\",\"model\":\"m\","
                        + "\"amounts\":{}");
        used(
                "bedrock-runtime",
                "Converse",
                "\"calls\":1,\"failed\":1,\"durationMillis\":1.5,\"errorCode\":\"ModelErrorException\",\"model\":\"m\","
                        + "\"amounts\":{}");

        house.service().countCalls();

        Dimension model = dimension("ModelId", "m");
        assertThat(sum("AWS/Bedrock", "Invocations", model)).isEqualTo(1);
        assertThat(sum("AWS/Bedrock", "Invocations")).isEqualTo(1);
        assertThat(sum("AWS/Bedrock", "InvocationLatency", model)).isEqualTo(120.5);
        assertThat(sum("AWS/Bedrock", "InputTokenCount", model)).isEqualTo(7);
        assertThat(sum("AWS/Bedrock", "OutputTokenCount", model)).isEqualTo(30);
        assertThat(sum("AWS/Bedrock", "InvocationClientErrors", model)).isEqualTo(1);
        assertThat(sum("AWS/Bedrock", "InvocationServerErrors", model)).isEqualTo(1);
    }

    @Test
    void whatServicesMeasureOfCallsIsKeptUnderEachSetOfDimensionsAndAlarms() {
        house.call(client -> client.putMetricAlarm(request -> request.alarmName("intervened")
                .namespace("AWS/Bedrock/Guardrails")
                .metricName("InvocationsIntervened")
                .dimensions(dimension("GuardrailArn", "arn"), dimension("GuardrailVersion", "1"))
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)));
        used(
                "bedrock-runtime",
                "ApplyGuardrail",
                "\"calls\":1,\"failed\":0,\"amounts\":{},\"measured\":[{\"namespace\":\"AWS/Bedrock/Guardrails\","
                        + "\"dimensions\":{\"GuardrailArn\":\"arn\",\"GuardrailVersion\":\"1\",\"Operation\":\"ApplyGuardrail\"},"
                        + "\"sets\":[[\"Operation\"],[\"GuardrailArn\",\"GuardrailVersion\"],[]],"
                        + "\"values\":[{\"metric\":\"InvocationsIntervened\",\"unit\":\"Count\",\"value\":1}]}]");
        house.service().countCalls();

        house.passAndWatch(Duration.ofMinutes(1));

        assertThat(sum("AWS/Bedrock/Guardrails", "InvocationsIntervened", dimension("Operation", "ApplyGuardrail")))
                .isEqualTo(1);
        assertThat(sum("AWS/Bedrock/Guardrails", "InvocationsIntervened")).isEqualTo(1);
        assertThat(house.call(client -> client.describeAlarms(request -> request.alarmNames("intervened")))
                        .metricAlarms()
                        .getFirst()
                        .stateValue())
                .isEqualTo(StateValue.ALARM);
    }

    @Test
    void callsThatAGuardrailFilteredAreCountedOnceAndAlarm() {
        house.call(client -> client.putMetricAlarm(request -> request.alarmName("filtered")
                .namespace("AWS/Bedrock")
                .metricName("ContentFilteredCount")
                .dimensions(dimension("ModelId", "m"))
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(1.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)));
        String intervened = "{\"namespace\":\"AWS/Bedrock/Guardrails\",\"dimensions\":{},\"sets\":[[]],"
                + "\"values\":[{\"metric\":\"InvocationsIntervened\",\"unit\":\"Count\",\"value\":1}]}";
        String passed = "{\"namespace\":\"AWS/Bedrock/Guardrails\",\"dimensions\":{},\"sets\":[[]],"
                + "\"values\":[{\"metric\":\"Invocations\",\"unit\":\"Count\",\"value\":1}]}";
        String call = "\"calls\":1,\"failed\":0,\"model\":\"m\",\"amounts\":{},\"measured\":";
        used("bedrock-runtime", "Converse", call + "[" + intervened + "," + intervened + "]");
        used("bedrock-runtime", "Converse", call + "[" + passed + "]");
        house.service().countCalls();

        house.passAndWatch(Duration.ofMinutes(1));

        assertThat(sum("AWS/Bedrock", "ContentFilteredCount", dimension("ModelId", "m")))
                .isEqualTo(1);
        assertThat(house.call(client -> client.describeAlarms(request -> request.alarmNames("filtered")))
                        .metricAlarms()
                        .getFirst()
                        .stateValue())
                .isEqualTo(StateValue.ALARM);
    }

    @Test
    void streamsAndLegacyModelsAndQuotasHaveMetrics() {
        used(
                "bedrock-runtime",
                "ConverseStream",
                "\"calls\":1,\"failed\":0,\"durationMillis\":120.5,\"firstOutputMillis\":20.5,"
                        + "\"model\":\"anthropic.claude-sonnet-4-20250514-v1:0\",\"amounts\":{\"InputTokens\":7.0,"
                        + "\"OutputTokens\":30.0,\"CacheWriteInputTokens\":3.0,\"LegacyModelInvocations\":1.0}");

        house.service().countCalls();

        assertThat(sum("AWS/Bedrock", "TimeToFirstToken")).isEqualTo(20.5);
        assertThat(sum("AWS/Bedrock", "LegacyModelInvocations")).isEqualTo(1);
        assertThat(sum("AWS/Bedrock", "CacheWriteInputTokens")).isEqualTo(3);
        // An output token of these models counts five times against the quota.
        assertThat(sum("AWS/Bedrock", "EstimatedTPMQuotaUsage")).isEqualTo(7 + 3 + 5 * 30);
    }

    @Test
    void batchesAndHoursOfModelUnitsAreNoInvocations() {
        used(
                "bedrock-runtime",
                "InvokeModel",
                "\"calls\":1,\"failed\":0,\"durationMillis\":1,\"billing\":\"BATCH\",\"model\":\"m\",\"amounts\":{}");
        used(
                "bedrock",
                "ProvisionedModelThroughput",
                "\"calls\":0,\"failed\":0,\"model\":\"m\",\"amounts\":{\"ModelUnitHours\":1.0}");

        house.service().countCalls();

        assertThat(sum("AWS/Bedrock", "Invocations")).isZero();
        assertThat(house.call(client -> client.listMetrics(request -> {})).metrics())
                .isEmpty();
    }

    @Test
    void whatServicesMeasureThemselvesFiresAlarms() {
        house.call(client -> client.putMetricAlarm(request -> request.alarmName("undelivered")
                .namespace("AWS/Bedrock")
                .metricName("ModelInvocationLogsS3DeliveryFailure")
                .statistic(Statistic.SUM)
                .period(60)
                .evaluationPeriods(1)
                .threshold(3.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)));
        house.journal()
                .append(List.of(UsageEntries.measurement(
                        "123456789012",
                        "us-east-1",
                        new Measured(
                                "AWS/Bedrock",
                                Map.of(),
                                List.of(Set.of()),
                                List.of(new Measured.Measurement(
                                        "ModelInvocationLogsS3DeliveryFailure", "Count", 1, 3))),
                        house.now())));

        house.service().countCalls();
        house.passAndWatch(Duration.ofSeconds(60));

        assertThat(house.call(client -> client.describeAlarms(request -> {})).metricAlarms())
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.stateValue()).isEqualTo(StateValue.ALARM));
    }
}
