package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.combination;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.exclusive;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.invalid;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.missing;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.validation;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;

/** What must hold of an alarm before it is kept. */
final class AlarmChecks {
    private static final int DAY = 86_400;
    private static final int HOUR = 3600;
    private static final int WEEK = 7 * DAY;
    private static final int MOST_QUERIES = 20;
    private static final Set<Integer> SHORT_PERIODS = Set.of(10, 20, 30);
    private static final Set<String> MISSING = Set.of("breaching", "notBreaching", "ignore", "missing");
    private static final Set<ComparisonOperator> OF_BANDS = Set.of(
            ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
            ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
            ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD);

    private AlarmChecks() {}

    static void check(PutMetricAlarmRequest request) {
        checkActions(request.okActions(), request.alarmActions(), request.insufficientDataActions());
        if (request.treatMissingData() != null && !MISSING.contains(request.treatMissingData())) {
            throw invalid("TreatMissingData", request.treatMissingData());
        }
        if (request.evaluateLowSampleCountPercentile() != null
                && !Set.of("evaluate", "ignore").contains(request.evaluateLowSampleCountPercentile())) {
            throw validation("Option " + request.evaluateLowSampleCountPercentile() + " is not supported. Supported"
                    + " options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.");
        }
        if (request.datapointsToAlarm() != null && request.datapointsToAlarm() > request.evaluationPeriods()) {
            throw validation("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
        }
        boolean queries = request.hasMetrics() && !request.metrics().isEmpty();
        if (queries && request.metricName() != null) {
            throw exclusive("Metrics", "MetricName");
        }
        if (queries) {
            checkQueries(request);
        } else {
            checkMetric(request);
        }
        boolean band = OF_BANDS.contains(request.comparisonOperator());
        if (band != (request.thresholdMetricId() != null)) {
            throw combination(
                    band
                            ? "ThresholdMetricId is required for the comparison operator "
                                    + request.comparisonOperatorAsString()
                            : "ThresholdMetricId cannot be used with the comparison operator "
                                    + request.comparisonOperatorAsString());
        }
        if (!band && request.threshold() == null) {
            throw missing("The parameter Threshold is required.");
        }
        if (request.threshold() != null && request.thresholdMetricId() != null) {
            throw exclusive("Threshold", "ThresholdMetricId");
        }
        checkReach(request);
    }

    private static void checkMetric(PutMetricAlarmRequest request) {
        if (request.metricName() == null || request.namespace() == null || request.period() == null) {
            throw missing("The parameters MetricName, Namespace and Period are required.");
        }
        if (request.statistic() != null && request.extendedStatistic() != null) {
            throw exclusive("Statistic", "ExtendedStatistic");
        }
        if (request.statistic() == null && request.extendedStatistic() == null) {
            throw missing("Must specify either Statistic or ExtendedStatistic");
        }
        if (request.extendedStatistic() != null
                && Statistic.parse(request.extendedStatistic()).isEmpty()) {
            throw validation(
                    "The value " + request.extendedStatistic() + " for parameter ExtendedStatistic is not supported.");
        }
        checkPeriod(request.period());
    }

    private static void checkPeriod(int period) {
        if (!SHORT_PERIODS.contains(period) && (period < 60 || period % 60 != 0)) {
            throw validation("Period must be 10, 20, 30 or a multiple of 60");
        }
    }

    private static void checkQueries(PutMetricAlarmRequest request) {
        List<MetricDataQuery> queries = request.metrics();
        if (request.namespace() != null
                || request.statistic() != null
                || request.extendedStatistic() != null
                || request.period() != null
                || !request.dimensions().isEmpty()) {
            throw combination(
                    "Metrics cannot be used with MetricName, Namespace, Dimensions, Period, Unit, Statistic or"
                            + " ExtendedStatistic.");
        }
        if (queries.size() > MOST_QUERIES) {
            throw validation("Metrics list exceeds the limit of " + MOST_QUERIES);
        }
        MetricQueries.checkQueries(queries);
        long watched = queries.stream()
                .filter(query -> !query.id().equals(request.thresholdMetricId()))
                .filter(query -> !Boolean.FALSE.equals(query.returnData()))
                .count();
        if (watched != 1) {
            throw validation("Exactly one element of the metrics list should return data.");
        }
        for (MetricDataQuery query : queries) {
            if (query.metricStat() != null) {
                checkPeriod(query.metricStat().period());
            }
            if (query.expression() != null
                    && MathParser.parse(query.expression()).calls("SEARCH")) {
                throw validation("SEARCH is not supported on Metric Alarms.");
            }
        }
        if (request.thresholdMetricId() != null) {
            boolean band = queries.stream()
                    .anyMatch(query -> query.id().equals(request.thresholdMetricId())
                            && query.expression() != null
                            && query.expression().contains("ANOMALY_DETECTION_BAND"));
            if (!band) {
                throw validation("ThresholdMetricId must be the Id of an ANOMALY_DETECTION_BAND expression");
            }
        }
    }

    private static void checkReach(PutMetricAlarmRequest request) {
        int period = request.period() != null
                ? request.period()
                : request.metrics().stream()
                        .mapToInt(query -> query.metricStat() != null
                                ? query.metricStat().period()
                                : query.period() == null ? 0 : query.period())
                        .max()
                        .orElse(0);
        long reach = (long) period * request.evaluationPeriods();
        if (period < HOUR && reach > DAY) {
            throw validation("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= "
                    + DAY + ").");
        }
        if (reach > WEEK) {
            throw validation("Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= "
                    + WEEK + ").");
        }
    }

    static void checkActions(List<String> ok, List<String> alarm, List<String> insufficient) {
        Stream.of(ok, alarm, insufficient).flatMap(List::stream).forEach(action -> {
            if (!action.startsWith("arn:") || action.split(":", 6).length < 6) {
                throw validation("Invalid arn syntax: " + action);
            }
        });
    }
}
