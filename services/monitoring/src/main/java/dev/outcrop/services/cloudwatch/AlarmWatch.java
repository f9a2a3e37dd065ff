package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.events.ServiceEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.model.ActionsSuppressedBy;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Looks at all alarms again and again: at those on short periods each time, at others every minute, at those on other
 * alarms each time and after every change. A change of state is written with its history, its actions and its event.
 */
final class AlarmWatch {
    private static final Logger LOG = LoggerFactory.getLogger(AlarmWatch.class);
    private static final int MINUTE = 60;
    /** How often alarms on alarms may change each other in one round. */
    private static final int MOST_ROUNDS = 10;

    private final AlarmStore alarms;
    private final AlarmEvaluator evaluator;
    private final AlarmActions actions;
    private final ServiceEvents events;
    private final InstantSource clock;
    private final ConcurrentMap<String, AlarmRule> rules = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Long> lastMinutes = new ConcurrentHashMap<>();

    AlarmWatch(
            AlarmStore alarms,
            AlarmEvaluator evaluator,
            AlarmActions actions,
            ServiceEvents events,
            InstantSource clock) {
        this.alarms = alarms;
        this.evaluator = evaluator;
        this.actions = actions;
        this.events = events;
        this.clock = clock;
    }

    /** Looks at what is due. */
    void run(BooleanSupplier ending) {
        Instant now = clock.instant();
        Collection<Alarm> all = alarms.all();
        for (Alarm alarm : all) {
            if (ending.getAsBoolean()) {
                return;
            }
            if (alarm instanceof Alarm.OnMetric metric && isDue(metric, now)) {
                try {
                    evaluate(metric, now);
                } catch (RuntimeException failure) {
                    LOG.warn("the alarm {} cannot be evaluated", alarm.arn(), failure);
                }
            }
        }
        if (lastMinutes.size() > 2 * all.size()) {
            lastMinutes.clear();
        }
        runComposites(now);
        actions.run(ending);
    }

    /** Does what follows from an alarm that somebody has set. */
    void react() {
        runComposites(clock.instant());
        actions.run(() -> false);
    }

    private boolean isDue(Alarm.OnMetric alarm, Instant now) {
        if (AlarmEvaluator.period(alarm.shape()) < MINUTE) {
            return true;
        }
        long minute = now.getEpochSecond() / MINUTE;
        Long last = lastMinutes.put(alarm.arn(), minute);
        return last == null || last != minute;
    }

    private void evaluate(Alarm.OnMetric alarm, Instant now) {
        evaluator.evaluate(alarm.shape(), now).ifPresent(state -> set(alarm, state, true));
    }

    /** Looks at the alarms on alarms, until none changes any more. */
    void runComposites(Instant now) {
        boolean changed = true;
        for (int round = 0; changed && round < MOST_ROUNDS; round++) {
            changed = false;
            for (Alarm alarm : alarms.all()) {
                if (alarm instanceof Alarm.OnAlarms composite) {
                    try {
                        changed |= evaluate(composite, now);
                    } catch (RuntimeException failure) {
                        LOG.warn("the alarm {} cannot be evaluated", alarm.arn(), failure);
                    }
                }
            }
        }
    }

    private boolean evaluate(Alarm.OnAlarms composite, Instant now) {
        CompositeAlarm shape = composite.shape();
        AlarmRule rule = rules.computeIfAbsent(shape.alarmRule(), AlarmRule::parse);
        boolean holds = rule.holds()
                .test(name -> named(composite, name)
                        .map(other -> other.state().value().toString())
                        .orElse(""));
        StateValue value = holds ? StateValue.ALARM : StateValue.OK;
        if (value != composite.state().value()) {
            String reason = composite.arn() + " transitioned to " + value + " at " + AlarmTexts.time(now);
            set(composite, new Alarm.State(value, reason, Optional.empty(), now), true);
            return true;
        }
        if (shape.actionsSuppressedBy() != null) {
            release(composite, now);
        }
        return false;
    }

    /** The alarm that a composite alarm speaks of by name or ARN. */
    private Optional<Alarm> named(Alarm composite, String name) {
        if (!name.startsWith("arn:")) {
            return alarms.find(composite.account(), composite.region(), name);
        }
        String[] parts = name.split(":", 7);
        return parts.length == 7 ? alarms.find(parts[4], parts[3], parts[6]) : Optional.empty();
    }

    /**
     * Sets the state of an alarm, if it is still there and as it was configured.
     *
     * @param onlyIfOther whether nothing shall happen where it is in that state already
     */
    void set(Alarm seen, Alarm.State state, boolean onlyIfOther) {
        Instant now = clock.instant();
        alarms.change(
                seen.account(),
                seen.region(),
                seen.name(),
                now,
                present -> {
                    if (present.isEmpty() || !present.get().configured().equals(seen.configured())) {
                        return Optional.empty();
                    }
                    Alarm.State before = present.get().state();
                    boolean other = before.value() != state.value();
                    if (!other && onlyIfOther) {
                        return Optional.empty();
                    }
                    Alarm changed = present.get().with(state);
                    if (!other) {
                        return Optional.of(new AlarmStore.Change(changed, List.of(), List.of()));
                    }
                    Optional<ActionsSuppressedBy> suppressed = suppressor(changed);
                    Alarm kept = changed instanceof Alarm.OnAlarms composite
                            ? composite.suppressed(
                                    suppressed,
                                    suppressed.map(AlarmWatch::reason).orElse(""))
                            : changed;
                    return Optional.of(new AlarmStore.Change(
                            kept,
                            List.of(AlarmHistory.changed(kept, before, now)),
                            suppressed.isPresent() ? List.of() : AlarmActions.of(kept, before)));
                },
                (transaction, changed, before) -> events.publish(
                        transaction,
                        new ServiceEvents.Origin(changed.account(), changed.region(), "aws.cloudwatch"),
                        "CloudWatch Alarm State Change",
                        List.of(changed.arn()),
                        () -> AlarmTexts.detail(changed, before)));
    }

    private static String reason(ActionsSuppressedBy by) {
        return switch (by) {
            case ALARM -> "The actions are suppressed because the suppressor alarm is in ALARM.";
            case WAIT_PERIOD -> "The actions are suppressed while the suppressor alarm may go into ALARM.";
            case EXTENSION_PERIOD -> "The actions are suppressed because the suppressor alarm has just left ALARM.";
            case UNKNOWN_TO_SDK_VERSION -> "";
        };
    }

    /** What keeps the actions of an alarm back that has just changed. */
    private Optional<ActionsSuppressedBy> suppressor(Alarm alarm) {
        if (!(alarm instanceof Alarm.OnAlarms composite) || composite.shape().actionsSuppressor() == null) {
            return Optional.empty();
        }
        if (isSuppressing(composite)) {
            return Optional.of(ActionsSuppressedBy.ALARM);
        }
        Integer wait = composite.shape().actionsSuppressorWaitPeriod();
        return wait != null && wait > 0 ? Optional.of(ActionsSuppressedBy.WAIT_PERIOD) : Optional.empty();
    }

    private boolean isSuppressing(Alarm.OnAlarms composite) {
        return named(composite, composite.shape().actionsSuppressor())
                .filter(suppressor -> suppressor.state().value() == StateValue.ALARM)
                .isPresent();
    }

    /** Does what was kept back, once nothing keeps it back any more. */
    private void release(Alarm.OnAlarms composite, Instant now) {
        CompositeAlarm shape = composite.shape();
        if (isSuppressing(composite)) {
            if (shape.actionsSuppressedBy() != ActionsSuppressedBy.ALARM) {
                change(
                        composite,
                        now,
                        alarm -> alarm.suppressed(
                                Optional.of(ActionsSuppressedBy.ALARM), reason(ActionsSuppressedBy.ALARM)),
                        false);
            }
            return;
        }
        switch (shape.actionsSuppressedBy()) {
            case WAIT_PERIOD -> {
                if (isOver(composite.transitioned(), shape.actionsSuppressorWaitPeriod(), now)) {
                    change(composite, now, alarm -> alarm.suppressed(Optional.empty(), ""), true);
                }
            }
            case ALARM ->
                change(
                        composite,
                        now,
                        alarm -> alarm.suppressed(
                                Optional.of(ActionsSuppressedBy.EXTENSION_PERIOD),
                                reason(ActionsSuppressedBy.EXTENSION_PERIOD)),
                        false);
            case EXTENSION_PERIOD -> {
                Instant left = named(composite, shape.actionsSuppressor())
                        .map(Alarm::transitioned)
                        .orElse(Instant.EPOCH);
                if (isOver(left, shape.actionsSuppressorExtensionPeriod(), now)) {
                    change(composite, now, alarm -> alarm.suppressed(Optional.empty(), ""), true);
                }
            }
            case UNKNOWN_TO_SDK_VERSION -> LOG.warn("the actions of {} are suppressed by something", composite.arn());
        }
    }

    private static boolean isOver(Instant since, Integer seconds, Instant now) {
        return !now.isBefore(since.plus(Duration.ofSeconds(seconds == null ? 0 : seconds)));
    }

    private void change(Alarm.OnAlarms seen, Instant now, Function<Alarm.OnAlarms, Alarm> change, boolean act) {
        alarms.change(seen.account(), seen.region(), seen.name(), now, present -> {
            if (present.isEmpty()
                    || !(present.get() instanceof Alarm.OnAlarms same)
                    || same.state().value() != seen.state().value()) {
                return Optional.empty();
            }
            Alarm changed = change.apply(same);
            return Optional.of(new AlarmStore.Change(
                    changed, List.of(), act ? AlarmActions.of(changed, changed.state()) : List.of()));
        });
    }
}
