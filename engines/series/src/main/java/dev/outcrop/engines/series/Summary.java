package dev.outcrop.engines.series;

import java.util.Optional;

/**
 * What was measured in a stretch of time. Of what came already summed up nobody knows the distribution. Immutable.
 *
 * @param count        how many values, above zero
 * @param sum          of the values
 * @param minimum      of them
 * @param maximum      of them
 * @param detail       their distribution, where it is known and they are not all the same
 * @param isSummedOnly whether some of the values are only known by count, sum, minimum and maximum
 */
public record Summary(
        double count, double sum, double minimum, double maximum, Optional<Distribution> detail, boolean isSummedOnly) {
    /** One value. */
    public static Summary of(double value) {
        return new Summary(1, value, value, value, Optional.empty(), false);
    }

    /**
     * Values, each as often as it is weighed.
     *
     * @throws IllegalArgumentException if there are not as many weights, or none is above zero
     */
    public static Summary of(double[] values, double[] weights) {
        Distribution all = Distribution.of(values, weights);
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int index = 0; index < values.length; index++) {
            if (weights[index] > 0) {
                sum += values[index] * weights[index];
                least = Math.min(least, values[index]);
                most = Math.max(most, values[index]);
            }
        }
        return new Summary(all.total(), sum, least, most, least == most ? Optional.empty() : Optional.of(all), false);
    }

    /** What was summed up elsewhere. */
    public static Summary of(double count, double sum, double minimum, double maximum) {
        return new Summary(count, sum, minimum, maximum, Optional.empty(), minimum != maximum);
    }

    /** Both together. */
    public Summary merged(Summary other) {
        boolean summedOnly = isSummedOnly || other.isSummedOnly;
        double least = Math.min(minimum, other.minimum);
        double most = Math.max(maximum, other.maximum);
        Optional<Distribution> both =
                summedOnly || least == most ? Optional.empty() : Optional.of(known().merged(other.known()));
        return new Summary(count + other.count, sum + other.sum, least, most, both, summedOnly);
    }

    public double average() {
        return sum / count;
    }

    /** How the values are distributed, if that is known. */
    public Optional<Distribution> distribution() {
        return isSummedOnly ? Optional.empty() : Optional.of(known());
    }

    private Distribution known() {
        return detail.orElseGet(() -> Distribution.of(minimum, count));
    }
}
