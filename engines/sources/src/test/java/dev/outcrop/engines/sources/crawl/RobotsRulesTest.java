package dev.outcrop.engines.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RobotsRulesTest {
    private static final String AGENT = "bedrockbot_0a1b-Mine";

    @Test
    void theLongestRuleDecidesAndAllowWinsBetweenEquals() {
        RobotsRules rules = RobotsRules.of("""
                User-agent: *
                Disallow: /a
                Allow: /a/b
                Disallow: /a/b/c
                Disallow: /same
                Allow: /same
                """, AGENT);

        assertThat(rules.allow("/a/x")).isFalse();
        assertThat(rules.allow("/a/b/x")).isTrue();
        assertThat(rules.allow("/a/b/c")).isFalse();
        assertThat(rules.allow("/same")).isTrue();
        assertThat(rules.allow("/other")).isTrue();
        assertThat(rules.allow("/robots.txt")).isTrue();
    }

    @Test
    void theGroupsOfTheLongestNameApplyAndNoOther() {
        RobotsRules rules = RobotsRules.of("""
                user-agent: *
                disallow: /

                User-Agent: Googlebot
                User-Agent: BedrockBot # that is us
                Disallow: /private

                User-agent: other
                Disallow: /other

                user-agent: bedrockbot
                disallow: /too
                crawl-delay: 2.5
                """, AGENT);

        assertThat(rules.allow("/")).isTrue();
        assertThat(rules.allow("/private")).isFalse();
        assertThat(rules.allow("/too")).isFalse();
        assertThat(rules.allow("/other")).isTrue();
        assertThat(rules.delay()).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void starsAndDollarsMatchAsTheStandardSays() {
        RobotsRules rules = RobotsRules.of("""
                User-agent: *
                Disallow: /*.gif$
                Disallow: /*/secret*/end
                Disallow: /exact$
                """, AGENT);

        assertThat(rules.allow("/images/a.gif")).isFalse();
        assertThat(rules.allow("/images/a.gif?x")).isTrue();
        assertThat(rules.allow("/x/secrets/the/end/of")).isFalse();
        assertThat(rules.allow("/exact")).isFalse();
        assertThat(rules.allow("/exactly")).isTrue();
    }

    @Test
    void encodedAndPlainCharactersAreTheSame() {
        RobotsRules rules = RobotsRules.of("User-agent: *\nDisallow: /%62ar/ä", AGENT);

        assertThat(rules.allow("/bar/%C3%A4")).isFalse();
    }

    @Test
    @Timeout(20)
    void aPatternOfManyStarsIsMatchedQuickly() {
        RobotsRules rules = RobotsRules.of("User-agent: *\nDisallow: /" + "*a".repeat(1000) + "b$", AGENT);

        assertThat(rules.allow("/" + "a".repeat(2000))).isTrue();
    }

    @Property(tries = 200)
    void anyTextIsRead(@ForAll String text, @ForAll String path) {
        RobotsRules.of("User-agent: *\n" + text, AGENT).allow("/" + path);
    }
}
