package dev.outcrop.engines.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogPatternsTest {
    @Test
    void whatDiffersBecomesATokenAndWhatHasAFormSaysWhatItIs() {
        LogPatterns patterns = new LogPatterns();
        for (int i = 0; i < 20; i++) {
            patterns.add("2026-01-15T12:00:" + (10 + i) + "Z [INFO] user u" + i + "x logged in from 10.0.0." + i);
            patterns.add("[ERROR] order 7f9c24e5-2b1a-4c3d-8e6f-0123456789" + (10 + i) + " failed");
        }
        patterns.add("something else altogether");

        assertThat(patterns.count()).isEqualTo(41);
        assertThat(patterns.patterns())
                .containsExactlyInAnyOrder(
                        new LogPatterns.LogPattern(
                                "<Time-1> [INFO] user <Token-2> logged in from <IPAddress-3>", 20, Optional.of("Info")),
                        new LogPatterns.LogPattern("[ERROR] order <UUID-1> failed", 20, Optional.of("Error")),
                        new LogPatterns.LogPattern("something else altogether", 1, Optional.empty()));
    }

    @Test
    void jsonKeepsItsFieldsAndLosesItsValues() {
        LogPatterns patterns = new LogPatterns();
        for (int i = 0; i < 10; i++) {
            patterns.add("{\"level\":\"WARN\",\"latency\":" + i + ",\"path\":\"/api/item/" + i + "\"}");
        }

        assertThat(patterns.patterns())
                .extracting(LogPatterns.LogPattern::text)
                .containsExactly("{\"level\":\"WARN\",\"latency\":<Number-1>,\"path\":\"/<Token-2>\"}");
    }

    @Test
    void messagesWithNothingInCommonAreOfDifferentPatterns() {
        LogPatterns patterns = new LogPatterns();

        patterns.add("");
        patterns.add("disk is full");
        patterns.add("disk was replaced");
        patterns.add("x".repeat(100_000));

        assertThat(patterns.patterns()).hasSize(4);
    }
}
