package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.services.cloudwatch.AlarmDecision.Missing;
import dev.outcrop.services.cloudwatch.AlarmDecision.Point;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of "How alarm state is evaluated when data is missing", Amazon CloudWatch user guide. */
class AlarmDecisionTest {
    private static final Map<String, Point> POINTS =
            Map.of("0", Point.WITHIN, "X", Point.BREACHING, "-", Point.MISSING);

    private static List<Point> points(String text) {
        return Arrays.stream(text.strip().split(" ")).map(POINTS::get).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "0 - X - X, OK,                OK,     OK,    OK",
        "0 - - - -, OK,                OK,     OK,    OK",
        "- - - - -, INSUFFICIENT_DATA, RETAIN, ALARM, OK",
        "0 X X - X, ALARM,             ALARM,  ALARM, ALARM",
        "- - - - X, INSUFFICIENT_DATA, RETAIN, ALARM, OK",
        "X - - - -, ALARM,             RETAIN, ALARM, OK",
        "- - X - -, ALARM,             RETAIN, ALARM, OK",
        "0 0 X X X, ALARM,             ALARM,  ALARM, ALARM",
        "X X X X 0, OK,                OK,     OK,    OK"
    })
    void threeOutOfThreeAreDecidedAsTheTableSays(
            String points, AlarmDecision missing, AlarmDecision ignore, AlarmDecision breaching, AlarmDecision not) {
        List<Point> seen = points(points);

        assertThat(AlarmDecision.of(seen, 3, 3, Missing.MISSING)).isEqualTo(missing);
        assertThat(AlarmDecision.of(seen, 3, 3, Missing.IGNORE)).isEqualTo(ignore);
        assertThat(AlarmDecision.of(seen, 3, 3, Missing.BREACHING)).isEqualTo(breaching);
        assertThat(AlarmDecision.of(seen, 3, 3, Missing.NOT_BREACHING)).isEqualTo(not);
    }

    @ParameterizedTest
    @CsvSource({
        "0 - X - X, ALARM,             ALARM,  ALARM, ALARM",
        "0 0 X 0 X, ALARM,             ALARM,  ALARM, ALARM",
        "0 - X - -, OK,                OK,     ALARM, OK",
        "- - - - 0, OK,                OK,     ALARM, OK",
        "- - - - X, INSUFFICIENT_DATA, RETAIN, ALARM, OK",
        "- - - X -, ALARM,             RETAIN, ALARM, OK"
    })
    void twoOutOfThreeAreDecidedAsTheTableSays(
            String points, AlarmDecision missing, AlarmDecision ignore, AlarmDecision breaching, AlarmDecision not) {
        List<Point> seen = points(points);

        assertThat(AlarmDecision.of(seen, 3, 2, Missing.MISSING)).isEqualTo(missing);
        assertThat(AlarmDecision.of(seen, 3, 2, Missing.IGNORE)).isEqualTo(ignore);
        assertThat(AlarmDecision.of(seen, 3, 2, Missing.BREACHING)).isEqualTo(breaching);
        assertThat(AlarmDecision.of(seen, 3, 2, Missing.NOT_BREACHING)).isEqualTo(not);
    }
}
