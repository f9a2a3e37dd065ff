package dev.outcrop.engines.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static Distribution ofAll(Integer... values) {
        return ofAll(Arrays.stream(values).map(Integer::doubleValue).toList());
    }

    private static Distribution ofAll(List<Double> values) {
        return values.stream()
                .map(value -> Distribution.of(value, 1))
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
            @ForAll @Size(min = 40, max = 300) List<@DoubleRange(min = -1e12, max = 1e12) Double> values,
            @ForAll @DoubleRange(min = 0, max = 1) double fraction) {
        Distribution known = ofAll(values);
        List<Double> sorted = values.stream().sorted().toList();
        // A share such as 0.07 of 100 is a little more than 7 in binary.
        int rank = (int) Math.ceil(fraction * sorted.size() * (1 - 1e-12));

        double exact = sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));

        assertThat(known.quantile(fraction)).isCloseTo(exact, within(Math.abs(exact) * 0.0101 + 1e-290));
    }

    @Property(tries = 100)
    void itMakesNoDifferenceInWhichOrderDistributionsAreMerged(
            @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0.01, max = 1e6) Double> one,
            @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = 0.01, max = 1e6) Double> other) {
        Distribution left = ofAll(one);
        Distribution right = ofAll(other);

        assertThat(left.merged(right).total()).isEqualTo(one.size() + other.size());
        assertThat(left.merged(right).quantile(0.9))
                .isCloseTo(right.merged(left).quantile(0.9), Percentage.withPercentage(0.001));
    }
}
