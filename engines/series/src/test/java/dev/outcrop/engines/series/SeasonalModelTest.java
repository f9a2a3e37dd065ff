package dev.outcrop.engines.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Quality on synthetic series of two weeks in steps of five minutes, with labelled anomalies in the day that follows. */
class SeasonalModelTest {
    private static final int STEP = 300;
    private static final int DAY = 86_400;
    /** A Monday, at midnight. */
    private static final long START = 1_763_337_600L;

    private static final double WIDTH = 4;

    private record Quality(double precision, double recall) {
        double f1() {
            return 2 * precision * recall / (precision + recall);
        }
    }

    /**
     * Trains on two weeks that themselves hold 1 % of outliers, and judges the day behind them, where 5 % of the values are
     * anomalies of eight to sixteen times the noise.
     */
    private static Quality quality(LongToDoubleFunction course, double noise, long seed) {
        Random random = new Random(seed);
        int known = 14 * DAY / STEP;
        long[] seconds = new long[known];
        double[] values = new double[known];
        for (int index = 0; index < known; index++) {
            seconds[index] = START + (long) index * STEP;
            values[index] = course.applyAsDouble(seconds[index]) + noise * random.nextGaussian();
            if (random.nextDouble() < 0.01) {
                values[index] += 20 * noise;
            }
        }
        SeasonalModel model = SeasonalModel.train(seconds, values, ZoneOffset.UTC);
        int hits = 0;
        int misses = 0;
        int alarms = 0;
        for (int index = 0; index < DAY / STEP; index++) {
            long time = START + 14L * DAY + (long) index * STEP;
            boolean anomaly = random.nextDouble() < 0.05;
            double value = course.applyAsDouble(time) + noise * random.nextGaussian();
            if (anomaly) {
                value += (random.nextBoolean() ? 1 : -1) * noise * (8 + 8 * random.nextDouble());
            }
            SeasonalModel.Expectation expected = model.expected(time);
            boolean told = value > expected.at(WIDTH) || value < expected.at(-WIDTH);
            hits += anomaly && told ? 1 : 0;
            misses += anomaly && !told ? 1 : 0;
            alarms += !anomaly && told ? 1 : 0;
        }
        return new Quality((double) hits / (hits + alarms), (double) hits / (hits + misses));
    }

    @Test
    void findsAnomaliesInALevel() {
        assertThat(quality(time -> 100, 5, 1).f1()).isGreaterThan(0.95);
    }

    @Test
    void findsAnomaliesInACourseOverTheDay() {
        assertThat(quality(time -> 100 + 50 * Math.sin(2 * Math.PI * time / DAY), 5, 2)
                        .f1())
                .isGreaterThan(0.9);
    }

    @Test
    void findsAnomaliesInACourseOverTheWeek() {
        LongToDoubleFunction workdays = time -> {
            long day = Math.floorDiv(time - START, DAY) % 7;
            double hour = Math.floorMod(time, (long) DAY) / 3600.0;
            return day < 5 && hour >= 8 && hour < 18 ? 200 : 20;
        };

        assertThat(quality(workdays, 5, 3).f1()).isGreaterThan(0.9);
    }

    @Test
    void whatNeverChangesHasANarrowBand() {
        long[] seconds = new long[100];
        double[] values = new double[100];
        for (int index = 0; index < 100; index++) {
            seconds[index] = START + index * 60L;
            values[index] = 42;
        }

        SeasonalModel.Expectation expected =
                SeasonalModel.train(seconds, values, ZoneOffset.UTC).expected(START + 10_000);

        assertThat(expected.at(2)).isBetween(42.0, 42.2);
        assertThat(expected.at(-2)).isBetween(41.8, 42.0);
    }

    @Test
    void fewValuesAreNotEnough() {
        assertThatThrownBy(() -> SeasonalModel.train(new long[3], new double[3], ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
