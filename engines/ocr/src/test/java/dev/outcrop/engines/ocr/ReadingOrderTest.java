package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.ocr.ReadingOrder.Placed;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingOrderTest {
    @Test
    void readsRowsFromTheLeftAndThenDown() {
        List<Placed<String>> receipt = List.of(
                at("2.50", 400, 103, 50),
                at("Total", 20, 160, 80),
                at("Tea", 20, 100, 60),
                at("Shop", 200, 20, 90),
                at("2.50", 400, 158, 50));

        assertThat(ReadingOrder.sorted(receipt)).containsExactly("Shop", "Tea", "2.50", "Total", "2.50");
    }

    @Test
    void followsRowsOfAPageThatLiesAskew() {
        List<Placed<String>> rows =
                List.of(askew("one", 0, 0), askew("two", 600, 0), askew("three", 0, 40), askew("four", 600, 40));

        assertThat(ReadingOrder.sorted(rows.reversed())).containsExactly("one", "two", "three", "four");
    }

    private static Placed<String> at(String text, double x, double y, double width) {
        return new Placed<>(text, new Quadrilateral(x, y, x + width, y, x + width, y + 24, x, y + 24));
    }

    /** 5 % downwards to the right. */
    private static Placed<String> askew(String text, double x, double y) {
        double down = y + 0.05 * x;
        return new Placed<>(text, new Quadrilateral(x, down, x + 300, down + 15, x + 300, down + 39, x, down + 24));
    }
}
