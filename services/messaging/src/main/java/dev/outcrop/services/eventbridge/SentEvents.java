package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * Events that callers send.
 *
 * <p>Source: PutEvents of the API reference; "Calculating PutEvents event entry size" of the user guide. Events for a bus
 * that is not there are taken and go nowhere.
 */
final class SentEvents {
    private static final int LARGEST = 256 << 10;
    private static final int TIME_SIZE = 14;
    private static final int MOST_HOPS = 5;

    private final EventBuses buses;
    private final Intake intake;
    private final EventMetrics metrics;
    private final Ids ids;
    private final InstantSource clock;

    SentEvents(EventBuses buses, Intake intake, EventMetrics metrics, Ids ids, InstantSource clock) {
        this.buses = buses;
        this.intake = intake;
        this.metrics = metrics;
        this.ids = ids;
        this.clock = clock;
    }

    PutEventsResponse put(PutEventsRequest request) {
        if (request.endpointId() != null) {
            throw Errors.notServed("EndpointId");
        }
        long size = request.entries().stream().mapToLong(SentEvents::size).sum();
        if (size > LARGEST) {
            throw Errors.invalid("Total size of the entries in the request is over the limit.");
        }
        List<Intake.Arrival> arrivals = new ArrayList<>();
        List<PutEventsResultEntry> results = new ArrayList<>();
        for (PutEventsRequestEntry entry : request.entries()) {
            try {
                Intake.Arrival arrival = arrival(entry);
                if (buses.exists(arrival.bus())) {
                    arrivals.add(arrival);
                }
                results.add(PutEventsResultEntry.builder()
                        .eventId(arrival.event().field("id"))
                        .build());
            } catch (AwsError refusal) {
                results.add(PutEventsResultEntry.builder()
                        .errorCode(refusal.code())
                        .errorMessage(refusal.getMessage())
                        .build());
            }
        }
        intake.accept(arrivals);
        int failed = (int)
                results.stream().filter(result -> result.errorCode() != null).count();
        CallContext call = CallContext.current();
        metrics.put(call.account(), call.region(), results.size(), failed, (double) size);
        return PutEventsResponse.builder()
                .entries(results)
                .failedEntryCount(failed)
                .build();
    }

    private static long size(PutEventsRequestEntry entry) {
        long size = entry.time() == null ? 0 : TIME_SIZE;
        size += bytes(entry.source()) + bytes(entry.detailType()) + bytes(entry.detail());
        for (String resource : entry.resources()) {
            size += bytes(resource);
        }
        return size;
    }

    private static long bytes(String text) {
        return text == null ? 0 : text.getBytes(UTF_8).length;
    }

    private Intake.Arrival arrival(PutEventsRequestEntry entry) {
        BusName bus = BusName.of(entry.eventBusName());
        Optional<Forwarding> forwarding = Forwarding.current();
        if (forwarding.isPresent()) {
            return forwarded(bus, forwarding.get());
        }
        require(entry.source(), "Source");
        require(entry.detailType(), "DetailType");
        require(entry.detail(), "Detail");
        if (entry.source().startsWith("aws.")) {
            throw refused("NotAuthorizedForSourceException", "Not authorized for the source.");
        }
        CallContext call = CallContext.current();
        BusEvent event = BusEvent.of(
                ids.uuid(),
                call.account(),
                bus.region(),
                Optional.ofNullable(entry.time()).orElseGet(clock::instant),
                entry.source(),
                entry.detailType(),
                entry.resources(),
                detail(entry.detail()));
        return new Intake.Arrival(bus, event, 0);
    }

    private static void require(String value, String name) {
        if (value == null || value.isEmpty()) {
            throw refused(
                    "InvalidArgument",
                    "Parameter " + name + " is not valid. Reason: " + name + " is a required argument.");
        }
    }

    private static AwsError refused(String code, String message) {
        return new AwsError(code, 400, message);
    }

    private static JsonValue detail(String text) {
        try {
            if (JsonValue.read(text) instanceof JsonValue.Fields fields) {
                return fields;
            }
        } catch (IOException malformed) {
            throw refused("MalformedDetail", "Detail is malformed.");
        }
        throw refused("MalformedDetail", "Detail is malformed.");
    }

    private static Intake.Arrival forwarded(BusName bus, Forwarding forwarding) {
        try {
            BusEvent event = BusEvent.read(forwarding.event());
            boolean cameFromElsewhere = !event.field("account").equals(forwarding.sender());
            if (cameFromElsewhere && !bus.account().equals(forwarding.sender())) {
                throw refused("THIRD_ACCOUNT_HOP_DETECTED", "Third account hop detected.");
            }
            if (forwarding.hops() > MOST_HOPS) {
                throw refused("INVALID_PARAMETER", "The event was sent on from " + MOST_HOPS + " buses already.");
            }
            return new Intake.Arrival(bus, event, forwarding.hops());
        } catch (IOException damaged) {
            throw refused("INVALID_JSON", damaged.getMessage());
        }
    }
}
