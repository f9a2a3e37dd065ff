package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.combination;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.invalid;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.missing;

import dev.outcrop.engines.series.Summary;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;

/**
 * Tells the statistics of one metric, and which metrics there are.
 *
 * <p>Source: GetMetricStatistics and ListMetrics of the Amazon CloudWatch API reference.
 */
final class MetricReads {
    /** The periods below a minute that there are. */
    static final Set<Integer> SHORT_PERIODS = Set.of(1, 5, 10, 20, 30);

    private static final int MOST_DATAPOINTS = 1440;
    private static final int MOST_METRICS = 500;
    private static final Duration LISTED = Duration.ofDays(14);
    private static final Duration RECENT = Duration.ofHours(3);
    private static final int MINUTE = 60;

    private final SeriesStore store;
    private final Pages pages;
    private final InstantSource clock;

    MetricReads(SeriesStore store, Pages pages, InstantSource clock) {
        this.store = store;
        this.pages = pages;
        this.clock = clock;
    }

    /** Whether there are statistics over {@code period} seconds. */
    static boolean isPeriod(int period) {
        return SHORT_PERIODS.contains(period) || (period >= MINUTE && period % MINUTE == 0);
    }

    GetMetricStatisticsResponse statistics(GetMetricStatisticsRequest request) {
        Map<String, Statistic> statistics = wanted(request);
        int period = request.period();
        if (!isPeriod(period)) {
            throw invalid("Period", period);
        }
        if (!request.startTime().isBefore(request.endTime())) {
            throw invalid("The parameter StartTime must be less than the parameter EndTime.");
        }
        long start = rounded(request.startTime(), period);
        long end = request.endTime().getEpochSecond();
        long points = Math.ceilDiv(end - start, (long) period);
        if (points > MOST_DATAPOINTS) {
            throw combination("You have requested up to " + points + " datapoints, which exceeds the limit of "
                    + MOST_DATAPOINTS + ". You may reduce the datapoints requested by increasing Period, or decreasing"
                    + " the time range.");
        }
        CallContext context = CallContext.current();
        MetricKey metric = MetricKey.of(
                context.account(), context.region(), request.namespace(), request.metricName(), request.dimensions());
        List<Datapoint> datapoints = new ArrayList<>();
        for (String unit : store.units(metric)) {
            if (request.unit() == null || unit.equals(request.unitAsString())) {
                store.read(metric, Optional.of(unit), start, end, period)
                        .forEach((time, summary) ->
                                datapoint(time, unit, summary, statistics).ifPresent(datapoints::add));
            }
        }
        datapoints.sort(Comparator.comparing(Datapoint::timestamp));
        return GetMetricStatisticsResponse.builder()
                .label(request.metricName())
                .datapoints(datapoints)
                .build();
    }

    private static Map<String, Statistic> wanted(GetMetricStatisticsRequest request) {
        if (request.hasStatistics() && request.hasExtendedStatistics()) {
            throw combination("Statistics and ExtendedStatistics cannot be set in the same request.");
        }
        List<String> names = request.hasStatistics() ? request.statisticsAsStrings() : request.extendedStatistics();
        if (names.isEmpty()) {
            throw missing("Must specify either Statistics or ExtendedStatistics");
        }
        Map<String, Statistic> statistics = new LinkedHashMap<>();
        for (String name : names) {
            statistics.put(name, Statistic.parse(name).orElseThrow(() -> invalid("ExtendedStatistics", name)));
        }
        return statistics;
    }

    /** The longer ago, the coarser is the beginning. */
    private long rounded(Instant start, int period) {
        long age = Duration.between(start, clock.instant()).toSeconds();
        long step = MINUTE;
        if (age > Tier.FIVE_MINUTES.kept().toSeconds()) {
            step = Tier.HOUR.seconds();
        } else if (age > Tier.MINUTE.kept().toSeconds()) {
            step = Tier.FIVE_MINUTES.seconds();
        } else if (period < MINUTE) {
            step = period;
        }
        return start.getEpochSecond() - Math.floorMod(start.getEpochSecond(), step);
    }

    private static Optional<Datapoint> datapoint(
            long time, String unit, Summary summary, Map<String, Statistic> statistics) {
        Datapoint.Builder point =
                Datapoint.builder().timestamp(Instant.ofEpochSecond(time)).unit(unit);
        Map<String, Double> extended = new LinkedHashMap<>();
        for (Map.Entry<String, Statistic> wanted : statistics.entrySet()) {
            OptionalDouble value = wanted.getValue().of(summary);
            switch (wanted.getKey()) {
                case "SampleCount" -> point.sampleCount(summary.count());
                case "Sum" -> point.sum(summary.sum());
                case "Average" -> point.average(summary.average());
                case "Minimum" -> point.minimum(summary.minimum());
                case "Maximum" -> point.maximum(summary.maximum());
                default -> value.ifPresent(known -> extended.put(wanted.getKey(), known));
            }
        }
        boolean plain = statistics.keySet().stream()
                .anyMatch(name -> Set.of("SampleCount", "Sum", "Average", "Minimum", "Maximum")
                        .contains(name));
        if (!extended.isEmpty()) {
            point.extendedStatistics(extended);
        }
        return plain || !extended.isEmpty() ? Optional.of(point.build()) : Optional.empty();
    }

    ListMetricsResponse list(ListMetricsRequest request) {
        CallContext context = CallContext.current();
        Instant oldest = clock.instant().minus(request.recentlyActive() == null ? LISTED : RECENT);
        boolean own = request.owningAccount() == null || request.owningAccount().equals(context.account());
        List<MetricKey> found = new ArrayList<>();
        if (own) {
            store.metrics(context.account(), context.region(), Optional.ofNullable(request.namespace()))
                    .forEach((metric, last) -> {
                        if (last >= oldest.getEpochSecond()
                                && (request.metricName() == null
                                        || request.metricName().equals(metric.name()))
                                && matches(metric, request.dimensions())) {
                            found.add(metric);
                        }
                    });
        }
        String list = "metrics " + request.namespace() + " " + request.metricName() + " " + request.dimensions() + " "
                + request.recentlyActiveAsString();
        Pages.Slice<MetricKey> page = pages.of(list, found, MOST_METRICS, request.nextToken());
        ListMetricsResponse.Builder response = ListMetricsResponse.builder()
                .metrics(page.items().stream().map(MetricKey::metric).toList())
                .nextToken(page.next());
        if (Boolean.TRUE.equals(request.includeLinkedAccounts())) {
            response.owningAccounts(
                    page.items().stream().map(MetricKey::account).toList());
        }
        return response.build();
    }

    private static boolean matches(MetricKey metric, List<DimensionFilter> filters) {
        return filters.stream().allMatch(filter -> {
            String value = metric.dimensions().get(filter.name());
            return value != null && (filter.value() == null || filter.value().equals(value));
        });
    }
}
