package dev.outcrop.services.cloudwatch;

import dev.outcrop.services.cloudwatch.AlarmDecision.Missing;
import dev.outcrop.services.cloudwatch.AlarmDecision.Point;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Says why an alarm is in its state, in CloudWatch's words. */
final class AlarmReasons {
    /** The reason of the first state. */
    static final String INITIAL = "Unchecked: Initial alarm creation";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss", Locale.ROOT);
    private static final int LONGEST = 1023;
    private static final int MOST_SHOWN = 5;

    private AlarmReasons() {}

    /** A point that was evaluated; its limits are null where there is a fixed threshold. */
    record Shown(long time, Double value, Double upper, Double lower, Point point) {}

    /**
     * Why an alarm is in a state.
     *
     * @param present the points that are there, the newest first
     */
    static String reason(MetricAlarm alarm, StateValue state, List<Shown> present, int toAlarm) {
        int evaluated = alarm.evaluationPeriods();
        int missing = evaluated - present.size();
        if (state == StateValue.INSUFFICIENT_DATA) {
            return "Insufficient Data: " + evaluated + (evaluated == 1 ? " datapoint was" : " datapoints were")
                    + " unknown.";
        }
        String word = alarm.thresholdMetricId() == null ? "Threshold Crossed: " : "Thresholds Crossed: ";
        if (present.isEmpty()) {
            return word + "no datapoints were received for " + evaluated
                    + (evaluated == 1 ? " period and " : " periods and ") + treated(alarm, missing) + ".";
        }
        boolean alarmed = state == StateValue.ALARM;
        List<Shown> telling = present.stream()
                .filter(shown -> (shown.point == Point.BREACHING) == alarmed)
                .toList();
        List<Shown> shown = telling.isEmpty() ? present : telling;
        String points = shown.stream()
                .limit(MOST_SHOWN)
                .map(point -> number(point.value) + " ("
                        + TIME.format(Instant.ofEpochSecond(point.time).atOffset(ZoneOffset.UTC)) + ")")
                .collect(Collectors.joining(", "));
        int fewest = alarmed ? toAlarm : evaluated - toAlarm + 1;
        String text = word + shown.size() + " out of the last " + present.size()
                + " datapoints [" + points + "] "
                + (shown.size() == 1 ? "was " : "were ") + comparison(alarm, alarmed && !telling.isEmpty(), shown)
                + " (minimum " + fewest + (fewest == 1 ? " datapoint" : " datapoints") + " for "
                + (alarmed ? "OK -> ALARM" : "ALARM -> OK") + " transition)"
                + (missing > 0 && isFilled(alarm) ? " and " + treated(alarm, missing) : "") + ".";
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    }

    private static boolean isFilled(MetricAlarm alarm) {
        return switch (Missing.of(alarm.treatMissingData())) {
            case BREACHING, NOT_BREACHING -> true;
            case MISSING, IGNORE -> false;
        };
    }

    private static String treated(MetricAlarm alarm, int missing) {
        String as = switch (Missing.of(alarm.treatMissingData())) {
            case BREACHING -> "Breaching";
            case NOT_BREACHING -> "NonBreaching";
            case IGNORE -> "Ignore";
            case MISSING -> "Missing";
        };
        return missing + " missing " + (missing == 1 ? "datapoint was" : "datapoints were") + " treated as [" + as
                + "]";
    }

    private static String comparison(MetricAlarm alarm, boolean breaching, List<Shown> shown) {
        String not = breaching ? "" : "not ";
        String threshold = " (" + number(alarm.threshold()) + ")";
        return switch (alarm.comparisonOperator()) {
            case GREATER_THAN_THRESHOLD -> not + "greater than the threshold" + threshold;
            case GREATER_THAN_OR_EQUAL_TO_THRESHOLD -> not + "greater than or equal to the threshold" + threshold;
            case LESS_THAN_THRESHOLD -> not + "less than the threshold" + threshold;
            case LESS_THAN_OR_EQUAL_TO_THRESHOLD -> not + "less than or equal to the threshold" + threshold;
            case GREATER_THAN_UPPER_THRESHOLD ->
                not + "greater than the upper thresholds " + limits(shown, Shown::upper);
            case LESS_THAN_LOWER_THRESHOLD -> not + "less than the lower thresholds " + limits(shown, Shown::lower);
            case LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD ->
                not + "less than the lower thresholds " + limits(shown, Shown::lower) + " or " + not
                        + "greater than the upper thresholds " + limits(shown, Shown::upper);
            case UNKNOWN_TO_SDK_VERSION -> not + "beyond the threshold" + threshold;
        };
    }

    private static String limits(List<Shown> shown, Function<Shown, Double> limit) {
        return shown.stream()
                .limit(MOST_SHOWN)
                .map(point -> number(limit.apply(point)))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String number(Double value) {
        return String.valueOf(value);
    }

    /**
     * The same for programs.
     *
     * @param start when the first period that was evaluated begins
     * @param shown the points that are there, the oldest first
     */
    static String data(MetricAlarm alarm, long start, List<Shown> shown, Instant now) {
        return AlarmTexts.json(json -> {
            json.writeStringField("version", "1.0");
            json.writeStringField("queryDate", AlarmTexts.time(now));
            json.writeStringField("startDate", AlarmTexts.time(Instant.ofEpochSecond(start)));
            if (alarm.metricName() != null) {
                json.writeStringField(
                        "statistic", alarm.statistic() == null ? alarm.extendedStatistic() : alarm.statisticAsString());
            }
            json.writeNumberField("period", AlarmEvaluator.period(alarm));
            json.writeArrayFieldStart("recentDatapoints");
            for (Shown point : shown) {
                json.writeNumber(point.value);
            }
            json.writeEndArray();
            if (alarm.thresholdMetricId() == null) {
                json.writeNumberField("threshold", alarm.threshold());
            } else {
                json.writeArrayFieldStart("recentLowerThresholds");
                for (Shown point : shown) {
                    json.writeNumber(point.lower);
                }
                json.writeEndArray();
                json.writeArrayFieldStart("recentUpperThresholds");
                for (Shown point : shown) {
                    json.writeNumber(point.upper);
                }
                json.writeEndArray();
            }
        });
    }
}
