package dev.outcrop.engines.series;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What values a series is expected to have when, and how far they usually are from that. There are three shapes of a
 * series: one level, a course over the day, and a course over the week; the one that foretells the last quarter of what
 * it is trained on best from the rest is taken. A course is the median of each of its slots, half an hour of a day or an
 * hour of a week; the usual distance is 1.4826 times the median of the absolute distances, which is the standard
 * deviation where noise is normal, of the slot and its neighbours. Medians make it deaf to outliers, as long as they are
 * fewer than half of a slot. It does not follow trends.
 *
 * <p>Source: Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", 1993. Its quality on labelled
 * synthetic series is measured by {@code SeasonalModelTest}.
 */
public final class SeasonalModel {
    /** How many values it takes to say anything. */
    public static final int FEWEST = 15;

    private static final double NORMAL = 1.4826;
    /** The least share of the level that a usual distance is, so that what never changed has a band at all. */
    private static final double LEAST_SHARE = 1e-3;
    /** A shape with more slots must be better by this share to be taken. */
    private static final double BETTER = 0.97;

    private final Shape shape;
    private final ZoneId zone;
    private final double[] levels;
    private final double[] distances;

    private SeasonalModel(Shape shape, ZoneId zone, double[] levels, double[] distances) {
        this.shape = shape;
        this.zone = zone;
        this.levels = levels;
        this.distances = distances;
    }

    /** What is expected at one time. */
    public record Expectation(double value, double deviation) {
        /** The value that lies {@code deviations} of the usual distances above, or below if negative. */
        public double at(double deviations) {
            return value + deviations * deviation;
        }
    }

    private enum Shape {
        LEVEL(1, 0),
        DAY(48, 2),
        WEEK(168, 9);

        private final int slots;
        private final int days;

        Shape(int slots, int days) {
            this.slots = slots;
            this.days = days;
        }

        int slot(long seconds, ZoneId zone) {
            ZonedDateTime time = Instant.ofEpochSecond(seconds).atZone(zone);
            return switch (this) {
                case LEVEL -> 0;
                case DAY -> time.toLocalTime().toSecondOfDay() / 1800;
                case WEEK -> (time.getDayOfWeek().getValue() - 1) * 24 + time.getHour();
            };
        }
    }

    /**
     * A model of what was measured.
     *
     * @param seconds when, in seconds since 1970, ascending
     * @param values  what, as many
     * @param zone    whose days and hours the series follows
     * @throws IllegalArgumentException if there are fewer than {@link #FEWEST}, or not as many of both
     */
    public static SeasonalModel train(long[] seconds, double[] values, ZoneId zone) {
        if (seconds.length != values.length || values.length < FEWEST) {
            throw new IllegalArgumentException("a model needs at least " + FEWEST + " values with their times, but has "
                    + values.length + " with " + seconds.length);
        }
        int known = values.length * 3 / 4;
        long span = seconds[seconds.length - 1] - seconds[0];
        Shape best = Shape.LEVEL;
        double least = Double.MAX_VALUE;
        for (Shape shape : List.of(Shape.values())) {
            if (span >= shape.days * 86_400L) {
                SeasonalModel trial = fit(shape, Arrays.copyOf(seconds, known), Arrays.copyOf(values, known), zone);
                double error = IntStream.range(known, values.length)
                        .mapToDouble(index -> Math.abs(values[index] - trial.expected(seconds[index]).value))
                        .average()
                        .orElse(0);
                if (error < least * BETTER) {
                    least = error;
                    best = shape;
                }
            }
        }
        return fit(best, seconds, values, zone);
    }

    /** What is expected at {@code seconds} since 1970. */
    public Expectation expected(long seconds) {
        int slot = shape.slot(seconds, zone);
        return new Expectation(levels[slot], distances[slot]);
    }

    private static SeasonalModel fit(Shape shape, long[] seconds, double[] values, ZoneId zone) {
        int[] slots =
                Arrays.stream(seconds).mapToInt(time -> shape.slot(time, zone)).toArray();
        double level = median(values);
        double[] levels = medians(shape.slots, slots, values, level);
        double[] residuals = new double[values.length];
        for (int index = 0; index < values.length; index++) {
            residuals[index] = Math.abs(values[index] - levels[slots[index]]);
        }
        double overall = median(residuals);
        double[] own = medians(shape.slots, slots, residuals, overall);
        double[] distances = new double[shape.slots];
        for (int slot = 0; slot < shape.slots; slot++) {
            double near = (own[Math.floorMod(slot - 1, shape.slots)] + own[slot] + own[(slot + 1) % shape.slots]) / 3;
            // A slot has few values: half of what is said of it is what is known of all.
            distances[slot] =
                    Math.max(NORMAL * (near + overall) / 2, LEAST_SHARE * Math.max(Math.abs(levels[slot]), 1e-9));
        }
        return new SeasonalModel(shape, zone, levels, distances);
    }

    /** The median of each slot's values; that of slots without any is {@code otherwise}. */
    private static double[] medians(int count, int[] slots, double[] values, double otherwise) {
        int[] sizes = new int[count];
        for (int slot : slots) {
            sizes[slot]++;
        }
        double[][] sorted = new double[count][];
        Arrays.setAll(sorted, slot -> new double[sizes[slot]]);
        for (int index = 0; index < values.length; index++) {
            sorted[slots[index]][--sizes[slots[index]]] = values[index];
        }
        double[] medians = new double[count];
        Arrays.setAll(medians, slot -> sorted[slot].length == 0 ? otherwise : median(sorted[slot]));
        return medians;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
