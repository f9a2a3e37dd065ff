package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.Journal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedEventSelector;
import software.amazon.awssdk.services.cloudtrail.model.AdvancedFieldSelector;
import software.amazon.awssdk.services.cloudtrail.model.BillingMode;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStore;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreHasOngoingImportException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreMaxLimitExceededException;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreStatus;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStoreTerminationProtectedException;
import software.amazon.awssdk.services.cloudtrail.model.FederationStatus;
import software.amazon.awssdk.services.cloudtrail.model.GetEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.InactiveEventDataStoreException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventDataStoreStatusException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudtrail.model.OrganizationsNotInUseException;
import software.amazon.awssdk.services.cloudtrail.model.RestoreEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.UpdateEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateEventDataStoreResponse;

/**
 * Makes, changes and finds event data stores.
 *
 * <p>Source: the operations on event data stores of the AWS CloudTrail API reference; "Quotas in AWS CloudTrail" of the
 * user guide.
 */
final class EventDataStores {
    private static final int MOST_IN_A_REGION = 10;
    private static final int USUAL_RETENTION = 366;
    private static final int LONGEST_FIXED_RETENTION = 2557;
    private static final List<AdvancedEventSelector> USUAL_SELECTORS = List.of(AdvancedEventSelector.builder()
            .name("Default management events")
            .fieldSelectors(AdvancedFieldSelector.builder()
                    .field("eventCategory")
                    .equalsValue("Management")
                    .build())
            .build());
    private static final Set<EventDataStoreStatus> INGESTING =
            Set.of(EventDataStoreStatus.ENABLED, EventDataStoreStatus.STARTING_INGESTION);

    private final EventStores stores;
    private final ImportStore imports;
    private final TrailDestination destination;
    private final ResourceTags tags;
    private final Journal journal;
    private final Ids ids;
    private final InstantSource clock;

    EventDataStores(
            EventStores stores,
            ImportStore imports,
            TrailDestination destination,
            ResourceTags tags,
            Journal journal,
            Ids ids,
            InstantSource clock) {
        this.stores = stores;
        this.imports = imports;
        this.destination = destination;
        this.tags = tags;
        this.journal = journal;
        this.ids = ids;
        this.clock = clock;
    }

    CreateEventDataStoreResponse create(CreateEventDataStoreRequest request) {
        CallContext call = CallContext.current();
        Map<String, String> wantedTags = ResourceTags.checked(request.tagsList());
        refuseOrganization(request.organizationEnabled());
        EventSelectorRules.checkAdvanced(request.advancedEventSelectors());
        List<EventStores.Located> present = stores.all(Optional.of(call.account()), Optional.of(call.region()));
        if (present.stream().anyMatch(store -> store.store().name().equals(request.name()))) {
            throw exists(request.name());
        }
        if (present.size() >= MOST_IN_A_REGION) {
            throw EventDataStoreMaxLimitExceededException.builder()
                    .message("Your account has used the maximum number of event data stores: " + MOST_IN_A_REGION + ".")
                    .build();
        }
        EventStores.Place place = EventStores.Place.of(ids.uuid());
        BillingMode billing =
                request.billingMode() == null ? BillingMode.EXTENDABLE_RETENTION_PRICING : request.billingMode();
        boolean ingesting = !Boolean.FALSE.equals(request.startIngestion());
        GetEventDataStoreResponse store = GetEventDataStoreResponse.builder()
                .eventDataStoreArn(place.arn())
                .name(request.name())
                .status(ingesting ? EventDataStoreStatus.ENABLED : EventDataStoreStatus.STOPPED_INGESTION)
                .advancedEventSelectors(
                        request.advancedEventSelectors().isEmpty() ? USUAL_SELECTORS : request.advancedEventSelectors())
                .multiRegionEnabled(!Boolean.FALSE.equals(request.multiRegionEnabled()))
                .organizationEnabled(false)
                .retentionPeriod(retention(request.retentionPeriod(), billing))
                .terminationProtectionEnabled(!Boolean.FALSE.equals(request.terminationProtectionEnabled()))
                .createdTimestamp(clock.instant())
                .updatedTimestamp(clock.instant())
                .kmsKeyId(
                        request.kmsKeyId() == null ? null : destination.keyArn(request.kmsKeyId(), "none", place.arn()))
                .billingMode(billing)
                .federationStatus(FederationStatus.DISABLED)
                .build();
        DeliveryState ingestion =
                ingesting ? DeliveryState.EMPTY.openedAt(journal.lastArrival(AuditEvents.KIND)) : DeliveryState.EMPTY;
        try {
            stores.insert(place, store, ingestion);
        } catch (DuplicateRecordException taken) {
            throw exists(request.name());
        }
        tags.set(place.arn(), wantedTags);
        return Shapes.copy(store, CreateEventDataStoreResponse.builder())
                .status(ingesting ? EventDataStoreStatus.CREATED : store.status())
                .tagsList(tags.list(place.arn()))
                .build();
    }

    private static EventDataStoreAlreadyExistsException exists(String name) {
        return EventDataStoreAlreadyExistsException.builder()
                .message("An event data store with that name already exists: " + name)
                .build();
    }

    private static void refuseOrganization(Boolean wanted) {
        if (Boolean.TRUE.equals(wanted)) {
            throw OrganizationsNotInUseException.builder()
                    .message("Your account is not a member of an organization.")
                    .build();
        }
    }

    private static int retention(Integer wanted, BillingMode billing) {
        boolean fixed = billing == BillingMode.FIXED_RETENTION_PRICING;
        if (wanted == null) {
            return fixed ? LONGEST_FIXED_RETENTION : USUAL_RETENTION;
        }
        if (fixed && wanted > LONGEST_FIXED_RETENTION) {
            throw invalid("RetentionPeriod must be between 7 and " + LONGEST_FIXED_RETENTION
                    + " days for FIXED_RETENTION_PRICING, but is " + wanted + ".");
        }
        return wanted;
    }

    static InvalidParameterException invalid(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    GetEventDataStoreResponse get(String name) {
        return stores.get(EventStores.Place.of(EventStoreNames.id(name)));
    }

    /** The store that a request names, which is not being deleted. */
    EventStores.Located active(String name) {
        EventStores.Place place = EventStores.Place.of(EventStoreNames.id(name));
        GetEventDataStoreResponse store = stores.get(place);
        if (store.status() == EventDataStoreStatus.PENDING_DELETION) {
            throw InactiveEventDataStoreException.builder()
                    .message("The event data store is inactive: " + place.arn())
                    .build();
        }
        return new EventStores.Located(place, store);
    }

    /** All stores of the account and region, by id, as lists tell them. */
    List<EventDataStore> list() {
        CallContext call = CallContext.current();
        return stores.all(Optional.of(call.account()), Optional.of(call.region())).stream()
                .map(store -> EventDataStore.builder()
                        .eventDataStoreArn(store.place().arn())
                        .name(store.store().name())
                        .build())
                .toList();
    }

    UpdateEventDataStoreResponse update(UpdateEventDataStoreRequest request) {
        EventStores.Located present = active(request.eventDataStore());
        refuseOrganization(request.organizationEnabled());
        EventSelectorRules.checkAdvanced(request.advancedEventSelectors());
        GetEventDataStoreResponse.Builder store = present.store().toBuilder();
        Shapes.copy(request.toBuilder().kmsKeyId(null).build(), store);
        if (store.build().equals(present.store()) && request.kmsKeyId() == null && isEmpty(request)) {
            throw invalid("At least one parameter to be updated must be specified.");
        }
        BillingMode before = present.store().billingMode();
        if (request.billingMode() == BillingMode.FIXED_RETENTION_PRICING
                && before == BillingMode.EXTENDABLE_RETENTION_PRICING) {
            throw invalid(
                    "BillingMode cannot be changed from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING.");
        }
        GetEventDataStoreResponse merged = store.build();
        retention(merged.retentionPeriod(), merged.billingMode());
        if (request.kmsKeyId() != null) {
            String key = destination.keyArn(
                    request.kmsKeyId(), "none", present.place().arn());
            String kept = present.store().kmsKeyId();
            if (kept != null && !kept.equals(key)) {
                throw invalid("The KMS key of an event data store cannot be changed.");
            }
            store.kmsKeyId(key);
        }
        GetEventDataStoreResponse changed =
                store.updatedTimestamp(clock.instant()).build();
        try {
            stores.update(present.place(), _ -> changed, UnaryOperator.identity());
        } catch (DuplicateRecordException taken) {
            throw exists(changed.name());
        }
        return Shapes.copy(changed, UpdateEventDataStoreResponse.builder()).build();
    }

    private static boolean isEmpty(UpdateEventDataStoreRequest request) {
        return request.equals(UpdateEventDataStoreRequest.builder()
                .eventDataStore(request.eventDataStore())
                .build());
    }

    void delete(String name) {
        EventStores.Located present = active(name);
        if (Boolean.TRUE.equals(present.store().terminationProtectionEnabled())) {
            throw EventDataStoreTerminationProtectedException.builder()
                    .message("The event data store cannot be deleted because termination protection is enabled for it.")
                    .build();
        }
        if (imports.isOngoingInto(present.place().arn())) {
            throw EventDataStoreHasOngoingImportException.builder()
                    .message("The event data store cannot be deleted because an import into it is in progress.")
                    .build();
        }
        long now = journal.lastArrival(AuditEvents.KIND);
        stores.update(
                present.place(),
                store -> store.toBuilder()
                        .status(EventDataStoreStatus.PENDING_DELETION)
                        .updatedTimestamp(clock.instant())
                        .build(),
                state -> state.closedAt(now));
    }

    RestoreEventDataStoreResponse restore(String name) {
        EventStores.Place place = EventStores.Place.of(EventStoreNames.id(name));
        if (stores.get(place).status() != EventDataStoreStatus.PENDING_DELETION) {
            throw wrongStatus(place, "PENDING_DELETION");
        }
        return Shapes.copy(started(place), RestoreEventDataStoreResponse.builder())
                .build();
    }

    void startIngestion(String name) {
        EventStores.Located present = active(name);
        if (present.store().status() != EventDataStoreStatus.STOPPED_INGESTION) {
            throw wrongStatus(present.place(), "STOPPED_INGESTION");
        }
        started(present.place());
    }

    private GetEventDataStoreResponse started(EventStores.Place place) {
        long now = journal.lastArrival(AuditEvents.KIND);
        return stores.update(
                place,
                store -> store.toBuilder()
                        .status(EventDataStoreStatus.ENABLED)
                        .updatedTimestamp(clock.instant())
                        .build(),
                state -> state.openedAt(now));
    }

    void stopIngestion(String name) {
        EventStores.Located present = active(name);
        if (!INGESTING.contains(present.store().status())) {
            throw wrongStatus(present.place(), "ENABLED");
        }
        long now = journal.lastArrival(AuditEvents.KIND);
        stores.update(
                present.place(),
                store -> store.toBuilder()
                        .status(EventDataStoreStatus.STOPPED_INGESTION)
                        .updatedTimestamp(clock.instant())
                        .build(),
                state -> state.closedAt(now));
    }

    private InvalidEventDataStoreStatusException wrongStatus(EventStores.Place place, String wanted) {
        return InvalidEventDataStoreStatusException.builder()
                .message("The status of the event data store must be " + wanted + ", but is "
                        + stores.get(place).statusAsString() + ".")
                .build();
    }
}
