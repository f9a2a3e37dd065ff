package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRegionsTest {
    private static final int SIZE = 300;

    /** A map with a bar of 100 × 16 pixels through the middle. */
    private static float[] bar(double degrees, float probability) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        float[] map = new float[SIZE * SIZE];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                double along = (x - 150) * cos + (y - 150) * sin;
                double across = (y - 150) * cos - (x - 150) * sin;
                map[y * SIZE + x] = Math.abs(along) <= 50 && Math.abs(across) <= 8 ? probability : 0.05f;
            }
        }
        return map;
    }

    @ParameterizedTest
    @ValueSource(ints = {-30, -7, 0, 3, 20, 40})
    void findsARectangleAtAnyAngle(int degrees) {
        List<Quadrilateral> found = TextRegions.find(bar(degrees, 0.9f), SIZE, SIZE);

        assertThat(found).hasSize(1);
        Quadrilateral box = found.getFirst();
        // 101 × 17 pixels grow by 1.6 × area / perimeter on each side.
        double grown = 1.6 * 101 * 17 / (2 * 118.0);
        assertThat(box.width()).isCloseTo(101 + 2 * grown, within(4.0));
        assertThat(box.height()).isCloseTo(17 + 2 * grown, within(4.0));
        assertThat(Math.toDegrees(Math.atan2(box.y1() - box.y0(), box.x1() - box.x0())))
                .isCloseTo(degrees, within(1.5));
        assertThat(box.centerX()).isCloseTo(150, within(1.0));
        assertThat(box.centerY()).isCloseTo(150, within(1.0));
    }

    @Test
    void leavesOutWhatIsUnsureOrTiny() {
        float[] unsure = bar(0, 0.4f);
        float[] tiny = new float[SIZE * SIZE];
        tiny[SIZE * 20 + 20] = 1;

        assertThat(TextRegions.find(unsure, SIZE, SIZE)).isEmpty();
        assertThat(TextRegions.find(tiny, SIZE, SIZE)).isEmpty();
    }

    @Test
    void keepsApartWhatDoesNotTouchAndJoinsWhatDoes() {
        float[] map = new float[SIZE * SIZE];
        for (int y = 100; y < 112; y++) {
            for (int x = 20; x < 120; x++) {
                map[y * SIZE + x] = 1;
                map[(y + 18) * SIZE + x] = 1;
            }
        }
        float[] joined = map.clone();
        for (int y = 100; y < 125; y++) {
            joined[y * SIZE + 70] = 1;
        }

        assertThat(TextRegions.find(map, SIZE, SIZE)).hasSize(2);
        assertThat(TextRegions.find(joined, SIZE, SIZE)).hasSize(1);
    }
}
