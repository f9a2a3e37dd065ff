package dev.outcrop.kernel;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a service measured of one call, for Amazon CloudWatch: each value is kept once for every set of dimensions.
 *
 * @param namespace  such as {@code AWS/Bedrock/Guardrails}
 * @param dimensions the values of all dimensions, by name
 * @param sets       names of dimensions that stand together; the empty set is the metric without any
 */
public record Measured(
        String namespace, Map<String, String> dimensions, List<Set<String>> sets, List<Measurement> values) {
    public Measured {
        dimensions = Map.copyOf(dimensions);
        sets = sets.stream().map(Set::copyOf).toList();
        values = List.copyOf(values);
        for (Set<String> set : sets) {
            if (!dimensions.keySet().containsAll(set)) {
                throw new IllegalArgumentException("of the dimensions " + set + " only " + dimensions + " have values");
            }
        }
    }

    /**
     * One value.
     *
     * @param metric the metric's name
     * @param unit   one of CloudWatch's, such as {@code Count}
     * @param count  how often it was measured, above 0
     */
    public record Measurement(String metric, String unit, double value, double count) {
        /** One that was measured once. */
        public Measurement(String metric, String unit, double value) {
            this(metric, unit, value, 1);
        }
    }
}
