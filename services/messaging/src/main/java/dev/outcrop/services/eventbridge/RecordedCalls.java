package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Follows the record of calls, and puts management calls as events on the default buses of accounts with a trail that logs.
 * How far it is is written down with what it keeps, so that every call becomes an event once.
 *
 * <p>Source: "AWS service events delivered via AWS CloudTrail" of the Amazon EventBridge user guide.
 */
final class RecordedCalls {
    private static final RecordKey POSITION = new RecordKey("events:recorded-calls", "", "", "position");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int BATCH = 500;
    private static final String SUFFIX = ".amazonaws.com";

    private final Journal journal;
    private final Records records;
    private final ServiceEvents serviceEvents;
    private final Routing routing;
    private final Intake intake;
    private final Trails trails;
    private final InstantSource clock;

    RecordedCalls(
            Journal journal,
            Records records,
            ServiceEvents serviceEvents,
            Routing routing,
            Intake intake,
            Trails trails,
            InstantSource clock) {
        this.journal = journal;
        this.records = records;
        this.serviceEvents = serviceEvents;
        this.routing = routing;
        this.intake = intake;
        this.trails = trails;
        this.clock = clock;
    }

    Chore chore() {
        return new Chore("events-recorded-calls", INTERVAL, this::run);
    }

    /** Goes through all calls that have been recorded since. */
    void run(BooleanSupplier ending) {
        Optional<StoredRecord> position = records.get(POSITION);
        if (position.isEmpty()) {
            // What was called before anybody could have asked for it is no news.
            long last = journal.lastArrival(AuditEvents.KIND);
            records.write(transaction -> move(transaction, Optional.empty(), last));
            return;
        }
        List<Journal.Place> calls = journal.arrivals(AuditEvents.KIND, sequence(position.get()), BATCH);
        while (!calls.isEmpty() && !ending.getAsBoolean()) {
            List<Intake.Arrival> arrivals = new ArrayList<>();
            calls.forEach(call -> event(call).ifPresent(arrivals::add));
            Optional<StoredRecord> seen = position;
            long last = calls.getLast().sequence();
            intake.accept(arrivals, transaction -> move(transaction, seen, last));
            position = records.get(POSITION);
            calls = journal.arrivals(AuditEvents.KIND, sequence(position.orElseThrow()), BATCH);
        }
    }

    private static long sequence(StoredRecord position) {
        return ByteBuffer.wrap(position.body()).getLong();
    }

    /** Writes down how far it is; false if another server has gone on meanwhile. */
    private boolean move(RecordTransaction transaction, Optional<StoredRecord> seen, long to) {
        Optional<StoredRecord> present = transaction.get(POSITION);
        if (!present.map(StoredRecord::version).equals(seen.map(StoredRecord::version))) {
            return false;
        }
        byte[] body = ByteBuffer.allocate(Long.BYTES).putLong(to).array();
        if (present.isEmpty()) {
            transaction.insert(POSITION, "", Optional.empty(), clock.instant(), body);
        } else {
            transaction.update(POSITION, present.get().version(), Optional.empty(), clock.instant(), body);
        }
        return true;
    }

    /** The event that a call becomes, where it becomes one that somebody wants. */
    private Optional<Intake.Arrival> event(Journal.Place call) {
        String account = call.entry().account();
        if (account.isEmpty() || !serviceEvents.isAnythingFollowed(account)) {
            return Optional.empty();
        }
        try {
            if (!(JsonValue.read(new String(call.entry().body(), UTF_8)) instanceof JsonValue.Fields detail)
                    || !JsonValue.Constant.TRUE.equals(detail.values().get("managementEvent"))) {
                return Optional.empty();
            }
            String region = text(detail, "awsRegion");
            String source = "aws." + text(detail, "eventSource").replace(SUFFIX, "");
            if (!serviceEvents.isFollowed(new ServiceEvents.Origin(account, region, source))) {
                return Optional.empty();
            }
            BusName bus = new BusName(account, region, BusName.DEFAULT);
            BusEvent event = BusEvent.of(
                    UUID.randomUUID().toString(),
                    account,
                    region,
                    call.entry().time(),
                    source,
                    Routing.API_CALL,
                    List.of(),
                    detail);
            Routing.Routes routes = routing.routes(bus, event);
            boolean wanted = !routes.rules().isEmpty() || !routes.archives().isEmpty();
            return wanted && trails.isLogging(account, region)
                    ? Optional.of(new Intake.Arrival(bus, event, 0))
                    : Optional.empty();
        } catch (IOException damaged) {
            throw new IllegalStateException("a recorded call cannot be read", damaged);
        }
    }

    private static String text(JsonValue.Fields fields, String name) {
        Map<String, JsonValue> values = fields.values();
        return values.get(name) instanceof JsonValue.Text(String value) ? value : "";
    }
}
