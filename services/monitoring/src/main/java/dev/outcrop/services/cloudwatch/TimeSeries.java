package dev.outcrop.services.cloudwatch;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Values over time.
 *
 * @param label  what it is called
 * @param period between its values, in seconds
 * @param metric whose statistic it is, where it is one
 * @param values by the second since 1970
 */
record TimeSeries(String label, int period, Optional<Origin> metric, NavigableMap<Long, Double> values)
        implements MathValue {
    /** A statistic of a metric. */
    record Origin(MetricKey metric, Statistic statistic, Optional<String> unit) {}

    TimeSeries withValues(NavigableMap<Long, Double> others) {
        return new TimeSeries(label, period, metric, others);
    }

    TimeSeries withLabel(String other) {
        return new TimeSeries(other, period, metric, values);
    }

    /** Each value changed; what is no number is left out. */
    TimeSeries map(DoubleUnaryOperator change) {
        NavigableMap<Long, Double> changed = new TreeMap<>();
        values.forEach((time, value) -> put(changed, time, change.applyAsDouble(value)));
        return withValues(changed);
    }

    /** Adds a value, if it is a number. */
    static void put(NavigableMap<Long, Double> values, long time, double value) {
        if (Double.isFinite(value)) {
            values.put(time, value);
        }
    }

    double[] toArray() {
        return values.values().stream().mapToDouble(Double::doubleValue).toArray();
    }
}
