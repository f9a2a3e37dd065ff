package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Summary;
import dev.outcrop.services.cloudwatch.AlarmDecision.Missing;
import dev.outcrop.services.cloudwatch.AlarmDecision.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Finds out which state the data of a metric alarm make. Its periods are counted back from the last full minute, or from
 * the last full period where that is shorter.
 *
 * <p>Source: "Alarm evaluation", Amazon CloudWatch user guide.
 */
final class AlarmEvaluator {
    private static final int MINUTE = 60;

    private final SeriesStore store;
    private final AnomalyModels models;

    AlarmEvaluator(SeriesStore store, AnomalyModels models) {
        this.store = store;
        this.models = models;
    }

    /** What was measured, and between what it should be, where that is no fixed threshold. */
    private record Data(
            NavigableMap<Long, Double> values,
            Optional<NavigableMap<Long, Double>> upper,
            Optional<NavigableMap<Long, Double>> lower,
            boolean hasTooFewSamples) {}

    /** One period of the alarm. */
    private record Slot(long time, Point point, Double value, Double upper, Double lower) {}

    /** The period of the alarm in seconds. */
    static int period(MetricAlarm alarm) {
        if (alarm.period() != null) {
            return alarm.period();
        }
        return alarm.metrics().stream()
                .mapToInt(query -> query.metricStat() != null
                        ? query.metricStat().period()
                        : query.period() == null ? 0 : query.period())
                .filter(period -> period > 0)
                .max()
                .orElse(MINUTE);
    }

    /** Another state that the data make at {@code now}; empty where the alarm stays in its own. */
    Optional<Alarm.State> evaluate(MetricAlarm alarm, Instant now) {
        int period = period(alarm);
        long step = Math.min(period, MINUTE);
        long end = now.getEpochSecond() - Math.floorMod(now.getEpochSecond(), step);
        int evaluated = alarm.evaluationPeriods();
        int looked = evaluated + AlarmDecision.EARLIER;
        long start = end - (long) looked * period;
        Data data;
        try {
            data = alarm.metricName() != null ? ofMetric(alarm, start, end, period) : ofQueries(alarm, start, end);
        } catch (InvalidExpressionException wrong) {
            String reason = "Error in the expression of the alarm: " + wrong.getMessage();
            return alarm.stateValue() == StateValue.INSUFFICIENT_DATA
                    ? Optional.empty()
                    : Optional.of(new Alarm.State(StateValue.INSUFFICIENT_DATA, reason, Optional.empty(), now));
        }
        if (data.hasTooFewSamples) {
            return Optional.empty();
        }
        List<Slot> slots = new ArrayList<>(looked);
        for (int index = 0; index < looked; index++) {
            slots.add(slot(alarm, data, start + (long) index * period));
        }
        int toAlarm = alarm.datapointsToAlarm() == null ? evaluated : alarm.datapointsToAlarm();
        Missing missing = Missing.of(alarm.treatMissingData());
        AlarmDecision decision =
                AlarmDecision.of(slots.stream().map(Slot::point).toList(), evaluated, toAlarm, missing);
        if (decision.name().equals(alarm.stateValueAsString())) {
            return Optional.empty();
        }
        return switch (decision) {
            case RETAIN -> Optional.empty();
            case OK, ALARM, INSUFFICIENT_DATA ->
                Optional.of(state(alarm, StateValue.fromValue(decision.name()), slots, toAlarm, now));
        };
    }

    private Data ofMetric(MetricAlarm alarm, long start, long end, int period) {
        String name = alarm.statistic() == null ? alarm.extendedStatistic() : alarm.statisticAsString();
        Statistic statistic = Statistic.parse(name)
                .orElseThrow(() -> new InvalidExpressionException("\"" + name + "\" is not a statistic."));
        String[] arn = alarm.alarmArn().split(":", 6);
        MetricKey metric = MetricKey.of(arn[4], arn[3], alarm.namespace(), alarm.metricName(), alarm.dimensions());
        NavigableMap<Long, Summary> summaries =
                store.read(metric, Optional.ofNullable(alarm.unitAsString()), start, end, period);
        NavigableMap<Long, Double> values = new TreeMap<>();
        summaries.forEach(
                (time, summary) -> statistic.of(summary).ifPresent(value -> TimeSeries.put(values, time, value)));
        return new Data(
                values,
                Optional.empty(),
                Optional.empty(),
                "ignore".equals(alarm.evaluateLowSampleCountPercentile()) && hasTooFewSamples(statistic, summaries));
    }

    private static boolean hasTooFewSamples(Statistic statistic, NavigableMap<Long, Summary> summaries) {
        if (statistic.percentile().isEmpty() || summaries.isEmpty()) {
            return false;
        }
        double share = statistic.percentile().get();
        double fewest = share >= 0.5 ? 10 / (1 - share) : 10 / share;
        double samples = summaries.values().stream().mapToDouble(Summary::count).sum();
        return samples < fewest;
    }

    private Data ofQueries(MetricAlarm alarm, long start, long end) {
        String[] arn = alarm.alarmArn().split(":", 6);
        QueryRun run = new QueryRun(store, models, arn[4], arn[3], alarm.metrics(), start, end, true);
        MetricDataQuery watched = alarm.metrics().stream()
                .filter(query -> !query.id().equals(alarm.thresholdMetricId()))
                .filter(query -> !Boolean.FALSE.equals(query.returnData()))
                .findFirst()
                .orElseThrow(() -> new InvalidExpressionException("No query returns data."));
        List<TimeSeries> series = run.series(watched);
        if (series.size() != 1) {
            throw new InvalidExpressionException(
                    "An alarm watches one time series, but the expression gives " + series.size() + ".");
        }
        if (alarm.thresholdMetricId() == null) {
            return new Data(series.getFirst().values(), Optional.empty(), Optional.empty(), false);
        }
        MetricDataQuery threshold = alarm.metrics().stream()
                .filter(query -> query.id().equals(alarm.thresholdMetricId()))
                .findFirst()
                .orElseThrow(() -> new InvalidExpressionException("There is no query of the threshold."));
        List<TimeSeries> band = run.series(threshold);
        return new Data(
                series.getFirst().values(),
                Optional.of(band.getFirst().values()),
                Optional.of(band.getLast().values()),
                false);
    }

    private static Slot slot(MetricAlarm alarm, Data data, long time) {
        Double value = data.values.get(time);
        if (data.upper.isEmpty()) {
            if (value == null) {
                return new Slot(time, Point.MISSING, null, null, null);
            }
            boolean breaches = breaches(alarm.comparisonOperator(), value, alarm.threshold(), alarm.threshold());
            return new Slot(time, breaches ? Point.BREACHING : Point.WITHIN, value, null, null);
        }
        Double upper = data.upper.get().get(time);
        Double lower = data.lower.orElseThrow().get(time);
        if (value == null || upper == null || lower == null) {
            return new Slot(time, Point.MISSING, null, null, null);
        }
        boolean breaches = breaches(alarm.comparisonOperator(), value, upper, lower);
        return new Slot(time, breaches ? Point.BREACHING : Point.WITHIN, value, upper, lower);
    }

    private static boolean breaches(ComparisonOperator operator, double value, double upper, double lower) {
        return switch (operator) {
            case GREATER_THAN_THRESHOLD, GREATER_THAN_UPPER_THRESHOLD -> value > upper;
            case GREATER_THAN_OR_EQUAL_TO_THRESHOLD -> value >= upper;
            case LESS_THAN_THRESHOLD, LESS_THAN_LOWER_THRESHOLD -> value < lower;
            case LESS_THAN_OR_EQUAL_TO_THRESHOLD -> value <= lower;
            case LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD -> value < lower || value > upper;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    private static Alarm.State state(MetricAlarm alarm, StateValue value, List<Slot> slots, int toAlarm, Instant now) {
        int evaluated = alarm.evaluationPeriods();
        List<Slot> present = slots.stream()
                .filter(slot -> slot.point != Point.MISSING)
                .sorted(Comparator.comparingLong(Slot::time).reversed())
                .limit(evaluated)
                .toList();
        String reason = AlarmReasons.reason(
                alarm,
                value,
                present.stream()
                        .map(slot -> new AlarmReasons.Shown(slot.time, slot.value, slot.upper, slot.lower, slot.point))
                        .toList(),
                toAlarm);
        String data = AlarmReasons.data(
                alarm,
                slots.get(slots.size() - evaluated).time,
                present.reversed().stream()
                        .map(slot -> new AlarmReasons.Shown(slot.time, slot.value, slot.upper, slot.lower, slot.point))
                        .toList(),
                now);
        return new Alarm.State(value, reason, Optional.of(data), now);
    }
}
