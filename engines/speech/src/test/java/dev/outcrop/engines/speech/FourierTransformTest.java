package dev.outcrop.engines.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FourierTransformTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 12, 45, 400})
    void givesThePowersThatTheDefinitionGives(int length) {
        double[] values = new Random(length).doubles(length, -1, 1).toArray();
        double[] powers = new double[length / 2 + 1];

        new FourierTransform(length).powers(values, powers);

        for (int frequency = 0; frequency < powers.length; frequency++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < length; i++) {
                real += values[i] * Math.cos(2 * Math.PI * frequency * i / length);
                imaginary -= values[i] * Math.sin(2 * Math.PI * frequency * i / length);
            }
            assertThat(powers[frequency])
                    .as("frequency %d of %d", frequency, length)
                    .isCloseTo(real * real + imaginary * imaginary, within(1e-8));
        }
    }
}
