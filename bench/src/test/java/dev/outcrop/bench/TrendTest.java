package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    @Test
    void findsTheSlopeOfALineWithoutDoubt() {
        Trend trend = Trend.of(List.of(new Trend.Point(0, 1), new Trend.Point(1, 3), new Trend.Point(3, 7)));

        assertThat(trend.slope()).isCloseTo(2, within(1e-12));
        assertThat(trend.upperBound()).isCloseTo(2, within(1e-9));
    }

    @Test
    void theTrueSlopeOfNoisyPointsIsBelowTheBoundInNineteenOfTwenty() {
        Random random = new Random(3);

        long below = IntStream.range(0, 2000)
                .filter(round -> Trend.of(IntStream.range(0, 10)
                                        .mapToObj(x -> new Trend.Point(x, 0.5 * x + random.nextGaussian()))
                                        .toList())
                                .upperBound()
                        > 0.5)
                .count();

        assertThat(below / 2000.0).isCloseTo(0.95, within(0.015));
    }
}
