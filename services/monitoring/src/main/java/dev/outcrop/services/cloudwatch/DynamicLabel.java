package dev.outcrop.services.cloudwatch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Labels that tell of the series that they stand at, such as {@code ${MAX} at ${MAX_TIME}}.
 *
 * <p>Source: "Using dynamic labels", Amazon CloudWatch user guide.
 */
final class DynamicLabel {
    private static final Pattern PLACE = Pattern.compile("\\$\\{(?:PROP\\('([^']*)'\\)|([A-Z_]+))\\}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter ELSEWHERE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private final ZoneId zone;
    private final Instant now;

    /**
     * Labels.
     *
     * @param timezone such as {@code +0130}; null for UTC
     */
    DynamicLabel(String timezone, Instant now) {
        this.now = now;
        try {
            zone = timezone == null ? ZoneOffset.UTC : ZoneOffset.of(timezone);
        } catch (DateTimeException malformed) {
            throw CloudWatchErrors.validation(
                    "The value " + timezone + " for parameter LabelOptions.Timezone is invalid.");
        }
    }

    /** The label that {@code template} is at {@code series}. */
    String of(String template, TimeSeries series) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(
                        place.group(1) != null ? property(place.group(1), series) : value(place.group(2), series)));
    }

    private static String property(String name, TimeSeries series) {
        if (series.metric().isEmpty()) {
            return name.equals("Period") ? String.valueOf(series.period()) : "";
        }
        TimeSeries.Origin origin = series.metric().get();
        return switch (name) {
            case "AccountId" -> origin.metric().account();
            case "MetricName" -> origin.metric().name();
            case "Namespace" -> origin.metric().namespace();
            case "Period" -> String.valueOf(series.period());
            case "Region" -> origin.metric().region();
            case "Stat" -> origin.statistic().name();
            default -> name.startsWith("Dim.") ? origin.metric().dimensions().getOrDefault(name.substring(4), "") : "";
        };
    }

    private String value(String name, TimeSeries series) {
        if (name.equals("LABEL")) {
            return series.label();
        }
        if (name.equals("DATAPOINT_COUNT")) {
            return String.valueOf(series.values().size());
        }
        if (series.values().isEmpty()) {
            return "--";
        }
        Map.Entry<Long, Double> first = series.values().firstEntry();
        Map.Entry<Long, Double> last = series.values().lastEntry();
        Map.Entry<Long, Double> least = series.values().entrySet().stream()
                .min(Comparator.comparingDouble(Map.Entry::getValue))
                .orElseThrow();
        Map.Entry<Long, Double> most = series.values().entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .orElseThrow();
        return switch (name) {
            case "AVG" ->
                number(series.values().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow());
            case "SUM" ->
                number(series.values().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum());
            case "FIRST" -> number(first.getValue());
            case "LAST" -> number(last.getValue());
            case "MIN" -> number(least.getValue());
            case "MAX" -> number(most.getValue());
            case "FIRST_LAST_RANGE" -> number(first.getValue()) + " - " + number(last.getValue());
            case "MIN_MAX_RANGE" -> number(least.getValue()) + " - " + number(most.getValue());
            case "FIRST_TIME" -> time(first.getKey());
            case "LAST_TIME" -> time(last.getKey());
            case "MIN_TIME" -> time(least.getKey());
            case "MAX_TIME" -> time(most.getKey());
            case "FIRST_LAST_TIME_RANGE" -> time(first.getKey()) + " - " + time(last.getKey());
            case "MIN_MAX_TIME_RANGE" -> time(least.getKey()) + " - " + time(most.getKey());
            case "FIRST_TIME_RELATIVE" -> relative(first.getKey());
            case "LAST_TIME_RELATIVE" -> relative(last.getKey());
            case "MIN_TIME_RELATIVE" -> relative(least.getKey());
            case "MAX_TIME_RELATIVE" -> relative(most.getKey());
            default -> "${" + name + "}";
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(Math.round(value * 1000) / 1000.0);
    }

    private String time(long seconds) {
        return (zone.equals(ZoneOffset.UTC) ? TIME : ELSEWHERE)
                .format(Instant.ofEpochSecond(seconds).atZone(zone));
    }

    private String relative(long seconds) {
        Duration age = Duration.between(Instant.ofEpochSecond(seconds), now);
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h ago";
        }
        return age.toHours() > 0
                ? age.toHours() + "h" + age.toMinutesPart() + "m ago"
                : age.toMinutes() + "m" + age.toSecondsPart() + "s ago";
    }
}
