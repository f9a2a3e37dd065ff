package dev.outcrop.services.eventbridge;

import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** Takes events onto buses: finds who wants them, and has it all on disk at once. */
final class Intake {
    private final Records records;
    private final Routing routing;
    private final Deliveries deliveries;
    private final ArchivedEvents archived;
    private final EventMetrics metrics;
    private final InstantSource clock;

    Intake(
            Records records,
            Routing routing,
            Deliveries deliveries,
            ArchivedEvents archived,
            EventMetrics metrics,
            InstantSource clock) {
        this.records = records;
        this.routing = routing;
        this.deliveries = deliveries;
        this.archived = archived;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * An event that comes to a bus.
     *
     * @param hops how many buses it has been sent on from
     */
    record Arrival(BusName bus, BusEvent event, int hops) {}

    /** Takes events; what somebody wants of them is on disk when this returns, and on its way. */
    void accept(List<Arrival> arrivals) {
        Wanted wanted = wanted(arrivals);
        if (wanted.isEmpty()) {
            return;
        }
        deliveries.begin(records.write(transaction -> keep(transaction, wanted)));
    }

    /**
     * Takes events together with {@code cause}, which is asked first in the transaction and says whether they are to be
     * taken at all.
     */
    void accept(List<Arrival> arrivals, Function<RecordTransaction, Boolean> cause) {
        Wanted wanted = wanted(arrivals);
        deliveries.begin(
                records.write(transaction -> cause.apply(transaction) ? keep(transaction, wanted) : List.of()));
    }

    private List<Deliveries.Claimed> keep(RecordTransaction transaction, Wanted wanted) {
        wanted.archived().forEach(event -> archived.add(transaction, event.archive(), event.kept()));
        return deliveries.keep(transaction, wanted.deliveries());
    }

    private record Archived(DescribeArchiveResponse archive, ArchivedEvents.Written kept) {}

    private record Wanted(List<Deliveries.Written> deliveries, List<Archived> archived) {
        boolean isEmpty() {
            return deliveries.isEmpty() && archived.isEmpty();
        }
    }

    private Wanted wanted(List<Arrival> arrivals) {
        Instant now = clock.instant();
        List<Delivery> wanted = new ArrayList<>();
        List<Archived> kept = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            Routing.Routes routes = routing.routes(arrival.bus(), arrival.event());
            for (RuleStore.NamedRule rule : routes.rules()) {
                metrics.matched(rule.name());
                for (Target target : rule.rule().targets()) {
                    wanted.add(Delivery.of(rule.name(), target, arrival.event().text(), now, arrival.hops()));
                }
            }
            for (DescribeArchiveResponse archive : routes.archives()) {
                archived.written(arrival.bus(), archive, arrival.event())
                        .ifPresent(written -> kept.add(new Archived(archive, written)));
            }
        }
        return new Wanted(deliveries.written(wanted), kept);
    }

    /** Sends an event to the targets of one rule, whatever its pattern, together with {@code cause}. */
    void acceptFor(RuleStore.NamedRule rule, BusEvent event, Function<RecordTransaction, Boolean> cause) {
        Instant now = clock.instant();
        List<Delivery> wanted = rule.rule().targets().stream()
                .map(target -> Delivery.of(rule.name(), target, event.text(), now, 0))
                .toList();
        List<Deliveries.Written> written = deliveries.written(wanted);
        deliveries.begin(records.write(
                transaction -> cause.apply(transaction) ? deliveries.keep(transaction, written) : List.of()));
    }

    /**
     * Sends events once more to the rules of a bus that want them, and to no archive, together with {@code cause}.
     *
     * @param rules the ARNs of the rules that may have them; none for all
     */
    void acceptAgain(
            BusName bus, List<BusEvent> events, List<String> rules, Function<RecordTransaction, Boolean> cause) {
        Instant now = clock.instant();
        List<Delivery> wanted = new ArrayList<>();
        for (BusEvent event : events) {
            for (RuleStore.NamedRule rule : routing.routes(bus, event).rules()) {
                if (rules.isEmpty() || rules.contains(rule.name().arn())) {
                    for (Target target : rule.rule().targets()) {
                        wanted.add(Delivery.of(rule.name(), target, event.text(), now, 0));
                    }
                }
            }
        }
        List<Deliveries.Written> written = deliveries.written(wanted);
        deliveries.begin(records.write(
                transaction -> cause.apply(transaction) ? deliveries.keep(transaction, written) : List.of()));
    }
}
