package dev.outcrop.engines.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static Distribution ofAll(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> Distribution.of(value, 1))
                .reduce(Distribution::merged)
                .orElseThrow();
    }

    @Test
    void fewValuesAreKeptExactly() {
        Distribution known = ofAll(3, 1, 4, 1, 5, 9, 2, 6);

        assertThat(known.isExact()).isTrue();
        assertThat(known.total()).isEqualTo(8);
        assertThat(known.quantile(0.5)).isEqualTo(3);
        assertThat(known.quantile(0)).isEqualTo(1);
        assertThat(known.quantile(1)).isEqualTo(9);
    }

    @Test
    void tellsWhatLiesBetween() {
        Distribution known = ofAll(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

        assertThat(known.between(0.1, 0.9)).isEqualTo(new Distribution.Share(8, 44));
        assertThat(known.within(2, 4)).isEqualTo(new Distribution.Share(2, 7));
        assertThat(known.clamped(3, 8)).isEqualTo(new Distribution.Share(10, 3 * 3 + 4 + 5 + 6 + 7 + 8 * 3));
    }

    @Property(tries = 200)
    void quantilesOfManyValuesAreWithinTheStatedError(
            @ForAll @Size(min = 40, max = 300) double @DoubleRange(min = -1e12, max = 1e12) [] values,
            @ForAll @DoubleRange(min = 0, max = 1) double fraction) {
        Distribution known = ofAll(values);
        double[] sorted = values.clone();
        Arrays.sort(sorted);

        double exact = sorted[Math.clamp((long) Math.ceil(fraction * sorted.length) - 1, 0, sorted.length - 1)];

        assertThat(known.quantile(fraction)).isCloseTo(exact, within(Math.abs(exact) * 0.0101 + 1e-290));
    }

    @Property(tries = 100)
    void itMakesNoDifferenceInWhichOrderDistributionsAreMerged(
            @ForAll @Size(min = 1, max = 60) double @DoubleRange(min = 0.001, max = 1e6) [] one,
            @ForAll @Size(min = 1, max = 60) double @DoubleRange(min = 0.001, max = 1e6) [] other) {
        Distribution left = ofAll(one);
        Distribution right = ofAll(other);

        assertThat(left.merged(right).total()).isEqualTo(one.length + other.length);
        assertThat(left.merged(right).quantile(0.9))
                .isCloseTo(right.merged(left).quantile(0.9), Percentage.withPercentage(0.001));
    }
}
