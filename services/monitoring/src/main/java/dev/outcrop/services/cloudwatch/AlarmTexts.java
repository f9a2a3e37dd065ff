package dev.outcrop.services.cloudwatch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * What alarms say: to topics, to event buses, and in their history.
 *
 * <p>Source: "Alarm events and EventBridge", Amazon CloudWatch user guide, for the events; the message to topics has the
 * members that subscribers of AWS's know.
 */
final class AlarmTexts {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT);
    private static final Map<String, String> REGIONS = Map.ofEntries(
            Map.entry("us-east-1", "US East (N. Virginia)"),
            Map.entry("us-east-2", "US East (Ohio)"),
            Map.entry("us-west-1", "US West (N. California)"),
            Map.entry("us-west-2", "US West (Oregon)"),
            Map.entry("ca-central-1", "Canada (Central)"),
            Map.entry("eu-central-1", "EU (Frankfurt)"),
            Map.entry("eu-west-1", "EU (Ireland)"),
            Map.entry("eu-west-2", "EU (London)"),
            Map.entry("eu-west-3", "EU (Paris)"),
            Map.entry("eu-north-1", "EU (Stockholm)"),
            Map.entry("ap-northeast-1", "Asia Pacific (Tokyo)"),
            Map.entry("ap-northeast-2", "Asia Pacific (Seoul)"),
            Map.entry("ap-south-1", "Asia Pacific (Mumbai)"),
            Map.entry("ap-southeast-1", "Asia Pacific (Singapore)"),
            Map.entry("ap-southeast-2", "Asia Pacific (Sydney)"),
            Map.entry("sa-east-1", "South America (Sao Paulo)"));

    private AlarmTexts() {}

    /** Writes JSON. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** An object as JSON. */
    static String json(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** A time as the messages have it. */
    static String time(Instant time) {
        return MILLIS.format(time.atOffset(ZoneOffset.UTC));
    }

    static String regionName(String region) {
        return REGIONS.getOrDefault(region, region);
    }

    /** The subject of the message to a topic. */
    static String subject(Alarm alarm) {
        String subject = alarm.state().value() + ": \"" + alarm.name() + "\" in " + regionName(alarm.region());
        return subject.length() <= 100 ? subject : subject.substring(0, 97) + "...";
    }

    /** The message to a topic. */
    static String message(Alarm alarm, Alarm.State before) {
        return json(json -> {
            json.writeStringField("AlarmName", alarm.name());
            json.writeStringField("AlarmDescription", alarm.description().orElse(null));
            json.writeStringField("AWSAccountId", alarm.account());
            json.writeStringField("AlarmConfigurationUpdatedTimestamp", time(alarm.configured()));
            json.writeStringField("NewStateValue", alarm.state().value().toString());
            json.writeStringField("NewStateReason", alarm.state().reason());
            json.writeStringField("StateChangeTime", time(alarm.state().updated()));
            json.writeStringField("Region", regionName(alarm.region()));
            json.writeStringField("AlarmArn", alarm.arn());
            json.writeStringField("OldStateValue", before.value().toString());
            array(json, "OKActions", alarm.actions(StateValue.OK));
            array(json, "AlarmActions", alarm.actions(StateValue.ALARM));
            array(json, "InsufficientDataActions", alarm.actions(StateValue.INSUFFICIENT_DATA));
            switch (alarm) {
                case Alarm.OnMetric metric -> trigger(json, metric.shape());
                case Alarm.OnAlarms composite ->
                    json.writeStringField("AlarmRule", composite.shape().alarmRule());
            }
        });
    }

    private static void array(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void trigger(JsonGenerator json, MetricAlarm alarm) throws IOException {
        json.writeObjectFieldStart("Trigger");
        if (alarm.metricName() != null) {
            json.writeStringField("MetricName", alarm.metricName());
            json.writeStringField("Namespace", alarm.namespace());
            json.writeStringField("StatisticType", alarm.statistic() == null ? "ExtendedStatistic" : "Statistic");
            if (alarm.statistic() == null) {
                json.writeStringField("ExtendedStatistic", alarm.extendedStatistic());
            } else {
                json.writeStringField("Statistic", alarm.statisticAsString().toUpperCase(Locale.ROOT));
            }
            json.writeStringField("Unit", alarm.unitAsString());
            json.writeArrayFieldStart("Dimensions");
            for (var dimension : alarm.dimensions()) {
                json.writeStartObject();
                json.writeStringField("value", dimension.value());
                json.writeStringField("name", dimension.name());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (alarm.period() != null) {
            json.writeNumberField("Period", alarm.period());
        }
        json.writeNumberField("EvaluationPeriods", alarm.evaluationPeriods());
        if (alarm.datapointsToAlarm() != null) {
            json.writeNumberField("DatapointsToAlarm", alarm.datapointsToAlarm());
        }
        json.writeStringField("ComparisonOperator", alarm.comparisonOperatorAsString());
        if (alarm.threshold() != null) {
            json.writeNumberField("Threshold", alarm.threshold());
        }
        if (alarm.thresholdMetricId() != null) {
            json.writeStringField("ThresholdMetricId", alarm.thresholdMetricId());
        }
        json.writeStringField(
                "TreatMissingData", alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData());
        json.writeStringField(
                "EvaluateLowSampleCountPercentile",
                alarm.evaluateLowSampleCountPercentile() == null ? "" : alarm.evaluateLowSampleCountPercentile());
        if (!alarm.metrics().isEmpty()) {
            json.writeArrayFieldStart("Metrics");
            for (MetricDataQuery query : alarm.metrics()) {
                json.writeStartObject();
                query(json, query, "Id", "Expression", "Label");
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void query(JsonGenerator json, MetricDataQuery query, String id, String expression, String label)
            throws IOException {
        if (query.expression() != null) {
            json.writeStringField(expression, query.expression());
        }
        json.writeStringField(id, query.id());
        if (query.label() != null) {
            json.writeStringField(label, query.label());
        }
        boolean small = Character.isLowerCase(id.charAt(0));
        if (query.metricStat() != null) {
            MetricStat stat = query.metricStat();
            json.writeObjectFieldStart(small ? "metricStat" : "MetricStat");
            json.writeObjectFieldStart(small ? "metric" : "Metric");
            json.writeObjectFieldStart(small ? "dimensions" : "Dimensions");
            for (var dimension : stat.metric().dimensions()) {
                json.writeStringField(dimension.name(), dimension.value());
            }
            json.writeEndObject();
            json.writeStringField(small ? "name" : "MetricName", stat.metric().metricName());
            json.writeStringField(
                    small ? "namespace" : "Namespace", stat.metric().namespace());
            json.writeEndObject();
            json.writeNumberField(small ? "period" : "Period", stat.period());
            json.writeStringField(small ? "stat" : "Stat", stat.stat());
            json.writeEndObject();
        }
        json.writeBooleanField(small ? "returnData" : "ReturnData", !Boolean.FALSE.equals(query.returnData()));
    }

    /** The detail of the event that an alarm has changed. */
    static String detail(Alarm alarm, Alarm.State before) {
        return json(json -> {
            json.writeStringField("alarmName", alarm.name());
            state(json, "state", alarm.state());
            state(json, "previousState", before);
            json.writeObjectFieldStart("configuration");
            if (alarm.description().isPresent()) {
                json.writeStringField("description", alarm.description().get());
            }
            switch (alarm) {
                case Alarm.OnMetric metric -> {
                    json.writeArrayFieldStart("metrics");
                    for (MetricDataQuery query : queries(metric.shape())) {
                        json.writeStartObject();
                        query(json, query, "id", "expression", "label");
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                }
                case Alarm.OnAlarms composite -> {
                    json.writeStringField("alarmRule", composite.shape().alarmRule());
                    if (composite.shape().actionsSuppressor() != null) {
                        json.writeStringField(
                                "actionsSuppressor", composite.shape().actionsSuppressor());
                    }
                }
            }
            json.writeEndObject();
        });
    }

    private static List<MetricDataQuery> queries(MetricAlarm alarm) {
        if (alarm.metricName() == null) {
            return alarm.metrics();
        }
        return List.of(MetricDataQuery.builder()
                .id("m1")
                .metricStat(stat -> stat.metric(metric -> metric.namespace(alarm.namespace())
                                .metricName(alarm.metricName())
                                .dimensions(alarm.dimensions()))
                        .period(alarm.period())
                        .stat(alarm.statistic() == null ? alarm.extendedStatistic() : alarm.statisticAsString()))
                .returnData(true)
                .build());
    }

    private static void state(JsonGenerator json, String name, Alarm.State state) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("value", state.value().toString());
        json.writeStringField("reason", state.reason());
        Optional<String> data = state.reasonData();
        if (data.isPresent()) {
            json.writeStringField("reasonData", data.get());
        }
        json.writeStringField("timestamp", time(state.updated()));
        json.writeEndObject();
    }
}
