package dev.outcrop.services.cloudwatch;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;

/**
 * A metric of an account in a region; the order of its dimensions makes no difference.
 *
 * @param dimensions values by names
 */
record MetricKey(String account, String region, String namespace, String name, SortedMap<String, String> dimensions)
        implements Comparable<MetricKey> {
    private static final Comparator<MetricKey> ORDER = Comparator.comparing(MetricKey::account)
            .thenComparing(MetricKey::region)
            .thenComparing(MetricKey::namespace)
            .thenComparing(MetricKey::name)
            .thenComparing(metric -> metric.dimensions.toString());

    static MetricKey of(String account, String region, String namespace, String name, List<Dimension> dimensions) {
        SortedMap<String, String> sorted = new TreeMap<>();
        dimensions.forEach(dimension -> sorted.put(dimension.name(), dimension.value()));
        return new MetricKey(account, region, namespace, name, sorted);
    }

    static MetricKey of(String account, String region, Metric metric) {
        return of(account, region, metric.namespace(), metric.metricName(), metric.dimensions());
    }

    Metric metric() {
        return Metric.builder()
                .namespace(namespace)
                .metricName(name)
                .dimensions(dimensionList())
                .build();
    }

    List<Dimension> dimensionList() {
        return dimensions.entrySet().stream()
                .map(dimension -> Dimension.builder()
                        .name(dimension.getKey())
                        .value(dimension.getValue())
                        .build())
                .toList();
    }

    @Override
    public int compareTo(MetricKey other) {
        return ORDER.compare(this, other);
    }
}
