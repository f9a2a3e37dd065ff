package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.cloudwatchlogs.filter.FilterPattern;
import dev.outcrop.storage.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;

/**
 * Counts what metric filters find in events as they arrive, and tells CloudWatch once a minute is over. What has been
 * counted and not been told is lost with the server; the events are not.
 *
 * <p>Source: "Creating metrics from log events using filters" of the Amazon CloudWatch Logs user guide.
 */
final class MetricPublisher implements Arrivals.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(MetricPublisher.class);
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    /** More different values of dimensions than that in a minute are a mistake, which AWS answers by disabling the filter. */
    private static final int MOST_COUNTS = 10_000;

    private final MetricFilters filters;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final ConcurrentMap<String, List<Compiled>> compiled = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Bucket, Map<Double, Double>> counts = new HashMap<>();
    private Map<Bucket, Double> defaults = new HashMap<>();

    MetricPublisher(MetricFilters filters, Records records, Supplier<Clients> clients, InstantSource clock) {
        this.filters = filters;
        this.clients = clients;
        this.clock = clock;
        records.watch(
                MetricFilters.TYPE,
                key -> compiled.remove(key.id().substring(0, key.id().indexOf('/'))),
                compiled::clear);
    }

    private record Compiled(FilterPattern pattern, MetricFilter filter) {}

    /** What is told together. */
    private record Bucket(
            String account,
            String region,
            String group,
            String namespace,
            String metric,
            String unit,
            Map<String, String> dimensions,
            long minute) {}

    @Override
    public void arrived(StoredGroup group, String stream, long ingestedAt, List<LogEntry> events) {
        List<Compiled> present = compiled.computeIfAbsent(
                group.id(),
                _ -> filters.of(group).stream()
                        .map(filter -> new Compiled(EventReader.pattern(filter.filterPattern()), filter))
                        .toList());
        for (Compiled filter : present) {
            count(group, filter, events);
        }
    }

    private void count(StoredGroup group, Compiled filter, List<LogEntry> events) {
        for (LogEntry event : events) {
            String message = new String(event.message(), UTF_8);
            boolean found = filter.pattern().matches(message);
            for (MetricTransformation transformation : filter.filter().metricTransformations()) {
                long minute = event.timestamp() / MINUTE * MINUTE;
                if (found) {
                    value(filter.pattern(), transformation.metricValue(), message)
                            .ifPresent(value -> dimensions(filter.pattern(), transformation, message)
                                    .ifPresent(dimensions ->
                                            add(bucket(group, transformation, dimensions, minute), value)));
                } else if (transformation.defaultValue() != null) {
                    addDefault(bucket(group, transformation, Map.of(), minute), transformation.defaultValue());
                }
            }
        }
    }

    private static Bucket bucket(
            StoredGroup group, MetricTransformation transformation, Map<String, String> dimensions, long minute) {
        return new Bucket(
                group.account(),
                group.region(),
                group.arn(),
                transformation.metricNamespace(),
                transformation.metricName(),
                transformation.unitAsString(),
                dimensions,
                minute);
    }

    private static Optional<Double> value(FilterPattern pattern, String wanted, String message) {
        Optional<String> text = wanted.startsWith("$") ? pattern.value(message, wanted) : Optional.of(wanted);
        try {
            return text.map(Double::valueOf).filter(Double::isFinite);
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** The dimensions; nothing if one of them is not in the message, since such a metric is not told. */
    private static Optional<Map<String, String>> dimensions(
            FilterPattern pattern, MetricTransformation transformation, String message) {
        Map<String, String> dimensions = new TreeMap<>();
        for (Map.Entry<String, String> wanted : transformation.dimensions().entrySet()) {
            Optional<String> value = pattern.value(message, wanted.getValue()).filter(found -> !found.isEmpty());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            dimensions.put(wanted.getKey(), value.get());
        }
        return Optional.of(dimensions);
    }

    private void add(Bucket bucket, double value) {
        lock.lock();
        try {
            if (counts.size() < MOST_COUNTS || counts.containsKey(bucket)) {
                counts.computeIfAbsent(bucket, _ -> new HashMap<>()).merge(value, 1.0, Double::sum);
            }
        } finally {
            lock.unlock();
        }
    }

    private void addDefault(Bucket bucket, double value) {
        lock.lock();
        try {
            if (defaults.size() < MOST_COUNTS) {
                defaults.put(bucket, value);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells CloudWatch of the minutes that are over. */
    void publish() {
        publish(clock.millis() / MINUTE * MINUTE);
    }

    /** Tells CloudWatch of the minutes that began before {@code time}. */
    void publish(long time) {
        Map<Bucket, Map<Double, Double>> over = new HashMap<>();
        lock.lock();
        try {
            Map<Bucket, Map<Double, Double>> later = new HashMap<>();
            counts.forEach((bucket, values) -> (bucket.minute() < time ? over : later).put(bucket, values));
            Map<Bucket, Double> laterDefaults = new HashMap<>();
            defaults.forEach((bucket, value) -> {
                if (bucket.minute() >= time) {
                    laterDefaults.put(bucket, value);
                } else {
                    over.putIfAbsent(bucket, Map.of(value, 1.0));
                }
            });
            counts = later;
            defaults = laterDefaults;
        } finally {
            lock.unlock();
        }
        over.forEach(this::tell);
    }

    private void tell(Bucket bucket, Map<Double, Double> values) {
        List<Double> each = new ArrayList<>(values.keySet());
        List<Double> times = each.stream().map(values::get).toList();
        for (int from = 0; from < each.size(); from += 150) {
            int to = Math.min(each.size(), from + 150);
            PutMetricDataRequest request = PutMetricDataRequest.builder()
                    .namespace(bucket.namespace())
                    .metricData(MetricDatum.builder()
                            .metricName(bucket.metric())
                            .timestamp(Instant.ofEpochMilli(bucket.minute()))
                            .unit(bucket.unit())
                            .values(each.subList(from, to))
                            .counts(times.subList(from, to))
                            .dimensions(bucket.dimensions().entrySet().stream()
                                    .map(dimension -> Dimension.builder()
                                            .name(dimension.getKey())
                                            .value(dimension.getValue())
                                            .build())
                                    .toList())
                            .build())
                    .build();
            try {
                OwnCalls.call(
                        bucket.account(),
                        bucket.region(),
                        bucket.group(),
                        () -> clients.get().of(CloudWatchClient.class).putMetricData(request));
            } catch (RuntimeException failure) {
                LOG.warn("metric {} of {} cannot be published", bucket.metric(), bucket.group(), failure);
            }
        }
    }
}
