package dev.outcrop.engines.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final Frontier frontier = new Frontier(Duration.ofSeconds(1), 5);

    @Test
    void aHostIsLeftAloneBetweenTwoRequestsWhileOthersAreAsked() {
        frontier.add(URI.create("http://a/1"), 0, false);
        frontier.add(URI.create("http://a/2"), 0, false);
        frontier.add(URI.create("http://b/1"), 0, false);

        URI first = take();
        URI second = take();
        Frontier.Due third = frontier.next().orElseThrow();

        assertThat(first.getHost()).isNotEqualTo(second.getHost());
        assertThat(third.time()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void aSiteMayAskForMoreTime() {
        frontier.slow(URI.create("http://a/"), Duration.ofSeconds(30));
        frontier.asked(URI.create("http://a/"), NOW);

        assertThat(frontier.due(URI.create("http://a/2"))).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void anAddressIsTakenInOnceAndNoMoreThanAllowed() {
        for (int i = 0; i < 10; i++) {
            frontier.add(URI.create("http://a/" + i % 4), 0, false);
        }
        assertThat(frontier.overflowed()).isFalse();

        for (int i = 0; i < 10; i++) {
            frontier.add(URI.create("http://b/" + i), 0, false);
        }
        assertThat(frontier.overflowed()).isTrue();
        assertThat(frontier.drop(URI.create("http://a/"))).isEqualTo(4);
        assertThat(frontier.drop(URI.create("http://b/"))).isEqualTo(1);
    }

    private URI take() {
        URI page = frontier.next().orElseThrow().entry().page();
        frontier.asked(page, NOW);
        return page;
    }
}
