package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;

class RotationScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:30:00Z"); // A Sunday.

    private static RotationSchedule schedule(long days, String expression, String duration) {
        return RotationSchedule.of(new Secret.Rotation(true, "lambda", days, expression, duration, 0, 0))
                .orElseThrow();
    }

    private static RotationSchedule schedule(String expression, String duration) {
        return schedule(0, expression, duration == null ? "" : duration);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(10 days)             |    | 2026-12-02T00:00:00Z | 2026-12-02T23:59:59Z",
                "rate(1 day)               | 3h | 2026-11-23T00:00:00Z | 2026-11-23T02:59:59Z",
                "rate(12 hours)            |    | 2026-11-22T12:00:00Z | 2026-11-22T12:59:59Z",
                "rate(4 hours)             | 2h | 2026-11-22T12:00:00Z | 2026-11-22T13:59:59Z",
                "cron(0 8 * * ? *)         |    | 2026-11-23T08:00:00Z | 2026-11-23T23:59:59Z",
                "cron(0 11 * * ? *)        | 2h | 2026-11-22T11:00:00Z | 2026-11-22T12:59:59Z",
                "cron(0 0 1 * ? *)         |    | 2026-12-01T00:00:00Z | 2026-12-01T23:59:59Z",
                "cron(0 0 L * ? *)         |    | 2026-11-30T00:00:00Z | 2026-11-30T23:59:59Z",
                "cron(0 8/8 * * ? *)       |    | 2026-11-22T16:00:00Z | 2026-11-22T16:59:59Z",
                "cron(0 /6 * * ? *)        |    | 2026-11-22T12:00:00Z | 2026-11-22T12:59:59Z",
                "cron(0 1 ? * SUN#1 *)     |    | 2026-12-06T01:00:00Z | 2026-12-06T23:59:59Z",
                "cron(0 1 ? * 2L *)        |    | 2026-11-30T01:00:00Z | 2026-11-30T23:59:59Z",
                "cron(0 16 ? * MON-FRI *)  |    | 2026-11-23T16:00:00Z | 2026-11-23T23:59:59Z",
                "cron(0 4 29 2 ? *)        |    | 2028-02-29T04:00:00Z | 2028-02-29T23:59:59Z",
                "cron(0 4 1 JAN,jul ? *)   |    | 2027-01-01T04:00:00Z | 2027-01-01T23:59:59Z"
            })
    void theFirstWindowIsWhereTheExpressionSays(String expression, String duration, Instant opens, Instant closes) {
        RotationSchedule schedule = schedule(expression, duration);

        assertThat(schedule.first(NOW)).isEqualTo(opens);
        assertThat(schedule.closes(opens)).isEqualTo(closes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(3 hours)            |",
                "rate(1000 days)          |",
                "rate(0 days)             |",
                "rate(1 week)             |",
                "rate(6 hours)            | 7h",
                "rate(6 hours)            | 0h",
                "rate(6 hours)            | 25h",
                "cron(5 8 * * ? *)        |",
                "cron(0 8 * * ? 2027)     |",
                "cron(0 8 * * * *)        |",
                "cron(0 8 ? * ? *)        |",
                "cron(0 24 * * ? *)       |",
                "cron(0 8 32 * ? *)       |",
                "cron(0 8 30 2 ? *)       |",
                "cron(0 */2 * * ? *)      |",
                "cron(0 8 * * ?)          |",
                "cron(0 8 5-1 * ? *)      |",
                "cron(0 8 1//2 * ? *)     |",
                "cron(0 22 * * ? *)       | 3h",
                "every day                |"
            })
    void whatIsNoScheduleIsRefused(String expression, String duration) {
        assertThatThrownBy(() -> schedule(expression, duration)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void daysAreCountedFromMidnight() {
        assertThat(schedule(30, "", "").first(NOW)).isEqualTo("2026-12-22T00:00:00Z");
    }

    @Test
    void windowsThatWentByAreLeftOut() {
        RotationSchedule schedule = schedule("rate(4 hours)", "1h");

        assertThat(schedule.following(Instant.parse("2026-11-20T00:00:00Z"), NOW))
                .isEqualTo("2026-11-22T12:00:00Z");
    }

    @Property(tries = 300)
    void aWindowOpensAfterNowAndClosesOnItsDay(
            @ForAll @LongRange(min = 0, max = 4_000_000_000L) long second,
            @ForAll @IntRange(min = 0, max = 23) int hour,
            @ForAll @IntRange(min = 1, max = 7) int weekday) {
        Instant now = Instant.ofEpochSecond(second);
        RotationSchedule schedule = schedule("cron(0 " + hour + " ? * " + weekday + " *)", "");

        Instant opens = schedule.first(now);

        assertThat(opens).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofDays(7)));
        assertThat(opens.getEpochSecond() % 86_400).isEqualTo(hour * 3600L);
        assertThat(schedule.closes(opens)).isAfter(opens);
        assertThat(schedule.following(opens, opens)).isEqualTo(opens.plus(Duration.ofDays(7)));
    }
}
