package dev.outcrop.engines.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class EventPatternTest {
    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvFileSource(resources = "cases.csv", delimiter = '|', quoteCharacter = '`')
    void decidesAsDocumented(String what, String pattern, String event, boolean matches) throws IOException {
        boolean decided = EventPattern.read(pattern).matches(JsonValue.read(event));

        assertThat(decided).as(what).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "refusals.csv", delimiter = '|', quoteCharacter = '`')
    void refusesWhatIsNoPattern(String pattern, String reason) {
        assertThatThrownBy(() -> EventPattern.read(pattern))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessageStartingWith(reason);
    }

    @Test
    void saysWhereItIsWrong() {
        assertThatThrownBy(() -> EventPattern.read("{\"source\": \"aws.ec2\"}"))
                .hasMessage("\"source\" must be an object or an array\n"
                        + " at [Source: (String)\"{\"source\": \"aws.ec2\"}\"; line: 1, column: 13]");
    }

    @Test
    void refusesDepthInsteadOfOverflowing() {
        String deep = "{\"a\":".repeat(5000) + "[1]" + "}".repeat(5000);

        assertThatThrownBy(() -> EventPattern.read(deep)).isInstanceOf(InvalidPatternException.class);
        assertThatThrownBy(() -> JsonValue.read(deep)).isInstanceOf(IOException.class);
    }

    @Test
    void tellsWhichSourcesItWants() {
        EventPattern pattern =
                EventPattern.read("{\"source\": [\"b\", \"a\"], \"detail\": {\"x\": [{\"exists\": true}]}}");

        assertThat(pattern.wantedTexts("source")).contains(Set.of("a", "b"));
        assertThat(pattern.wantedTexts("detail")).isEmpty();
        assertThat(EventPattern.read("{\"source\": [\"a\", {\"prefix\": \"b\"}]}")
                        .wantedTexts("source"))
                .isEmpty();
    }

    @Test
    void findsTheOnesOfManyThatAnEventFits() throws IOException {
        List<PatternIndex.Entry<Integer>> entries = IntStream.range(0, 1000)
                .mapToObj(i -> new PatternIndex.Entry<>(
                        EventPattern.read("{\"source\": [\"shop\"], \"detail\": {\"customer\": [\"c" + i % 500
                                + "\"], \"total\": [{\"numeric\": [\">\", " + i + "]}]}}"),
                        i))
                .toList();
        PatternIndex<Integer> index = new PatternIndex<>(entries);
        JsonValue event =
                JsonValue.read("{\"source\": \"shop\", \"detail\": {\"customer\": [\"c7\", \"c8\"], \"total\": 100}}");

        assertThat(index.matches(event)).containsExactly(7, 8);
    }

    @Test
    void findsPatternsWithoutAnyExactValue() throws IOException {
        PatternIndex<String> index = new PatternIndex<>(List.of(
                new PatternIndex.Entry<>(EventPattern.read("{\"a\": [{\"exists\": false}]}"), "absent"),
                new PatternIndex.Entry<>(EventPattern.read("{\"$or\": [{\"a\": [1]}, {\"b\": [2]}]}"), "either")));

        assertThat(index.matches(JsonValue.read("{\"b\": 2}"))).containsExactly("absent", "either");
        assertThat(index.matches(JsonValue.read("{\"a\": 2}"))).isEmpty();
    }
}
