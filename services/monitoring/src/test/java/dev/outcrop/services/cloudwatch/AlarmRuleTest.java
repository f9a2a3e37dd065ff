package dev.outcrop.services.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmRuleTest {
    private static final Map<String, String> STATES = Map.of(
            "red", "ALARM",
            "green", "OK",
            "grey one", "INSUFFICIENT_DATA",
            "arn:aws:cloudwatch:us-east-1:123456789012:alarm:red", "ALARM");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALARM(red)                                      | true",
                "ALARM(\"red\")                                  | true",
                "ALARM('red')                                    | true",
                "ALARM(green)                                    | false",
                "OK(green)                                       | true",
                "INSUFFICIENT_DATA(\"grey one\")                 | true",
                "ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:red) | true",
                "NOT ALARM(red)                                  | false",
                "NOT NOT ALARM(red)                              | true",
                "ALARM(red) AND OK(green)                        | true",
                "ALARM(red) AND ALARM(green)                     | false",
                "ALARM(green) OR ALARM(red)                      | true",
                "TRUE OR FALSE AND FALSE                         | true",
                "(TRUE OR FALSE) AND FALSE                       | false",
                "NOT (OK(red) OR FALSE)                          | true",
                "(ALARM(red) AND (OK(red) OR OK(green)))         | true",
                "ALARM(nosuch)                                   | false"
            })
    void rulesHoldAsTheyRead(String rule, boolean holds) {
        assertThat(AlarmRule.parse(rule).holds().test(STATES::get)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ALARM",
                "ALARM()",
                "ALARM(a",
                "red",
                "ALARM(a) OK(b)",
                "ALARM(a) AND",
                "NOT",
                "(TRUE",
                "true"
            })
    void malformedRulesAreRefused(String rule) {
        assertThatThrownBy(() -> AlarmRule.parse(rule)).isInstanceOf(InvalidExpressionException.class);
    }

    @Test
    void deepRulesAreRefused() {
        assertThatThrownBy(() -> AlarmRule.parse("(".repeat(5000))).isInstanceOf(InvalidExpressionException.class);
        assertThatThrownBy(() -> AlarmRule.parse("NOT ".repeat(2000) + "TRUE"))
                .isInstanceOf(InvalidExpressionException.class);
    }
}
