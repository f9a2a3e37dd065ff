package dev.outcrop.services.eventbridge;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a rule fires.
 *
 * <p>Source: "Setting a schedule pattern for scheduled rules" of the Amazon EventBridge user guide.
 */
sealed interface Schedule permits CronExpression, Schedule.Rate {
    Pattern RATE = Pattern.compile("rate\\((\\d{1,9}) (minutes?|hours?|days?)\\)");
    Pattern CRON = Pattern.compile("cron\\((.+)\\)");

    /**
     * The first time after {@code time}, if there is one.
     *
     * @param beginning when the rule became what it is
     */
    Optional<Instant> next(Instant time, Instant beginning);

    /**
     * Reads such as {@code rate(5 minutes)} or {@code cron(0 12 * * ? *)}.
     *
     * @throws dev.outcrop.kernel.AwsError {@code ValidationException} if the text is none
     */
    static Schedule read(String text) {
        Matcher rate = RATE.matcher(text);
        if (rate.matches()) {
            long value = Long.parseLong(rate.group(1));
            boolean singular = !rate.group(2).endsWith("s");
            if (value == 0 || singular != (value == 1)) {
                throw invalid();
            }
            return new Rate(
                    switch (rate.group(2).charAt(0)) {
                        case 'm' -> Duration.ofMinutes(value);
                        case 'h' -> Duration.ofHours(value);
                        default -> Duration.ofDays(value);
                    });
        }
        Matcher cron = CRON.matcher(text);
        if (!cron.matches()) {
            throw invalid();
        }
        return CronExpression.read(cron.group(1)).orElseThrow(Schedule::invalid);
    }

    private static RuntimeException invalid() {
        return Errors.invalid("Parameter ScheduleExpression is not valid.");
    }

    /** Again and again, the first time one interval after the beginning. */
    record Rate(Duration interval) implements Schedule {
        @Override
        public Optional<Instant> next(Instant time, Instant beginning) {
            long passed = Math.max(0, Duration.between(beginning, time).toMillis());
            long count = passed / interval.toMillis() + 1;
            return Optional.of(beginning.plus(interval.multipliedBy(count)));
        }
    }
}
