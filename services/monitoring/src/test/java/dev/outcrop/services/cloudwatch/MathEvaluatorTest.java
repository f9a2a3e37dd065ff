package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of "Metric math syntax and functions", Amazon CloudWatch user guide, and what follows from its rules. */
class MathEvaluatorTest {
    /** A Thursday, at midnight. */
    private static final long START = 1_763_596_800L;

    private static final int PERIOD = 60;

    /** Five periods; a hyphen is a missing value. */
    private static final Map<String, String> SERIES = Map.of(
            "metric1", "30 20 0 0 -",
            "metric2", "20 - 20 - -",
            "if1", "1 1 0 0 -",
            "if2", "30 - 0 0 30",
            "if3", "0 0 20 - 20",
            "m1", "1 2 3 4 5",
            "m2", "10 20 30 40 50",
            "gaps", "- 2 - 8 -",
            "empty", "- - - - -");

    private static TimeSeries series(String id) {
        NavigableMap<Long, Double> values = new TreeMap<>();
        String[] texts = SERIES.get(id).split(" ");
        for (int index = 0; index < texts.length; index++) {
            if (!texts[index].equals("-")) {
                values.put(START + index * (long) PERIOD, Double.parseDouble(texts[index]));
            }
        }
        return new TimeSeries(id, PERIOD, Optional.empty(), values);
    }

    private static final class Fixed implements MathData {
        @Override
        public long first(int period) {
            return START;
        }

        @Override
        public long end() {
            return START + 5L * PERIOD;
        }

        @Override
        public int period() {
            return PERIOD;
        }

        @Override
        public Optional<MathValue> named(String id) {
            return SERIES.containsKey(id) ? Optional.of(series(id)) : Optional.empty();
        }

        @Override
        public List<TimeSeries> metrics(String idPart) {
            return List.of("m1", "m2").stream()
                    .filter(id -> id.contains(idPart))
                    .map(MathEvaluatorTest::series)
                    .toList();
        }

        @Override
        public List<TimeSeries> search(SearchExpression search, Statistic statistic, OptionalInt period) {
            return List.of(series("m1"), series("empty"));
        }

        @Override
        public List<TimeSeries> select(InsightsQuery query) {
            return List.of(series("m2"));
        }

        @Override
        public List<TimeSeries> band(TimeSeries series, double deviations) {
            return List.of(series.map(value -> value + deviations), series.map(value -> value - deviations));
        }
    }

    /** The values of each series, with hyphens where there is none. */
    private static String result(String expression) {
        return new MathEvaluator(new Fixed())
                .series(MathParser.parse(expression)).stream()
                        .map(one -> Arrays.stream(new int[] {0, 1, 2, 3, 4})
                                .mapToObj(index -> one.values().get(START + index * (long) PERIOD))
                                .map(value -> value == null
                                        ? "-"
                                        : value == Math.rint(value)
                                                ? String.valueOf(value.longValue())
                                                : String.valueOf(Math.round(value * 1000) / 1000.0))
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining(" | "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "metric1 < metric2                      ; 0 0 1 0 -",
                "metric1 >= 30                          ; 1 0 0 0 -",
                "metric1 > 15 AND metric2 > 15          ; 1 0 0 0 -",
                "metric1 > 15 && metric2 > 15           ; 1 0 0 0 -",
                "metric1 > 15 OR metric2 > 15           ; 1 1 1 0 -",
                "metric1 == metric2                     ; 0 0 0 1 -",
                "metric1 != metric2                     ; 1 1 1 0 -",
                "IF(if1, if2, if3)                      ; 30 0 20 - -",
                "IF(if1, 5, if3)                        ; 5 5 20 - -",
                "IF(if1, if2, 5)                        ; 30 0 5 5 -",
                "IF(if1, if2)                           ; 30 0 - - -",
                "IF(1, m1, m2)                          ; 1 2 3 4 5",
                "IF(0, m1)                              ; - - - - -",
                "IF(m1 < 3, m1)                         ; 1 2 - - -",
                "IF(m1 < 3, 10, 2)                      ; 10 10 2 2 2",
                "m1 + m2                                ; 11 22 33 44 55",
                "m2 - m1 * 2                            ; 8 16 24 32 40",
                "(m2 - m1) * 2                          ; 18 36 54 72 90",
                "-m1                                    ; -1 -2 -3 -4 -5",
                "2 ^ m1                                 ; 2 4 8 16 32",
                "-2 ^ 2 * m1                            ; -4 -8 -12 -16 -20",
                "2 ^ 3 ^ 2 + m1 - m1                    ; 512 512 512 512 512",
                "m2 / metric1                           ; 0.333 1 - - -",
                "m1 / 0                                 ; - - - - -",
                "100 / [m1, m2]                         ; 100 50 33.333 25 20 | 10 5 3.333 2.5 2",
                "METRICS() * 10                         ; 10 20 30 40 50 | 100 200 300 400 500",
                "METRICS('2')                           ; 10 20 30 40 50",
                "SUM(METRICS())                         ; 11 22 33 44 55",
                "SUM([METRICS(\"1\"), METRICS(\"2\")])  ; 11 22 33 44 55",
                "AVG([m1, metric2])                     ; 10.5 1 11.5 2 2.5",
                "MIN([m1, metric2])                     ; 1 2 3 4 5",
                "MAX(METRICS())                         ; 10 20 30 40 50",
                "STDDEV([m1, m2])                       ; 4.5 9 13.5 18 22.5",
                "DATAPOINT_COUNT([m1, metric2])         ; 2 1 2 1 1",
                "m1 - AVG(m1)                           ; -2 -1 0 1 2",
                "m1 * SUM(m1)                           ; 15 30 45 60 75",
                "m1 + MIN(m2) + MAX(m2)                 ; 61 62 63 64 65",
                "m1 / DATAPOINT_COUNT(m1)               ; 0.2 0.4 0.6 0.8 1",
                "m1 / METRIC_COUNT(METRICS())           ; 0.5 1 1.5 2 2.5",
                "m1 / PERIOD(m1)                        ; 0.017 0.033 0.05 0.067 0.083",
                "ABS(m1 - 3)                            ; 2 1 0 1 2",
                "CEIL(m1 / 2)                           ; 1 1 2 2 3",
                "FLOOR(m1 / 2)                          ; 0 1 1 2 2",
                "LOG(m1)                                ; 0 0.693 1.099 1.386 1.609",
                "LOG10(m2)                              ; 1 1.301 1.477 1.602 1.699",
                "DIFF(gaps)                             ; - - - 6 -",
                "DIFF_TIME(gaps)                        ; - - - 120 -",
                "RATE(gaps)                             ; - - - 0.05 -",
                "RUNNING_SUM(m1)                        ; 1 3 6 10 15",
                "FILL(gaps, 0)                          ; 0 2 0 8 0",
                "FILL(gaps, REPEAT)                     ; - 2 2 8 8",
                "FILL(gaps, LINEAR)                     ; - 2 5 8 -",
                "FILL(gaps, m2)                         ; 10 2 30 8 50",
                "FILL(gaps, MIN(gaps))                  ; 2 2 2 8 2",
                "FILL(empty, 7)                         ; 7 7 7 7 7",
                "FIRST(METRICS())                       ; 1 2 3 4 5",
                "LAST(METRICS())                        ; 10 20 30 40 50",
                "SLICE(METRICS(), 1)                    ; 10 20 30 40 50",
                "SLICE(METRICS(), 0, 1)                 ; 1 2 3 4 5",
                "SORT(METRICS(), AVG, DESC)             ; 10 20 30 40 50 | 1 2 3 4 5",
                "SORT(METRICS(), MAX, ASC)              ; 1 2 3 4 5 | 10 20 30 40 50",
                "SORT(METRICS(), SUM, DESC, 1)          ; 10 20 30 40 50",
                "REMOVE_EMPTY([m1, empty])              ; 1 2 3 4 5",
                "TIME_SERIES(MAX(m1))                   ; 5 5 5 5 5",
                "MINUTE(m1)                             ; 0 1 2 3 4",
                "HOUR(m1)                               ; 0 0 0 0 0",
                "DAY(m1)                                ; 4 4 4 4 4",
                "DATE(m1)                               ; 20 20 20 20 20",
                "MONTH(m1)                              ; 11 11 11 11 11",
                "YEAR(m1)                               ; 2025 2025 2025 2025 2025",
                "EPOCH(m1) - 1763596800                 ; 0 60 120 180 240",
                "SUM(SEARCH('{Shop} MetricName=\"m\"', 'Sum', 60)) ; 1 2 3 4 5",
                "REMOVE_EMPTY(SEARCH('Shop', 'Average')); 1 2 3 4 5",
                "ANOMALY_DETECTION_BAND(m1)             ; 3 4 5 6 7 | -1 0 1 2 3",
                "LAST(ANOMALY_DETECTION_BAND(m1, 1))    ; 0 1 2 3 4",
                "SELECT AVG(x) FROM Shop                ; 10 20 30 40 50"
            })
    void expressionsComeToWhatTheGuideSays(String expression, String result) {
        assertThat(result(expression)).isEqualTo(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m1 +",
                "m1 m2",
                "(m1",
                "[m1",
                "'m1",
                "m1 ? 2",
                "NOSUCH(m1)",
                "nosuch",
                "AVG(m1)",
                "5",
                "SUM()",
                "ABS(m1, m2)",
                "m1 + REPEAT",
                "SORT(METRICS(), MEDIAN, ASC)",
                "METRICS() + METRICS()",
                "1..2 * m1",
                "LAMBDA('f')",
                "SELECT MEDIAN(x) FROM y",
                "SELECT AVG(x) FROM y LIMIT 501",
                "SELECT AVG(x)"
            })
    void expressionsThatMakeNoSenseAreRefused(String expression) {
        assertThatThrownBy(() -> result(expression)).isInstanceOf(InvalidExpressionException.class);
    }

    @Test
    void deepExpressionsAreRefused() {
        assertThatThrownBy(() -> MathParser.parse("(".repeat(2000))).isInstanceOf(InvalidExpressionException.class);
        assertThatThrownBy(() -> MathParser.parse("-".repeat(2000) + "m1"))
                .isInstanceOf(InvalidExpressionException.class);
    }
}
