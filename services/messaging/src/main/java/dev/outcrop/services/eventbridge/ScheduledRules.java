package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules that fire by the clock. When a rule is due next is a record, which is moved on in the transaction that keeps its
 * event: of several servers one fires it. What was missed while no server ran is fired once, not as often as it was missed.
 */
final class ScheduledRules {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledRules.class);
    private static final String TYPE = "events:schedule";
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final String SEPARATOR = "\n";

    private final Records records;
    private final RuleStore store;
    private final Intake intake;
    private final Ids ids;
    private final InstantSource clock;

    ScheduledRules(Records records, RuleStore store, Intake intake, Ids ids, InstantSource clock) {
        this.records = records;
        this.store = store;
        this.intake = intake;
        this.ids = ids;
        this.clock = clock;
    }

    Chore chore() {
        return new Chore("events-schedules", INTERVAL, this::run);
    }

    /** Where a rule stands: the schedule that it had, since when, and when it is due. */
    private record State(String expression, Instant beginning, Optional<Instant> due) {
        byte[] write() {
            return String.join(
                            SEPARATOR,
                            expression,
                            beginning.toString(),
                            due.map(Instant::toString).orElse(""))
                    .getBytes(UTF_8);
        }

        static State read(byte[] body) {
            String[] lines = new String(body, UTF_8).split(SEPARATOR, -1);
            return new State(
                    lines[0],
                    Instant.parse(lines[1]),
                    lines[2].isEmpty() ? Optional.empty() : Optional.of(Instant.parse(lines[2])));
        }
    }

    /** Fires what is due. */
    void run(BooleanSupplier ending) {
        for (RuleStore.NamedRule rule : store.all()
                .filter(rule -> rule.rule().rule().scheduleExpression() != null)
                .toList()) {
            if (ending.getAsBoolean()) {
                return;
            }
            try {
                look(rule);
            } catch (RuntimeException failure) {
                // One rule must not keep the others from firing.
                LOG.error("the schedule of {} cannot be kept now", rule.name().arn(), failure);
            }
        }
    }

    private void look(RuleStore.NamedRule rule) {
        RecordKey key = new RecordKey(
                TYPE,
                rule.name().bus().account(),
                rule.name().bus().region(),
                rule.name().name());
        Optional<StoredRecord> present = records.get(key);
        String expression = rule.rule().rule().scheduleExpression();
        if (!rule.rule().isEnabled()) {
            present.ifPresent(record -> records.write(transaction -> transaction.delete(key)));
            return;
        }
        Instant now = clock.instant();
        Optional<State> state = present.map(record -> State.read(record.body()))
                .filter(known -> known.expression().equals(expression));
        Schedule schedule = Schedule.read(expression);
        if (state.isEmpty()) {
            State first = new State(expression, now, schedule.next(now, now));
            records.write(transaction -> move(transaction, key, present, first));
            return;
        }
        Optional<Instant> due = state.get().due().filter(time -> !time.isAfter(now));
        if (due.isPresent()) {
            Instant beginning = state.get().beginning();
            State next = new State(expression, beginning, schedule.next(now, beginning));
            intake.acceptFor(rule, event(rule.name(), due.get()), transaction -> move(transaction, key, present, next));
        }
    }

    /** Writes down where the rule stands; false if another server has done so meanwhile. */
    private boolean move(RecordTransaction transaction, RecordKey key, Optional<StoredRecord> seen, State next) {
        Optional<StoredRecord> present = transaction.get(key);
        if (!present.map(StoredRecord::version).equals(seen.map(StoredRecord::version))) {
            return false;
        }
        if (present.isEmpty()) {
            transaction.insert(key, "", Optional.empty(), clock.instant(), next.write());
        } else {
            transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), next.write());
        }
        return true;
    }

    private BusEvent event(RuleName rule, Instant due) {
        return BusEvent.of(
                ids.uuid(),
                rule.bus().account(),
                rule.bus().region(),
                due,
                "aws.events",
                "Scheduled Event",
                List.of(rule.arn()),
                new JsonValue.Fields(Map.of()));
    }
}
