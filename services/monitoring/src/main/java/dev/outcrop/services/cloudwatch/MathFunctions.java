package dev.outcrop.services.cloudwatch;

import dev.outcrop.services.cloudwatch.MathValue.Many;
import dev.outcrop.services.cloudwatch.MathValue.Scalar;
import dev.outcrop.services.cloudwatch.MathValue.Word;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongToDoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * The functions of metric math.
 *
 * <p>Source: "Functions supported for metric math", Amazon CloudWatch user guide. What reaches for other services
 * (INSIGHT_RULE_METRIC, DB_PERF_INSIGHTS, LAMBDA, SERVICE_QUOTA) is refused.
 */
final class MathFunctions {
    /** What functions understand beside values. */
    static final Set<String> WORDS = Set.of("REPEAT", "LINEAR", "ASC", "DESC", "AVG", "MIN", "MAX", "SUM");

    private final MathData data;
    private final MathEvaluator evaluator;

    MathFunctions(MathData data, MathEvaluator evaluator) {
        this.data = data;
        this.evaluator = evaluator;
    }

    MathValue call(MathExpression.Call call) {
        List<MathValue> arguments =
                call.arguments().stream().map(evaluator::evaluate).toList();
        return switch (call.function()) {
            case "ABS" -> each(call, arguments, Math::abs);
            case "CEIL" -> each(call, arguments, Math::ceil);
            case "FLOOR" -> each(call, arguments, Math::floor);
            case "LOG" -> each(call, arguments, Math::log);
            case "LOG10" -> each(call, arguments, Math::log10);
            case "AVG" -> reduce(call, arguments, MathFunctions::average, true);
            case "SUM" ->
                reduce(call, arguments, values -> Arrays.stream(values).sum(), true);
            case "MIN" -> reduce(call, arguments, MathFunctions::least, false);
            case "MAX" -> reduce(call, arguments, MathFunctions::most, false);
            case "STDDEV" -> reduce(call, arguments, MathFunctions::deviation, false);
            case "DATAPOINT_COUNT" -> reduce(call, arguments, values -> values.length, false);
            case "METRIC_COUNT" -> new Scalar(many(call, arguments, 1, 1).size());
            case "METRICS" -> metrics(call, arguments);
            case "PERIOD" -> new Scalar(one(call, arguments, 0, 1).period());
            case "DIFF" -> neighbours(call, arguments, (change, _) -> change);
            case "DIFF_TIME" -> neighbours(call, arguments, (_, seconds) -> seconds);
            case "RATE" -> neighbours(call, arguments, (change, seconds) -> change / seconds);
            case "RUNNING_SUM" ->
                MathEvaluator.each(argument(call, arguments, 0, 1, 1), number -> number, MathFunctions::runningSum);
            case "REMOVE_EMPTY" ->
                new Many(many(call, arguments, 1, 1).stream()
                        .filter(series -> !series.values().isEmpty())
                        .toList());
            case "FIRST" -> many(call, arguments, 1, 1).stream().findFirst().orElseGet(this::empty);
            case "LAST" -> {
                List<TimeSeries> all = many(call, arguments, 1, 1);
                yield all.isEmpty() ? empty() : all.getLast();
            }
            case "SLICE" -> slice(call, arguments);
            case "SORT" -> sort(call, arguments);
            case "FILL" -> fill(call, arguments);
            case "IF" -> choose(call, arguments);
            case "TIME_SERIES" -> {
                double value = number(call, argument(call, arguments, 0, 1, 1));
                yield grid(empty(), _ -> value);
            }
            case "MINUTE" -> clock(call, arguments, ZonedDateTime::getMinute);
            case "HOUR" -> clock(call, arguments, ZonedDateTime::getHour);
            case "DAY" -> clock(call, arguments, time -> time.getDayOfWeek().getValue());
            case "DATE" -> clock(call, arguments, ZonedDateTime::getDayOfMonth);
            case "MONTH" -> clock(call, arguments, ZonedDateTime::getMonthValue);
            case "YEAR" -> clock(call, arguments, ZonedDateTime::getYear);
            case "EPOCH" -> clock(call, arguments, ZonedDateTime::toEpochSecond);
            case "SEARCH" -> search(call, arguments);
            case "ANOMALY_DETECTION_BAND" -> {
                double width = arguments.size() > 1 ? number(call, arguments.get(1)) : 2;
                yield new Many(data.band(one(call, arguments, 0, 2), width));
            }
            case "INSIGHT_RULE_METRIC", "DB_PERF_INSIGHTS", "LAMBDA", "SERVICE_QUOTA" ->
                throw new InvalidExpressionException("The function " + call.function() + " is not available here.");
            default -> throw new InvalidExpressionException("Unsupported function \"" + call.function() + "\".");
        };
    }

    private static MathValue each(MathExpression.Call call, List<MathValue> arguments, DoubleUnaryOperator change) {
        return MathEvaluator.each(argument(call, arguments, 0, 1, 1), change, series -> series.map(change));
    }

    /** One series becomes a number, an array of them one series. */
    private static MathValue reduce(
            MathExpression.Call call,
            List<MathValue> arguments,
            ToDoubleFunction<double[]> reduction,
            boolean missingIsZero) {
        return switch (argument(call, arguments, 0, 1, 1)) {
            case TimeSeries one -> new Scalar(one.values().isEmpty() ? 0 : reduction.applyAsDouble(one.toArray()));
            case Many many -> across(many.series(), reduction, missingIsZero);
            case Scalar _, Word _ -> throw wrong(call, "a time series or an array of time series");
        };
    }

    private static TimeSeries across(
            List<TimeSeries> all, ToDoubleFunction<double[]> reduction, boolean missingIsZero) {
        NavigableMap<Long, double[]> columns = new TreeMap<>();
        Map<Long, Integer> counts = new TreeMap<>();
        for (TimeSeries series : all) {
            series.values().forEach((time, value) -> {
                double[] column = columns.computeIfAbsent(time, fresh -> new double[all.size()]);
                column[counts.merge(time, 1, Integer::sum) - 1] = value;
            });
        }
        NavigableMap<Long, Double> values = new TreeMap<>();
        columns.forEach((time, column) -> TimeSeries.put(
                values,
                time,
                reduction.applyAsDouble(missingIsZero ? column : Arrays.copyOf(column, counts.get(time)))));
        int period = all.stream().mapToInt(TimeSeries::period).max().orElse(60);
        return new TimeSeries("", period, Optional.empty(), values);
    }

    private static double average(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double most(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static double deviation(double[] values) {
        double mean = average(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0));
    }

    private MathValue metrics(MathExpression.Call call, List<MathValue> arguments) {
        if (arguments.isEmpty()) {
            return new Many(data.metrics(""));
        }
        return new Many(data.metrics(text(call, argument(call, arguments, 0, 1, 1))));
    }

    private static MathValue neighbours(
            MathExpression.Call call, List<MathValue> arguments, DoubleBinaryOperator ofChangeAndSeconds) {
        return MathEvaluator.each(
                argument(call, arguments, 0, 1, 1),
                number -> {
                    throw wrong(call, "a time series or an array of time series");
                },
                series -> {
                    NavigableMap<Long, Double> changed = new TreeMap<>();
                    series.values().forEach((time, value) -> {
                        Map.Entry<Long, Double> before = series.values().lowerEntry(time);
                        if (before != null) {
                            TimeSeries.put(
                                    changed, time, ofChangeAndSeconds.applyAsDouble(value - before.getValue(), (double)
                                            (time - before.getKey())));
                        }
                    });
                    return series.withValues(changed);
                });
    }

    private static TimeSeries runningSum(TimeSeries series) {
        double[] sum = new double[1];
        return series.map(value -> sum[0] += value);
    }

    private static MathValue slice(MathExpression.Call call, List<MathValue> arguments) {
        List<TimeSeries> all = many(call, arguments, 2, 3);
        int from = (int) Math.clamp(number(call, arguments.get(1)), 0, all.size());
        int to =
                arguments.size() == 3 ? (int) Math.clamp(number(call, arguments.get(2)), from, all.size()) : all.size();
        return new Many(all.subList(from, to));
    }

    private static MathValue sort(MathExpression.Call call, List<MathValue> arguments) {
        List<TimeSeries> all = many(call, arguments, 3, 4);
        ToDoubleFunction<double[]> by = switch (text(call, arguments.get(1))) {
            case "AVG" -> MathFunctions::average;
            case "MIN" -> MathFunctions::least;
            case "MAX" -> MathFunctions::most;
            case "SUM" -> values -> Arrays.stream(values).sum();
            default -> throw wrong(call, "AVG, MIN, MAX or SUM as its second argument");
        };
        Comparator<TimeSeries> order = Comparator.comparingDouble(series -> by.applyAsDouble(series.toArray()));
        Comparator<TimeSeries> wanted = switch (text(call, arguments.get(2))) {
            case "ASC" -> order;
            case "DESC" -> order.reversed();
            default -> throw wrong(call, "ASC or DESC as its third argument");
        };
        double most = arguments.size() == 4 ? number(call, arguments.get(3)) : all.size();
        return new Many(
                all.stream().sorted(wanted).limit((long) Math.max(0, most)).toList());
    }

    private MathValue fill(MathExpression.Call call, List<MathValue> arguments) {
        MathValue filler = argument(call, arguments, 1, 2, 2);
        return MathEvaluator.each(
                arguments.getFirst(),
                number -> {
                    throw wrong(call, "a time series or an array of time series");
                },
                series -> switch (filler) {
                    case Scalar number -> grid(series, time -> series.values().getOrDefault(time, number.value()));
                    case TimeSeries other ->
                        grid(
                                series,
                                time -> series.values()
                                        .getOrDefault(time, other.values().getOrDefault(time, Double.NaN)));
                    case Word word when word.text().equals("REPEAT") -> grid(series, time -> before(series, time));
                    case Word word when word.text().equals("LINEAR") -> grid(series, time -> between(series, time));
                    case Word _, Many _ -> throw wrong(call, "a number, a time series, REPEAT or LINEAR to fill with");
                });
    }

    private static double before(TimeSeries series, long time) {
        Map.Entry<Long, Double> known = series.values().floorEntry(time);
        return known == null ? Double.NaN : known.getValue();
    }

    private static double between(TimeSeries series, long time) {
        Map.Entry<Long, Double> earlier = series.values().floorEntry(time);
        Map.Entry<Long, Double> later = series.values().ceilingEntry(time);
        if (earlier == null || later == null) {
            return Double.NaN;
        }
        double reach = (double) (later.getKey() - earlier.getKey());
        double share = reach == 0 ? 0 : (time - earlier.getKey()) / reach;
        return earlier.getValue() + share * (later.getValue() - earlier.getValue());
    }

    /** A series with a value at each period of the range. */
    private TimeSeries grid(TimeSeries like, LongToDoubleFunction value) {
        NavigableMap<Long, Double> values = new TreeMap<>();
        int period = like.period();
        for (long time = data.first(period); time < data.end(); time += period) {
            TimeSeries.put(values, time, value.applyAsDouble(time));
        }
        return like.withValues(values);
    }

    private TimeSeries empty() {
        return new TimeSeries("", data.period(), Optional.empty(), new TreeMap<>());
    }

    private MathValue clock(
            MathExpression.Call call, List<MathValue> arguments, ToDoubleFunction<ZonedDateTime> reading) {
        return grid(
                one(call, arguments, 0, 1),
                time -> reading.applyAsDouble(Instant.ofEpochSecond(time).atZone(ZoneOffset.UTC)));
    }

    private static MathValue choose(MathExpression.Call call, List<MathValue> arguments) {
        MathValue yes = argument(call, arguments, 1, 2, 3);
        Optional<MathValue> no = arguments.size() == 3 ? Optional.of(arguments.get(2)) : Optional.empty();
        return switch (arguments.getFirst()) {
            case Scalar condition when condition.value() != 0 -> yes;
            case Scalar _ ->
                no.orElseGet(() -> yes instanceof TimeSeries series ? series.withValues(new TreeMap<>()) : yes);
            case TimeSeries condition -> {
                NavigableMap<Long, Double> values = new TreeMap<>();
                condition
                        .values()
                        .forEach((time, value) -> TimeSeries.put(
                                values,
                                time,
                                value != 0
                                        ? at(call, yes, time, 0)
                                        : no.map(other -> at(call, other, time, Double.NaN))
                                                .orElse(Double.NaN)));
                yield new TimeSeries(condition.label(), condition.period(), Optional.empty(), values);
            }
            case Many _, Word _ -> throw wrong(call, "a time series or a number as its condition");
        };
    }

    private static double at(MathExpression.Call call, MathValue value, long time, double missing) {
        return switch (value) {
            case Scalar number -> number.value();
            case TimeSeries series -> series.values().getOrDefault(time, missing);
            case Many _, Word _ -> throw wrong(call, "time series or numbers to choose from");
        };
    }

    private MathValue search(MathExpression.Call call, List<MathValue> arguments) {
        String text = text(call, argument(call, arguments, 1, 2, 3) instanceof Word ? arguments.getFirst() : empty());
        Statistic statistic = Statistic.parse(text(call, arguments.get(1)))
                .orElseThrow(() -> wrong(call, "a statistic as its second argument"));
        OptionalInt period =
                arguments.size() == 3 ? OptionalInt.of((int) number(call, arguments.get(2))) : OptionalInt.empty();
        return new Many(data.search(SearchExpression.parse(text), statistic, period));
    }

    private static MathValue argument(
            MathExpression.Call call, List<MathValue> arguments, int index, int least, int most) {
        if (arguments.size() < least || arguments.size() > most) {
            throw new InvalidExpressionException("The function " + call.function() + " takes "
                    + (least == most ? String.valueOf(least) : least + " to " + most) + " arguments, but has "
                    + arguments.size() + ".");
        }
        return arguments.get(index);
    }

    private static TimeSeries one(MathExpression.Call call, List<MathValue> arguments, int index, int most) {
        if (argument(call, arguments, index, 1, most) instanceof TimeSeries series) {
            return series;
        }
        throw wrong(call, "a time series");
    }

    private static List<TimeSeries> many(MathExpression.Call call, List<MathValue> arguments, int least, int most) {
        return switch (argument(call, arguments, 0, least, most)) {
            case Many many -> many.series();
            case TimeSeries one -> List.of(one);
            case Scalar _, Word _ -> throw wrong(call, "an array of time series");
        };
    }

    private static double number(MathExpression.Call call, MathValue value) {
        if (value instanceof Scalar scalar) {
            return scalar.value();
        }
        throw wrong(call, "a number");
    }

    private static String text(MathExpression.Call call, MathValue value) {
        if (value instanceof Word word) {
            return word.text();
        }
        throw wrong(call, "a string");
    }

    private static InvalidExpressionException wrong(MathExpression.Call call, String wanted) {
        return new InvalidExpressionException("The function " + call.function() + " needs " + wanted + ".");
    }
}
