package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.SeasonalModel;
import dev.outcrop.engines.series.Summary;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/** The queries of one request, or of one alarm, over one range of time. Not safe for concurrent use. */
final class QueryRun implements MathData {
    /** The most series that a search gives. */
    static final int MOST_FOUND = 500;

    private final SeriesStore store;
    private final AnomalyModels models;
    private final String account;
    private final String region;
    private final Map<String, MetricDataQuery> queries = new LinkedHashMap<>();
    private final long start;
    private final long end;
    private final boolean endsAtEnd;
    private final Map<String, MathValue> results = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final MathEvaluator evaluator = new MathEvaluator(this);
    private int period;

    /**
     * A run.
     *
     * @param start     the first second since 1970
     * @param end       the last second, exclusive
     * @param endsAtEnd whether periods are counted back from the end, as alarms do; else they are those of the clock
     */
    QueryRun(
            SeriesStore store,
            AnomalyModels models,
            String account,
            String region,
            List<MetricDataQuery> queries,
            long start,
            long end,
            boolean endsAtEnd) {
        this.store = store;
        this.models = models;
        this.account = account;
        this.region = region;
        this.start = start;
        this.end = end;
        this.endsAtEnd = endsAtEnd;
        queries.forEach(query -> this.queries.put(query.id(), query));
        period = queries.stream()
                .mapToInt(QueryRun::period)
                .filter(known -> known > 0)
                .min()
                .orElse(60);
    }

    private static int period(MetricDataQuery query) {
        if (query.metricStat() != null) {
            return query.metricStat().period();
        }
        return query.period() == null ? 0 : query.period();
    }

    /**
     * What a query comes to.
     *
     * @throws InvalidExpressionException if its expression makes no sense
     */
    List<TimeSeries> series(MetricDataQuery query) {
        if (query.expression() != null && query.period() != null) {
            period = query.period();
        }
        return switch (result(query)) {
            case TimeSeries one -> List.of(one);
            case MathValue.Many many -> many.series();
            case MathValue.Scalar _, MathValue.Word _ ->
                throw new InvalidExpressionException(
                        "The final result of an expression must be a time series or an array of time series.");
        };
    }

    private MathValue result(MetricDataQuery query) {
        MathValue known = results.get(query.id());
        if (known != null) {
            return known;
        }
        if (!running.add(query.id())) {
            throw new InvalidExpressionException("The expression \"" + query.id() + "\" refers to itself.");
        }
        MathValue result = query.metricStat() != null
                ? metric(query.metricStat())
                : evaluator.evaluate(MathParser.parse(query.expression()));
        running.remove(query.id());
        results.put(query.id(), result);
        return result;
    }

    private TimeSeries metric(MetricStat stat) {
        Statistic statistic = Statistic.parse(stat.stat())
                .orElseThrow(() -> new InvalidExpressionException("\"" + stat.stat() + "\" is not a statistic."));
        MetricKey metric = MetricKey.of(account, region, stat.metric());
        return statistic(metric, statistic, Optional.ofNullable(stat.unitAsString()), stat.period());
    }

    private TimeSeries statistic(MetricKey metric, Statistic statistic, Optional<String> unit, int step) {
        NavigableMap<Long, Double> values = new TreeMap<>();
        store.read(metric, unit, first(step), end, step)
                .forEach((time, summary) ->
                        statistic.of(summary).ifPresent(value -> TimeSeries.put(values, time, value)));
        return new TimeSeries(metric.name(), step, Optional.of(new TimeSeries.Origin(metric, statistic, unit)), values);
    }

    @Override
    public long first(int step) {
        return endsAtEnd
                ? end - Math.ceilDiv(end - start, (long) step) * step
                : start - Math.floorMod(start, (long) step);
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public int period() {
        return period;
    }

    @Override
    public Optional<MathValue> named(String id) {
        return Optional.ofNullable(queries.get(id)).map(this::result);
    }

    @Override
    public List<TimeSeries> metrics(String idPart) {
        List<TimeSeries> found = new ArrayList<>();
        for (MetricDataQuery query : queries.values()) {
            if (query.metricStat() != null && query.id().contains(idPart)) {
                found.addAll(series(query));
            }
        }
        return found;
    }

    @Override
    public List<TimeSeries> search(SearchExpression search, Statistic statistic, OptionalInt wanted) {
        int step = wanted.orElse(period);
        if (!MetricReads.isPeriod(step)) {
            throw new InvalidExpressionException(step + " is not a valid period.");
        }
        List<MetricKey> found = store.metrics(account, region, search.schema().map(List::getFirst)).keySet().stream()
                .filter(search::finds)
                .limit(MOST_FOUND)
                .toList();
        boolean sameName = found.stream().map(MetricKey::name).distinct().count() <= 1;
        return found.stream()
                .map(metric ->
                        statistic(metric, statistic, Optional.empty(), step).withLabel(label(metric, sameName)))
                .toList();
    }

    private static String label(MetricKey metric, boolean sameName) {
        String values = String.join(" ", metric.dimensions().values());
        if (values.isEmpty()) {
            return metric.name();
        }
        return sameName ? values : values + " " + metric.name();
    }

    @Override
    public List<TimeSeries> select(InsightsQuery query) {
        Map<List<String>, NavigableMap<Long, Summary>> groups = new LinkedHashMap<>();
        store.metrics(account, region, Optional.of(query.namespace())).keySet().stream()
                .filter(query::finds)
                .forEach(metric -> {
                    NavigableMap<Long, Summary> group =
                            groups.computeIfAbsent(query.group(metric), fresh -> new TreeMap<>());
                    store.read(metric, Optional.empty(), first(period), end, period)
                            .forEach((time, summary) -> group.merge(time, summary, Summary::merged));
                });
        groups.values().removeIf(Map::isEmpty);
        List<Map.Entry<List<String>, NavigableMap<Long, Summary>>> ordered = new ArrayList<>(groups.entrySet());
        query.order().ifPresent(order -> {
            Comparator<Map.Entry<List<String>, NavigableMap<Long, Summary>>> by =
                    Comparator.comparingDouble(group -> order.of(group.getValue().values().stream()
                            .reduce(Summary::merged)
                            .orElseThrow()));
            ordered.sort(query.descending() ? by.reversed() : by);
        });
        return ordered.stream()
                .limit(query.limit())
                .map(group -> new TimeSeries(
                        group.getKey().isEmpty() ? query.metric() : String.join(" ", group.getKey()),
                        period,
                        Optional.empty(),
                        group.getValue().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        slot -> query.function().of(slot.getValue()),
                                        (one, _) -> one,
                                        TreeMap::new))))
                .toList();
    }

    @Override
    public List<TimeSeries> band(TimeSeries series, double deviations) {
        Optional<SeasonalModel> model =
                series.metric().isPresent() ? models.of(series.metric().get()) : ofExpression(series);
        NavigableMap<Long, Double> upper = new TreeMap<>();
        NavigableMap<Long, Double> lower = new TreeMap<>();
        if (model.isPresent()) {
            for (long time = first(series.period()); time < end; time += series.period()) {
                SeasonalModel.Expectation expected = model.get().expected(time);
                upper.put(time, expected.at(deviations));
                lower.put(time, expected.at(-deviations));
            }
        }
        return List.of(
                new TimeSeries(series.label() + " High", series.period(), Optional.empty(), upper),
                new TimeSeries(series.label() + " Low", series.period(), Optional.empty(), lower));
    }

    /** A model of an expression learns from the same expression over the two weeks before. */
    private Optional<SeasonalModel> ofExpression(TimeSeries series) {
        Optional<String> id = results.entrySet().stream()
                .filter(result -> result.getValue().equals(series))
                .map(Map.Entry::getKey)
                .findFirst();
        if (id.isEmpty() || queries.get(id.get()).expression().contains("ANOMALY_DETECTION_BAND")) {
            return Optional.empty();
        }
        QueryRun learning = new QueryRun(
                store,
                models,
                account,
                region,
                List.copyOf(queries.values()),
                end - AnomalyModels.LEARNED.toSeconds(),
                end,
                endsAtEnd);
        NavigableMap<Long, Double> values = learning.series(queries.get(id.get())).stream()
                .findFirst()
                .map(TimeSeries::values)
                .orElseGet(TreeMap::new);
        return AnomalyModels.train(values, ZoneOffset.UTC);
    }
}
