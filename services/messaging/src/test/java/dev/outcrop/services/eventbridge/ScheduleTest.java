package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    /** The examples of "Cron expressions reference", and corners of each sign. */
    @ParameterizedTest(name = "{0} after {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    cron(0 10 * * ? *)                  | 2026-11-22T10:00:00Z | 2026-11-23T10:00:00Z
                    cron(0 10 * * ? *)                  | 2026-11-22T09:59:59Z | 2026-11-22T10:00:00Z
                    cron(15 12 * * ? *)                 | 2026-11-22T10:00:00Z | 2026-11-22T12:15:00Z
                    cron(0 18 ? * MON-FRI *)            | 2026-11-22T10:00:00Z | 2026-11-23T18:00:00Z
                    cron(0 8 1 * ? *)                   | 2026-11-22T10:00:00Z | 2026-12-01T08:00:00Z
                    cron(0/15 * * * ? *)                | 2026-11-22T10:16:00Z | 2026-11-22T10:30:00Z
                    cron(0/10 * ? * MON-FRI *)          | 2026-11-21T10:00:00Z | 2026-11-23T00:00:00Z
                    cron(0/5 8-17 ? * MON-FRI *)        | 2026-11-23T17:55:00Z | 2026-11-24T08:00:00Z
                    cron(0/30 20-2 ? * MON-FRI *)       | never                | never
                    cron(0 0 L * ? *)                   | 2026-02-01T00:00:00Z | 2026-02-28T00:00:00Z
                    cron(0 0 LW * ? *)                  | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z
                    cron(0 0 15W * ? *)                 | 2026-11-01T00:00:00Z | 2026-11-16T00:00:00Z
                    cron(0 0 1W * ? *)                  | 2026-08-01T00:00:00Z | 2026-08-03T00:00:00Z
                    cron(0 0 ? * 6L *)                  | 2026-11-22T10:00:00Z | 2026-11-27T00:00:00Z
                    cron(0 0 ? * L *)                   | 2026-11-22T10:00:00Z | 2026-11-28T00:00:00Z
                    cron(0 0 ? * 3#2 *)                 | 2026-11-22T10:00:00Z | 2026-12-08T00:00:00Z
                    cron(0 0 ? * TUE#5 *)               | 2026-11-22T10:00:00Z | 2026-12-29T00:00:00Z
                    cron(0 0 29 2 ? *)                  | 2026-11-22T10:00:00Z | 2028-02-29T00:00:00Z
                    cron(0 0 1 JAN ? 2030)              | 2026-11-22T10:00:00Z | 2030-01-01T00:00:00Z
                    cron(0 0 1 1,7 ? 2026-2027)         | 2026-11-22T10:00:00Z | 2027-01-01T00:00:00Z
                    cron(0 0 ? * SUN,sat *)             | 2026-11-22T10:00:00Z | 2026-11-28T00:00:00Z
                    cron(0 0 31 2 ? *)                  | 2026-11-22T10:00:00Z | none
                    cron(0 0 1 1 ? 2020)                | 2026-11-22T10:00:00Z | none
                    rate(5 minutes)                     | 2026-11-22T10:07:00Z | 2026-11-22T10:10:00Z
                    rate(1 hour)                        | 2026-11-22T10:00:00Z | 2026-11-22T11:00:00Z
                    rate(2 days)                        | 2026-11-23T10:00:00Z | 2026-11-24T10:00:00Z
                    """)
    void firesWhenItIsTime(String expression, String after, String next) {
        if (next.equals("never")) {
            // A range that goes backwards is none, unlike in other dialects.
            assertThatThrownBy(() -> Schedule.read(expression)).hasMessageContaining("is not valid");
            return;
        }
        Instant beginning = Instant.parse("2026-11-22T10:00:00Z");

        String fires = Schedule.read(expression)
                .next(Instant.parse(after), beginning)
                .map(Instant::toString)
                .orElse("none");

        assertThat(fires).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rate(0 minutes)",
                "rate(1 minutes)",
                "rate(5 minute)",
                "rate(5 weeks)",
                "rate(-1 hours)",
                "cron(* * * * * *)",
                "cron(0 0 ? * ? *)",
                "cron(0 0 1 * MON *)",
                "cron(0 0 1 *)",
                "cron(60 0 1 * ? *)",
                "cron(0 24 1 * ? *)",
                "cron(0 0 0 * ? *)",
                "cron(0 0 32W * ? *)",
                "cron(0 0 1 13 ? *)",
                "cron(0 0 ? * 8 *)",
                "cron(0 0 ? * 2#6 *)",
                "cron(0 0 1 * ? 2200)",
                "cron(0/0 0 1 * ? *)",
                "cron(x 0 1 * ? *)",
                "at(2026-11-22T10:00:00)"
            })
    void refusesWhatIsNoSchedule(String expression) {
        assertThatThrownBy(() -> Schedule.read(expression)).hasMessage("Parameter ScheduleExpression is not valid.");
    }

    @Test
    void firesOnceOnServersThatShareADatabase(@TempDir Path folder) {
        try (EventHouse house = new EventHouse(folder);
                EventBridgeService second = house.another()) {
            String queue = house.queue("ticks");
            house.events(
                    events -> events.putRule(request -> request.name("tick").scheduleExpression("rate(5 minutes)")));
            house.target("tick", target -> target.id("1").arn(queue));
            house.service().look(() -> false);
            second.look(() -> false);

            house.house.pass(Duration.ofMinutes(5));
            Thread other = Thread.ofVirtual().start(() -> second.look(() -> false));
            house.service().look(() -> false);
            EventHouse.await("the other server", () -> !other.isAlive());

            assertThat(house.receive("ticks", 1))
                    .singleElement()
                    .satisfies(message -> assertThat(message.body())
                            .contains(
                                    "\"detail-type\":\"Scheduled Event\",\"source\":\"aws.events\"",
                                    "\"time\":\"2026-11-22T10:05:00Z\"",
                                    "\"resources\":[\"arn:aws:events:us-east-1:000000000000:rule/tick\"]",
                                    "\"detail\":{}"));
            assertThat(house.afterAll("ticks")).isEmpty();
        }
    }

    @Test
    void firesOnceForAllThatItMissed(@TempDir Path folder) {
        try (EventHouse house = new EventHouse(folder)) {
            String queue = house.queue("ticks");
            house.events(
                    events -> events.putRule(request -> request.name("tick").scheduleExpression("rate(5 minutes)")));
            house.target("tick", target -> target.id("1").arn(queue));
            house.service().look(() -> false);

            house.house.pass(Duration.ofHours(1));

            assertThat(house.receive("ticks", 1)).hasSize(1);
            assertThat(house.afterAll("ticks")).isEmpty();
        }
    }
}
