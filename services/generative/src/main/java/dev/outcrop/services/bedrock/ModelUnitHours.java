package dev.outcrop.services.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputResponse;

/**
 * Charges the hours of model units: usage entries, at the price of the term while it lasts. What is charged is written down
 * before the entry is made, so that a crash may cost an entry and never makes a second one.
 */
final class ModelUnitHours {
    private static final String CHARGED = "bedrock:provisioned-model-charge";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMinutes(10);

    private final Records records;
    private final Journal journal;
    private final UsageEntries usage;
    private final InstantSource clock;

    ModelUnitHours(Records records, Journal journal, UsageEntries usage, InstantSource clock) {
        this.records = records;
        this.journal = journal;
        this.usage = usage;
        this.clock = clock;
    }

    Chore chore() {
        return new Chore("bedrock-model-unit-hours", LOOK_INTERVAL, this::run);
    }

    /** Charges every full hour since the last time. */
    void run(BooleanSupplier ending) {
        for (StoredRecord record :
                records.all(ModelUnits.TYPE, Optional.empty()).toList()) {
            if (ending.getAsBoolean()) {
                return;
            }
            RecordKey key = record.key();
            charge(
                    key.account(),
                    key.region(),
                    key.id(),
                    StoredShapes.read(record.body(), GetProvisionedModelThroughputResponse::builder),
                    HOUR);
        }
    }

    /** Charges what is not charged yet, if it is at least {@code least}. */
    void charge(String account, String region, String id, GetProvisionedModelThroughputResponse model, Duration least) {
        Instant now = clock.instant();
        RecordKey key = new RecordKey(CHARGED, account, region, id);
        Optional<Instant> from = records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            Instant begin = present.map(record -> Instant.parse(new String(record.body(), UTF_8)))
                    .orElse(model.creationTime());
            if (!begin.isBefore(now) || Duration.between(begin, now).compareTo(least) < 0) {
                return Optional.empty();
            }
            byte[] body = now.toString().getBytes(UTF_8);
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), now, body);
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), now, body);
            }
            return Optional.of(begin);
        });
        from.ifPresent(begin -> append(account, region, model, begin, now));
    }

    private void append(
            String account, String region, GetProvisionedModelThroughputResponse model, Instant from, Instant until) {
        Instant term = Optional.ofNullable(model.commitmentExpirationTime()).orElse(Instant.MIN);
        Instant turn = term.isBefore(from) ? from : term.isBefore(until) ? term : until;
        List<JournalEntry> entries = new ArrayList<>();
        if (from.isBefore(turn)) {
            String unit = Metering.MODEL_UNIT_HOURS + "/" + model.commitmentDurationAsString();
            entries.add(entry(account, region, model, unit, Duration.between(from, turn), turn));
        }
        if (turn.isBefore(until)) {
            entries.add(entry(account, region, model, Metering.MODEL_UNIT_HOURS, Duration.between(turn, until), until));
        }
        journal.append(entries);
    }

    private JournalEntry entry(
            String account,
            String region,
            GetProvisionedModelThroughputResponse model,
            String unit,
            Duration time,
            Instant at) {
        double amount = model.modelUnits() * (double) time.toMillis() / HOUR.toMillis();
        return usage.charge(
                account,
                region,
                model.provisionedModelArn(),
                "bedrock",
                "ProvisionedModelThroughput",
                model.modelArn().substring(model.modelArn().indexOf('/') + 1),
                Map.of(unit, amount),
                at);
    }

    /** Forgets what was charged of units that were given back. */
    void forget(String account, String region, String id) {
        records.write(transaction -> transaction.delete(new RecordKey(CHARGED, account, region, id)));
    }
}
