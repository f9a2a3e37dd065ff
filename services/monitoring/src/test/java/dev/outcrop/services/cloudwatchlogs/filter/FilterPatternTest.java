package dev.outcrop.services.cloudwatchlogs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPatternTest {
    private static final String ACCESS =
            "127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700]" + " \"GET /index.html HTTP/1.0\" 404 1534";
    private static final String OBJECT = """
            {"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "status": 200, "ratio": 1.5e3,
             "arrayKey": ["value", "another value"], "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
             "SomeObject": null, "ThisFlag": true, "cluster.name": "c", "text": "401"}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "`` → anything → true",
                "ERROR → [ERROR 400] BAD REQUEST → true",
                "ERROR → an error → false",
                "ERROR ARGUMENTS → [ERROR 419] MISSING ARGUMENTS → true",
                "ERROR ARGUMENTS → [ERROR 400] BAD REQUEST → false",
                "?ERROR ?ARGUMENTS → MISSING ARGUMENTS → true",
                "?ERROR ?ARGUMENTS → fine → false",
                "ERROR -ARGUMENTS → [ERROR 419] MISSING ARGUMENTS → false",
                "ERROR -ARGUMENTS → [ERROR 400] BAD REQUEST → true",
                "?ERROR -ARGUMENTS → fine → true",
                "\"INTERNAL SERVER ERROR\" → [ERROR 500] INTERNAL SERVER ERROR → true",
                "\"INTERNAL SERVER ERROR\" → INTERNAL ERROR SERVER → false",
                "-\"a b\" → a b → false",
                "%ERR[0-9]+% → ERR42 → true",
                "%ERR[0-9]+% → ERRx → false",
                "%^a% b → ab → true",
            })
    void findsTerms(String pattern, String message, boolean matches) throws Exception {
        assertThat(FilterPattern.parse(pattern).matches(message)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "{ $.eventType = \"UpdateTrail\" } → true",
                "{ $.eventType = UpdateTrail } → true",
                "{ $.eventType = \"Update*\" } → true",
                "{ $.eventType = update* } → false",
                "{ $.eventType != \"UpdateTrail\" } → false",
                "{ $.sourceIPAddress != 123.123.* } → true",
                "{ $.arrayKey[0] = \"value\" } → true",
                "{ $.arrayKey[1] = \"value\" } → false",
                "{ $.arrayKey[*] = \"another*\" } → true",
                "{ $.objectList[1].id = 2 } → true",
                "{ $.status >= 200 && $.status < 300 } → true",
                "{ $.status > 200 } → false",
                "{ $.ratio = 1500 } → true",
                "{ $.ratio < 1e4 } → true",
                "{ $.text = 401 } → true",
                "{ $.SomeObject IS NULL } → true",
                "{ $.ThisFlag IS TRUE } → true",
                "{ $.ThisFlag IS FALSE } → false",
                "{ $.Other NOT EXISTS } → true",
                "{ $.status NOT EXISTS } → false",
                "{ ($.status = 404 || $.status = 200) && $.ThisFlag is true } → true",
                "{ $.status = 404 || $.status = 200 && $.ThisFlag IS FALSE } → false",
                "{ $['cluster.name'] = \"c\" } → true",
                "{ $.eventType = %Update[A-Z]% } → true",
                "{ $.sourceIPAddress = %1{3}% && $.eventType != %x% } → true",
                "{ $.missing = \"*\" } → false",
            })
    void comparesMembersOfObjects(String pattern, boolean matches) throws Exception {
        assertThat(FilterPattern.parse(pattern).matches(OBJECT)).isEqualTo(matches);
        assertThat(FilterPattern.parse(pattern).matches("no object")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "[ip, user, username, timestamp, request, status_code, bytes > 1000] → true",
                "[ip, user, username, timestamp, request, status_code, bytes > 2000] → false",
                "[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes] → true",
                "[..., status_code=4*, bytes] → true",
                "[ip, ..., bytes] → true",
                "[ip, user] → false",
                "[ip=%127\\.0\\.0\\.[1-9]%, ...] → true",
                "[ip, user=Prod||user=Test, ...] → true",
                "[ip, user!=Prod&&user!=Test, ...] → false",
                "[ip, (user=Test || user=Prod) && user=P*, ...] → true",
                "[, user = Prod, ...] → true",
            })
    void comparesFieldsBetweenSpaces(String pattern, boolean matches) throws Exception {
        assertThat(FilterPattern.parse(pattern).matches(ACCESS)).isEqualTo(matches);
    }

    @Test
    void extractsWhatAPatternNames() throws Exception {
        assertThat(FilterPattern.parse("[..., status, bytes]").extracted("a \"b c\" 200 7"))
                .isEqualTo(Map.of("$1", "a", "$2", "b c", "$status", "200", "$bytes", "7"));
        assertThat(FilterPattern.parse("{ $.status = 200 && $.objectList[0].name = a }")
                        .extracted(OBJECT))
                .isEqualTo(Map.of("$.status", "200", "$.objectList[0].name", "a"));
        assertThat(FilterPattern.parse("{ $.status = 200 }").value(OBJECT, "$.ratio"))
                .contains("1500.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-b",
                "\"open",
                "%open",
                "%(%",
                "{ $.a }",
                "{ $.a = }",
                "{ a = 1 }",
                "{ $.a > text }",
                "{ $.a = 1 } more",
                "{ $.a[x] = 1 }",
                "{ $.a[-1] = 1 }",
                "{ $.a IS NOTHING }",
                "[a, ..., b, ...]",
                "[a",
                "[a = 1 && b = 2]",
                "-",
            })
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern)).isInstanceOf(InvalidPatternException.class);
    }

    @Test
    @Timeout(30)
    void isNotHeldUpByHostilePatternsAndMessages() throws Exception {
        assertThatThrownBy(() -> FilterPattern.parse("{" + "(".repeat(500) + "$.a = 1" + ")".repeat(500) + "}"))
                .isInstanceOf(InvalidPatternException.class);
        assertThat(FilterPattern.parse("%(a+)+$%").matches("a".repeat(5000) + "!"))
                .isFalse();
        assertThat(FilterPattern.parse("{ $.a = 1 }").matches("{\"a\":".repeat(100_000)))
                .isFalse();
        assertThat(FilterPattern.parse("{ $.a > 1e399 }").matches("{\"a\": 1e999999999}"))
                .isFalse();
        assertThat(FilterPattern.parse("{ $.a = *a*a*a*a*a*a*b }").matches("{\"a\": \"" + "a".repeat(200_000) + "\"}"))
                .isFalse();
    }
}
