package dev.outcrop.engines.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.guard.CustomPatterns.Match;
import dev.outcrop.engines.guard.CustomPatterns.NamedPattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CustomPatternsTest {
    @Test
    void findsEveryMatchOfEveryPattern() {
        CustomPatterns patterns = new CustomPatterns(
                List.of(new NamedPattern("ticket", "[A-Z]{2}-\\d+"), new NamedPattern("room", "room \\d")));

        List<Match> found = patterns.find("AB-12 and CD-3 in room 7");

        assertThat(found)
                .containsExactly(new Match("ticket", 0, 5), new Match("ticket", 10, 14), new Match("room", 18, 24));
    }

    @Test
    void reportsNoEmptyMatches() {
        CustomPatterns patterns = new CustomPatterns(List.of(new NamedPattern("stars", "x*")));

        assertThat(patterns.find("abxxc")).containsExactly(new Match("stars", 2, 4));
    }

    @Test
    @Timeout(60)
    void matchesWhatBacktrackingNeverFinishes() {
        CustomPatterns patterns = new CustomPatterns(
                List.of(new NamedPattern("evil", "(a+)+$"), new NamedPattern("worse", "(a|aa)*(b|bb)*c")));

        assertThat(patterns.find("a".repeat(20_000) + "!")).isEmpty();
    }

    @Test
    void refusesWhatIsMalformedTooLongOrTooLarge() {
        assertThatThrownBy(() -> new CustomPatterns(List.of(new NamedPattern("open", "(a"))))
                .isInstanceOf(InvalidGuardException.class)
                .hasMessageContaining("open");
        assertThatThrownBy(() -> new CustomPatterns(List.of(new NamedPattern("behind", "(?<=a)b"))))
                .isInstanceOf(InvalidGuardException.class);
        assertThatThrownBy(() -> new CustomPatterns(List.of(new NamedPattern("long", "a".repeat(501)))))
                .isInstanceOf(InvalidGuardException.class);
        assertThatThrownBy(() -> new CustomPatterns(List.of(new NamedPattern("bomb", "((a{100}){100}){10}"))))
                .isInstanceOf(InvalidGuardException.class);
    }
}
