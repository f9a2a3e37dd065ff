package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;

/**
 * Tells CloudWatch of the metrics in events that are written in the embedded metric format, before the call that brought
 * them is answered. What is no valid document of that format stays an event and nothing else.
 *
 * <p>Source: "Specification: Embedded metric format" of the Amazon CloudWatch user guide.
 */
final class EmbeddedMetrics implements Arrivals.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMetrics.class);
    private static final int MOST_METRICS = 100;
    private static final int MOST_DIMENSIONS = 30;
    private static final int MOST_VALUES = 100;
    private static final int MOST_A_CALL = 1000;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .build();

    private final Supplier<Clients> clients;

    EmbeddedMetrics(Supplier<Clients> clients) {
        this.clients = clients;
    }

    @Override
    public void arrived(StoredGroup group, String stream, long ingestedAt, List<LogEntry> events) {
        Map<String, List<MetricDatum>> data = new LinkedHashMap<>();
        for (LogEntry event : events) {
            String message = new String(event.message(), UTF_8);
            if (message.startsWith("{") && message.contains("\"_aws\"")) {
                read(message, data);
            }
        }
        data.forEach((namespace, all) -> tell(group, namespace, all));
    }

    private static void read(String message, Map<String, List<MetricDatum>> data) {
        JsonNode document;
        try {
            document = JSON.readTree(message);
        } catch (JsonProcessingException otherwise) {
            return;
        }
        JsonNode metadata = document.path("_aws");
        if (!metadata.path("Timestamp").isNumber()) {
            return;
        }
        Instant time = Instant.ofEpochMilli(metadata.path("Timestamp").asLong());
        for (JsonNode directive : metadata.path("CloudWatchMetrics")) {
            String namespace = directive.path("Namespace").asText();
            JsonNode metrics = directive.path("Metrics");
            if (!namespace.isEmpty() && metrics.size() <= MOST_METRICS) {
                for (JsonNode metric : metrics) {
                    read(document, directive, metric, time, data.computeIfAbsent(namespace, _ -> new ArrayList<>()));
                }
            }
        }
    }

    private static void read(
            JsonNode document, JsonNode directive, JsonNode metric, Instant time, List<MetricDatum> data) {
        String name = metric.path("Name").asText();
        List<Double> values = values(document.path(name));
        if (name.isEmpty() || values.isEmpty()) {
            return;
        }
        for (JsonNode set : directive.path("Dimensions")) {
            List<Dimension> dimensions = new ArrayList<>();
            for (JsonNode dimension : set) {
                JsonNode value = document.path(dimension.asText());
                if (value.isTextual() && !value.textValue().isEmpty()) {
                    dimensions.add(Dimension.builder()
                            .name(dimension.asText())
                            .value(value.textValue())
                            .build());
                }
            }
            if (dimensions.size() == set.size() && set.size() <= MOST_DIMENSIONS) {
                data.add(MetricDatum.builder()
                        .metricName(name)
                        .dimensions(dimensions)
                        .timestamp(time)
                        .unit(metric.path("Unit").asText("None"))
                        .storageResolution(metric.path("StorageResolution").asInt(60))
                        .values(values)
                        .build());
            }
        }
    }

    private static List<Double> values(JsonNode value) {
        List<Double> values = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (one.isNumber() && values.size() < MOST_VALUES) {
                values.add(one.doubleValue());
            }
        }
        return values;
    }

    private void tell(StoredGroup group, String namespace, List<MetricDatum> data) {
        for (int from = 0; from < data.size(); from += MOST_A_CALL) {
            List<MetricDatum> some = data.subList(from, Math.min(data.size(), from + MOST_A_CALL));
            try {
                OwnCalls.call(
                        group,
                        () -> clients.get()
                                .of(CloudWatchClient.class)
                                .putMetricData(
                                        request -> request.namespace(namespace).metricData(some)));
            } catch (AwsServiceException | AwsError refusal) {
                LOG.info("metrics in events of {} are not taken: {}", group.arn(), refusal.getMessage());
            }
        }
    }
}
