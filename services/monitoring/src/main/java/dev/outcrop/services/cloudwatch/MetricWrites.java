package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.combination;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.exclusive;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.invalid;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.missing;

import dev.outcrop.engines.series.Summary;
import dev.outcrop.kernel.CallContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import software.amazon.awssdk.services.cloudwatch.model.EntityMetricData;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.StatisticSet;

/**
 * Takes metric data.
 *
 * <p>Source: PutMetricData and MetricDatum of the Amazon CloudWatch API reference. Entities are not told apart: their
 * metrics are kept as others.
 */
final class MetricWrites {
    private static final int MOST_METRICS = 1000;
    private static final int MOST_VALUES = 150;
    private static final double GREATEST = Math.pow(2, 360);
    private static final Duration LATEST = Duration.ofDays(14);
    private static final Duration EARLIEST = Duration.ofHours(2);
    private static final int MINUTE = 60;

    private final SeriesStore store;
    private final InstantSource clock;

    MetricWrites(SeriesStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void put(PutMetricDataRequest request) {
        String namespace = request.namespace();
        if (namespace.startsWith("AWS/")) {
            throw invalid("Namespace", namespace);
        }
        if (request.metricData().isEmpty() && request.entityMetricData().isEmpty()) {
            throw missing("The parameter MetricData is required.");
        }
        Instant now = clock.instant();
        List<Measurement> measurements = new ArrayList<>(request.metricData().size());
        read(namespace, request.metricData(), "MetricData", now, measurements);
        int entity = 0;
        for (EntityMetricData data : request.entityMetricData()) {
            entity++;
            read(namespace, data.metricData(), "EntityMetricData.member." + entity + ".MetricData", now, measurements);
        }
        if (measurements.size() > MOST_METRICS) {
            throw invalid("The collection MetricData must not have a size greater than " + MOST_METRICS + ".");
        }
        store.put(CallContext.current().account(), measurements, OptionalLong.empty());
    }

    private static void read(
            String namespace, List<MetricDatum> data, String collection, Instant now, List<Measurement> measurements) {
        int number = 0;
        for (MetricDatum datum : data) {
            number++;
            measurements.add(measurement(namespace, datum, collection + ".member." + number, now));
        }
    }

    private static Measurement measurement(String namespace, MetricDatum datum, String name, Instant now) {
        CallContext context = CallContext.current();
        Instant time = datum.timestamp() == null ? now : datum.timestamp();
        if (time.isBefore(now.minus(LATEST))) {
            throw invalid(
                    "The parameter " + name + ".Timestamp must specify a time no more than two weeks in the past.");
        }
        if (time.isAfter(now.plus(EARLIEST))) {
            throw invalid(
                    "The parameter " + name + ".Timestamp must specify a time no more than two hours in the future.");
        }
        if (datum.storageResolution() != null
                && datum.storageResolution() != 1
                && datum.storageResolution() != MINUTE) {
            throw invalid(name + ".StorageResolution", datum.storageResolution());
        }
        boolean highResolution = Integer.valueOf(1).equals(datum.storageResolution());
        long seconds = time.getEpochSecond();
        MetricKey metric =
                MetricKey.of(context.account(), context.region(), namespace, datum.metricName(), datum.dimensions());
        if (metric.dimensions().size() < datum.dimensions().size()) {
            throw invalid("The parameter " + name + ".Dimensions names a dimension twice.");
        }
        return new Measurement(
                metric,
                datum.unit() == null ? "None" : datum.unitAsString(),
                highResolution ? seconds : seconds - Math.floorMod(seconds, (long) MINUTE),
                highResolution,
                summary(datum, name));
    }

    private static Summary summary(MetricDatum datum, String name) {
        if (datum.value() != null && datum.statisticValues() != null) {
            throw exclusive(name + ".Value", name + ".StatisticValues");
        }
        if (datum.value() != null && !datum.values().isEmpty()) {
            throw exclusive(name + ".Value", name + ".Values");
        }
        if (datum.statisticValues() != null && !datum.values().isEmpty()) {
            throw exclusive(name + ".StatisticValues", name + ".Values");
        }
        if (datum.value() != null) {
            return Summary.of(checked(datum.value(), name + ".Value"));
        }
        if (datum.statisticValues() != null) {
            return summary(datum.statisticValues(), name + ".StatisticValues");
        }
        if (datum.values().isEmpty()) {
            throw missing("At least one of the parameters " + name + ".Value, " + name + ".Values or " + name
                    + ".StatisticValues must be specified.");
        }
        return values(datum, name);
    }

    private static Summary summary(StatisticSet set, String name) {
        double count = checked(set.sampleCount(), name + ".SampleCount");
        double least = checked(set.minimum(), name + ".Minimum");
        double most = checked(set.maximum(), name + ".Maximum");
        if (count <= 0) {
            throw invalid(name + ".SampleCount", set.sampleCount());
        }
        if (least > most) {
            throw combination(
                    "The parameter " + name + ".Maximum must be greater than or equal to " + name + ".Minimum.");
        }
        return Summary.of(count, checked(set.sum(), name + ".Sum"), least, most);
    }

    private static Summary values(MetricDatum datum, String name) {
        if (datum.values().size() > MOST_VALUES) {
            throw invalid("The collection " + name + ".Values must not have a size greater than " + MOST_VALUES + ".");
        }
        if (datum.hasCounts()
                && !datum.counts().isEmpty()
                && datum.counts().size() != datum.values().size()) {
            throw combination("The parameters " + name + ".Values and " + name + ".Counts must be of the same size.");
        }
        double[] values = datum.values().stream()
                .mapToDouble(value -> checked(value, name + ".Values"))
                .toArray();
        double[] counts = new double[values.length];
        Arrays.setAll(
                counts,
                index -> datum.counts().isEmpty() ? 1 : checked(datum.counts().get(index), name + ".Counts"));
        if (Arrays.stream(counts).anyMatch(count -> count < 0)
                || Arrays.stream(counts).sum() <= 0) {
            throw invalid(name + ".Counts", datum.counts());
        }
        return Summary.of(values, counts);
    }

    private static double checked(double value, String name) {
        if (Double.isNaN(value) || Math.abs(value) > GREATEST) {
            throw invalid(name, value);
        }
        return value;
    }
}
