package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.validation;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/**
 * Answers many queries at once.
 *
 * <p>Source: GetMetricData of the Amazon CloudWatch API reference.
 */
final class MetricQueries {
    private static final int MOST_QUERIES = 500;
    private static final int MOST_DATAPOINTS = 100_800;
    private static final int LONGEST_SERIES = 1_000_000;
    private static final Pattern ID = Pattern.compile("[a-z][a-zA-Z0-9_]*");

    private final SeriesStore store;
    private final AnomalyModels models;
    private final Pages pages;
    private final InstantSource clock;

    MetricQueries(SeriesStore store, AnomalyModels models, Pages pages, InstantSource clock) {
        this.store = store;
        this.models = models;
        this.pages = pages;
        this.clock = clock;
    }

    GetMetricDataResponse data(GetMetricDataRequest request) {
        if (!request.startTime().isBefore(request.endTime())) {
            throw validation("The parameter StartTime must be less than the parameter EndTime.");
        }
        if (request.metricDataQueries().size() > MOST_QUERIES) {
            throw validation(
                    "The collection MetricDataQueries must not have a size greater than " + MOST_QUERIES + ".");
        }
        checkQueries(request.metricDataQueries());
        long start = request.startTime().getEpochSecond();
        long end = Math.ceilDiv(request.endTime().toEpochMilli(), 1000L);
        for (MetricDataQuery query : request.metricDataQueries()) {
            int period = query.metricStat() != null
                    ? query.metricStat().period()
                    : query.period() == null ? 60 : query.period();
            if ((end - start) / period > LONGEST_SERIES) {
                throw validation("The time range has too many periods of " + period + " seconds.");
            }
        }
        CallContext context = CallContext.current();
        QueryRun run = new QueryRun(
                store, models, context.account(), context.region(), request.metricDataQueries(), start, end, false);
        DynamicLabel labels = new DynamicLabel(
                request.labelOptions() == null ? null : request.labelOptions().timezone(), clock.instant());
        List<Labelled> all = new ArrayList<>();
        for (MetricDataQuery query : request.metricDataQueries()) {
            if (!Boolean.FALSE.equals(query.returnData())) {
                for (TimeSeries series : series(run, query)) {
                    all.add(new Labelled(query.id(), label(query, series, labels), series.values()));
                }
            }
        }
        return page(request, all);
    }

    private record Labelled(String id, String label, NavigableMap<Long, Double> values) {}

    private static List<TimeSeries> series(QueryRun run, MetricDataQuery query) {
        try {
            return run.series(query);
        } catch (InvalidExpressionException wrong) {
            throw validation("Error in expression '" + query.id() + "': " + wrong.getMessage());
        }
    }

    private static String label(MetricDataQuery query, TimeSeries series, DynamicLabel labels) {
        if (query.label() == null) {
            return query.metricStat() != null || isSearch(query) ? series.label() : query.id();
        }
        if (query.label().contains("${")) {
            return labels.of(query.label(), series);
        }
        return isSearch(query) && !series.label().isEmpty() ? query.label() + " " + series.label() : query.label();
    }

    private static boolean isSearch(MetricDataQuery query) {
        return query.expression() != null
                && (query.expression().contains("SEARCH(")
                        || query.expression().contains("METRICS(")
                        || query.expression().strip().regionMatches(true, 0, "SELECT ", 0, 7));
    }

    /**
     * Makes sure that queries are well formed.
     *
     * @throws dev.outcrop.kernel.AwsError {@code ValidationError} if not
     */
    static void checkQueries(List<MetricDataQuery> queries) {
        if (queries.isEmpty()) {
            throw validation("The parameter MetricDataQueries is required.");
        }
        Set<String> ids = new HashSet<>();
        for (MetricDataQuery query : queries) {
            if (!ID.matcher(query.id()).matches()) {
                throw validation("The value " + query.id() + " for parameter MetricDataQueries.Id is invalid: it must"
                        + " begin with a lowercase letter and consist of letters, numbers and underscores.");
            }
            if (!ids.add(query.id())) {
                throw validation("The Id " + query.id() + " is not unique in MetricDataQueries.");
            }
            check(query);
        }
    }

    private static void check(MetricDataQuery query) {
        if ((query.expression() == null) == (query.metricStat() == null)) {
            throw validation(
                    "Exactly one of Expression and MetricStat must be specified for the query " + query.id() + ".");
        }
        if (query.metricStat() != null) {
            if (!MetricReads.isPeriod(query.metricStat().period())) {
                throw validation("The value " + query.metricStat().period()
                        + " for parameter MetricDataQueries.MetricStat.Period is invalid.");
            }
            if (Statistic.parse(query.metricStat().stat()).isEmpty()) {
                throw validation("The value " + query.metricStat().stat()
                        + " for parameter MetricDataQueries.MetricStat.Stat is invalid.");
            }
            if (query.metricStat().metric().namespace() == null
                    || query.metricStat().metric().metricName() == null) {
                throw validation("Namespace and MetricName are required for the query " + query.id() + ".");
            }
        } else if (query.period() != null && !MetricReads.isPeriod(query.period())) {
            throw validation("The value " + query.period() + " for parameter MetricDataQueries.Period is invalid.");
        }
        if (query.expression() != null) {
            try {
                MathParser.parse(query.expression());
            } catch (InvalidExpressionException malformed) {
                throw validation("Error in expression '" + query.id() + "': " + malformed.getMessage());
            }
        }
    }

    /** The datapoints of all results stand in one row, of which a page is a stretch. */
    private GetMetricDataResponse page(GetMetricDataRequest request, List<Labelled> all) {
        int most = request.maxDatapoints() == null
                ? MOST_DATAPOINTS
                : Math.clamp(request.maxDatapoints(), 1, MOST_DATAPOINTS);
        String list = "data "
                + Fingerprint.of(request.toBuilder()
                        .nextToken(null)
                        .maxDatapoints(null)
                        .build()
                        .toString());
        int from = pages.begin(list, request.nextToken());
        int to = from + most;
        int at = 0;
        List<MetricDataResult> results = new ArrayList<>();
        for (Labelled series : all) {
            int size = series.values.size();
            boolean here = (at + size > from && at < to) || (size == 0 && at >= from && at <= to);
            if (here) {
                int first = Math.max(0, from - at);
                int last = Math.min(size, to - at);
                results.add(result(series, request.scanBy() == ScanBy.TIMESTAMP_ASCENDING, first, last));
            }
            at += size;
        }
        return GetMetricDataResponse.builder()
                .metricDataResults(results)
                .messages(List.of())
                .nextToken(pages.next(list, to, at).orElse(null))
                .build();
    }

    private static MetricDataResult result(Labelled series, boolean ascending, int from, int to) {
        List<Map.Entry<Long, Double>> points =
                List.copyOf((ascending ? series.values : series.values.descendingMap()).entrySet());
        List<Map.Entry<Long, Double>> told = points.subList(from, to);
        return MetricDataResult.builder()
                .id(series.id)
                .label(series.label)
                .timestamps(told.stream()
                        .map(point -> Instant.ofEpochSecond(point.getKey()))
                        .toList())
                .values(told.stream().map(Map.Entry::getValue).toList())
                .statusCode(to < points.size() ? StatusCode.PARTIAL_DATA : StatusCode.COMPLETE)
                .build();
    }
}
