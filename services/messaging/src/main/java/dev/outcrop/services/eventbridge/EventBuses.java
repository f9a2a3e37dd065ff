package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeadLetterConfig;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.Level;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesResponse;
import software.amazon.awssdk.services.eventbridge.model.LogConfig;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusResponse;

/**
 * Event buses. The default one is there without ever having been made.
 *
 * <p>Source: the operations on event buses of the API reference; "Amazon EventBridge quotas" of the user guide.
 */
final class EventBuses {
    private static final String TYPE = "events:event-bus";
    private static final int MOST = 100;

    private final Resources<DescribeEventBusResponse> buses;
    private final Records records;
    private final RuleStore rules;
    private final ResourceTags tags;
    private final InstantSource clock;
    private final ConcurrentMap<BusName, Keeping> keepings = new ConcurrentHashMap<>();

    EventBuses(ResourceStore store, Records records, RuleStore rules, ResourceTags tags, InstantSource clock) {
        buses = store.resources(TYPE, DescribeEventBusResponse::builder);
        this.records = records;
        this.rules = rules;
        this.tags = tags;
        this.clock = clock;
        records.watch(TYPE, _ -> keepings.clear(), keepings::clear);
    }

    CreateEventBusResponse create(CreateEventBusRequest request) {
        if (request.eventSourceName() != null) {
            throw Errors.notServed("EventSourceName");
        }
        refuse(request.logConfig());
        BusName bus = BusName.of(request.name());
        if (bus.isDefault() || buses.find(bus.name()).isPresent()) {
            throw Errors.exists("Event bus " + bus.name() + " already exists.");
        }
        if (request.name().contains("/")) {
            throw Errors.invalid("Event bus name must not contain '/'.");
        }
        if (buses.list().all().size() >= MOST) {
            throw Errors.tooMany();
        }
        Map<String, String> wantedTags = ResourceTags.checked(request.tags());
        DescribeEventBusResponse made = DescribeEventBusResponse.builder()
                .name(bus.name())
                .arn(bus.arn())
                .description(request.description())
                .kmsKeyIdentifier(emptied(request.kmsKeyIdentifier()))
                .deadLetterConfig(request.deadLetterConfig())
                .creationTime(clock.instant())
                .lastModifiedTime(clock.instant())
                .build();
        buses.insert(bus.name(), made);
        tags.set(bus.arn(), wantedTags);
        return CreateEventBusResponse.builder()
                .eventBusArn(bus.arn())
                .description(request.description())
                .kmsKeyIdentifier(made.kmsKeyIdentifier())
                .deadLetterConfig(made.deadLetterConfig())
                .build();
    }

    /** What stands in a response for a parameter that may be empty, which is left out. */
    private static String emptied(String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static void refuse(LogConfig logs) {
        if (logs != null && logs.level() != null && logs.level() != Level.OFF) {
            throw Errors.notServed("LogConfig");
        }
    }

    UpdateEventBusResponse update(UpdateEventBusRequest request) {
        refuse(request.logConfig());
        BusName bus = BusName.of(request.name());
        DescribeEventBusResponse changed = change(
                bus,
                present -> present.toBuilder()
                        .description(Optional.ofNullable(request.description()).orElse(present.description()))
                        .kmsKeyIdentifier(
                                request.kmsKeyIdentifier() == null
                                        ? present.kmsKeyIdentifier()
                                        : emptied(request.kmsKeyIdentifier()))
                        .deadLetterConfig(
                                Optional.ofNullable(request.deadLetterConfig()).orElse(present.deadLetterConfig()))
                        .build());
        return UpdateEventBusResponse.builder()
                .name(bus.name())
                .arn(bus.arn())
                .description(changed.description())
                .kmsKeyIdentifier(changed.kmsKeyIdentifier())
                .deadLetterConfig(changed.deadLetterConfig())
                .build();
    }

    /** Changes a bus of the caller's. */
    DescribeEventBusResponse change(BusName bus, UnaryOperator<DescribeEventBusResponse> change) {
        if (bus.isDefault() && buses.find(bus.name()).isEmpty()) {
            DescribeEventBusResponse changed = touched(change.apply(usual(bus)));
            buses.put(bus.name(), changed);
            return changed;
        }
        get(bus);
        return buses.update(bus.name(), present -> touched(change.apply(present)));
    }

    private DescribeEventBusResponse touched(DescribeEventBusResponse bus) {
        return bus.toBuilder().lastModifiedTime(clock.instant()).build();
    }

    private static DescribeEventBusResponse usual(BusName bus) {
        return DescribeEventBusResponse.builder()
                .name(bus.name())
                .arn(bus.arn())
                .build();
    }

    void delete(String name) {
        BusName bus = BusName.of(name);
        if (bus.isDefault()) {
            throw Errors.invalid("Cannot delete event bus default.");
        }
        if (!rules.rules(bus).isEmpty()) {
            throw Errors.invalid("Cannot delete event bus with rules.");
        }
        if (buses.delete(bus.name())) {
            tags.removeAll(bus.arn());
        }
    }

    /** A bus of any account. */
    DescribeEventBusResponse get(BusName bus) {
        return find(bus).orElseThrow(() -> Errors.missingBus(bus.name()));
    }

    private Optional<DescribeEventBusResponse> find(BusName bus) {
        Optional<DescribeEventBusResponse> stored = records.get(
                        new RecordKey(TYPE, bus.account(), bus.region(), bus.name()))
                .map(record -> StoredShapes.read(record.body(), DescribeEventBusResponse::builder));
        return stored.or(() -> bus.isDefault() ? Optional.of(usual(bus)) : Optional.empty());
    }

    /** How the events of a bus are kept. */
    record Keeping(Optional<String> key, Optional<String> deadLetters) {}

    /** How the events of a bus are kept, as far as this server has heard of it. */
    Keeping keeping(BusName bus) {
        return keepings.computeIfAbsent(bus, _ -> {
            Optional<DescribeEventBusResponse> found = find(bus);
            return new Keeping(
                    found.map(DescribeEventBusResponse::kmsKeyIdentifier),
                    found.map(DescribeEventBusResponse::deadLetterConfig).map(DeadLetterConfig::arn));
        });
    }

    boolean exists(BusName bus) {
        return bus.isDefault() || find(bus).isPresent();
    }

    /** The policy of the bus with an ARN. */
    Optional<String> policy(String arn) {
        return find(BusName.ofArn(arn)).map(DescribeEventBusResponse::policy);
    }

    ListEventBusesResponse list(ListEventBusesRequest request) {
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        BusName usual = BusName.of(null);
        Page<DescribeEventBusResponse> page = buses.list()
                .where(bus -> bus.name().startsWith(prefix) && !bus.name().equals(BusName.DEFAULT))
                .maximum(request.limit())
                .after(request.nextToken())
                .page();
        List<EventBus> all = new ArrayList<>();
        if (request.nextToken() == null && usual.name().startsWith(prefix)) {
            all.add(summary(get(usual)));
        }
        page.items().forEach(bus -> all.add(summary(bus)));
        return ListEventBusesResponse.builder()
                .eventBuses(all)
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static EventBus summary(DescribeEventBusResponse bus) {
        return EventBus.builder()
                .name(bus.name())
                .arn(bus.arn())
                .description(bus.description())
                .policy(bus.policy())
                .creationTime(bus.creationTime())
                .lastModifiedTime(bus.lastModifiedTime())
                .build();
    }

    /** Whether a bus is in the account and region of the call. */
    static boolean isHere(BusName bus) {
        CallContext call = CallContext.current();
        return bus.account().equals(call.account()) && bus.region().equals(call.region());
    }
}
