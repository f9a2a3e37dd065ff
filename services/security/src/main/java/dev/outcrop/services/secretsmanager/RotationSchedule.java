package dev.outcrop.services.secretsmanager;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;

/**
 * When a secret is rotated: at the beginning of windows that a number of days, {@code rate(…)} or {@code cron(…)} says, in
 * UTC. Rotation by days happens from midnight on.
 *
 * <p>Source: "Schedule expressions in Secrets Manager rotation" of the AWS Secrets Manager user guide.
 */
final class RotationSchedule {
    private static final Pattern RATE = Pattern.compile("rate\\(\\s*([0-9]{1,4})\\s+(hours?|days?)\\s*\\)");
    private static final Pattern CRON = Pattern.compile("cron\\((.{1,200})\\)");
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]?)h");
    private static final int SHORTEST_HOURS = 4;
    private static final int LONGEST_DAYS = 999;
    private static final int HOURS_OF_A_DAY = 24;

    private final Optional<Duration> interval;
    private final Optional<CronExpression> cron;
    private final Optional<Duration> window;

    private RotationSchedule(Optional<Duration> interval, Optional<CronExpression> cron, Optional<Duration> window) {
        this.interval = interval;
        this.cron = cron;
        this.window = window;
    }

    /**
     * The schedule that a secret's settings say.
     *
     * @return empty if they say none
     * @throws InvalidParameterException if they say one that cannot be
     */
    static Optional<RotationSchedule> of(Secret.Rotation settings) {
        boolean hours = false;
        Optional<Duration> interval = Optional.empty();
        Optional<CronExpression> cron = Optional.empty();
        Matcher rate = RATE.matcher(settings.expression());
        Matcher expression = CRON.matcher(settings.expression());
        if (settings.afterDays() > 0) {
            interval = Optional.of(Duration.ofDays(settings.afterDays()));
        } else if (settings.expression().isEmpty()) {
            return Optional.empty();
        } else if (rate.matches()) {
            hours = rate.group(2).startsWith("hour");
            interval = Optional.of(interval(Long.parseLong(rate.group(1)), hours));
        } else if (expression.matches()) {
            cron = CronExpression.parse(expression.group(1));
        }
        if (interval.isEmpty() && cron.isEmpty()) {
            throw SecretRequests.invalidParameter("Invalid ScheduleExpression.");
        }
        RotationSchedule schedule = new RotationSchedule(interval, cron, window(settings.duration()));
        schedule.check(hours);
        return Optional.of(schedule);
    }

    private static Duration interval(long count, boolean hours) {
        Duration interval = hours ? Duration.ofHours(count) : Duration.ofDays(count);
        boolean possible = hours
                ? count >= SHORTEST_HOURS && interval.compareTo(Duration.ofDays(LONGEST_DAYS)) <= 0
                : count >= 1 && count <= LONGEST_DAYS;
        if (!possible) {
            throw SecretRequests.invalidParameter("Invalid ScheduleExpression. The rate must be between "
                    + SHORTEST_HOURS + " hours and " + LONGEST_DAYS + " days.");
        }
        return interval;
    }

    private static Optional<Duration> window(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher hours = DURATION.matcher(text);
        if (!hours.matches() || Long.parseLong(hours.group(1)) > HOURS_OF_A_DAY) {
            throw SecretRequests.invalidParameter("Invalid Duration. It must be between 1h and 24h.");
        }
        return Optional.of(Duration.ofHours(Long.parseLong(hours.group(1))));
    }

    private void check(boolean byHours) {
        if (cron.isPresent()) {
            CronExpression expression = cron.get();
            if (expression.repeatsWithinADay() && expression.shortestGap() < SHORTEST_HOURS) {
                throw SecretRequests.invalidParameter(
                        "Invalid ScheduleExpression. A secret can be rotated every four hours at most.");
            }
            if (expression.next(Instant.EPOCH).isEmpty()) {
                throw SecretRequests.invalidParameter("Invalid ScheduleExpression. It never happens.");
            }
        }
        long wanted = window.map(Duration::toHours).orElse(1L);
        long room = cron.map(expression ->
                        (long) Math.min(expression.shortestGap(), HOURS_OF_A_DAY - expression.latestHour()))
                .orElse(
                        byHours
                                ? Math.min(
                                        HOURS_OF_A_DAY, interval.orElseThrow().toHours())
                                : HOURS_OF_A_DAY);
        if (wanted > room) {
            throw SecretRequests.invalidParameter(
                    "Invalid Duration. The rotation window must not extend into the next UTC day or into the next"
                            + " rotation window.");
        }
    }

    /** When the first window opens of a schedule that is set, or begun anew by a rotation, at {@code now}. */
    Instant first(Instant now) {
        if (cron.isPresent()) {
            return cron.get().next(now).orElseThrow();
        }
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        Duration step = interval.orElseThrow();
        if (isByHours()) {
            long passed = Duration.between(midnight, now).dividedBy(step);
            return midnight.plus(step.multipliedBy(passed + 1));
        }
        return midnight.plus(step);
    }

    /** When the window after the one that opened at {@code opened} does that has not closed at {@code now}. */
    Instant following(Instant opened, Instant now) {
        Instant next = opened;
        do {
            Instant from = next;
            next = cron.map(expression -> expression.next(from).orElseThrow())
                    .orElseGet(() -> from.plus(interval.orElseThrow()));
        } while (closes(next).isBefore(now));
        return next;
    }

    /** When a window closes; without a duration those of hours after one, and those of days at the end of the day. */
    Instant closes(Instant opens) {
        boolean brief = cron.map(CronExpression::repeatsWithinADay).orElseGet(this::isByHours);
        return window.map(opens::plus)
                .orElseGet(() -> brief
                        ? opens.plus(Duration.ofHours(1))
                        : opens.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)))
                .minusSeconds(1);
    }

    private boolean isByHours() {
        return interval.filter(step -> step.toHours() % HOURS_OF_A_DAY != 0).isPresent();
    }
}
