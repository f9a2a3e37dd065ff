package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.Archive;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.CreateArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.ListArchivesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListArchivesResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateArchiveResponse;

/**
 * Archives of the events of buses.
 *
 * <p>Source: the operations on archives of the API reference.
 */
final class Archives {
    private final RuleStore store;
    private final EventBuses buses;
    private final ArchivedEvents events;
    private final Resources<DescribeArchiveResponse> listed;
    private final InstantSource clock;

    Archives(ResourceStore resources, RuleStore store, EventBuses buses, ArchivedEvents events, InstantSource clock) {
        this.store = store;
        this.buses = buses;
        this.events = events;
        listed = resources.resources(RuleStore.ARCHIVE, DescribeArchiveResponse::builder);
        this.clock = clock;
    }

    CreateArchiveResponse create(CreateArchiveRequest request) {
        BusName bus = BusName.ofArn(request.eventSourceArn());
        if (!EventBuses.isHere(bus) || !buses.exists(bus)) {
            throw Errors.missingBus(bus.name());
        }
        checkPattern(request.eventPattern());
        ArchivedEvents.Name name = name(request.archiveName());
        DescribeArchiveResponse made = DescribeArchiveResponse.builder()
                .archiveName(request.archiveName())
                .archiveArn(name.arn())
                .eventSourceArn(bus.arn())
                .description(request.description())
                .eventPattern(request.eventPattern())
                .kmsKeyIdentifier(keyed(request.kmsKeyIdentifier()))
                .retentionDays(request.retentionDays() == null ? 0 : request.retentionDays())
                .state(ArchiveState.ENABLED)
                .creationTime(clock.instant())
                .build();
        store.changeArchive(bus, request.archiveName(), present -> {
            if (present.isPresent() || events.content(name).count() > 0) {
                throw Errors.exists("Archive " + request.archiveName() + " already exists.");
            }
            return Optional.of(made);
        });
        return CreateArchiveResponse.builder()
                .archiveArn(made.archiveArn())
                .state(made.state())
                .creationTime(made.creationTime())
                .build();
    }

    /** The key that a request names; null, as a response has it, for none. */
    private static String keyed(String key) {
        return key == null || key.isEmpty() ? null : key;
    }

    private static void checkPattern(String pattern) {
        if (pattern != null && !pattern.isEmpty()) {
            Errors.pattern(pattern);
        }
    }

    private static ArchivedEvents.Name name(String archive) {
        CallContext call = CallContext.current();
        return new ArchivedEvents.Name(call.account(), call.region(), archive);
    }

    private DescribeArchiveResponse get(String archive) {
        return listed.find(archive).orElseThrow(() -> missing(archive));
    }

    private static RuntimeException missing(String archive) {
        return Errors.missing("Archive " + archive + " does not exist.");
    }

    DescribeArchiveResponse describe(String archive) {
        ArchivedEvents.Content content = events.content(name(archive));
        return get(archive).toBuilder()
                .eventCount(content.count())
                .sizeBytes(content.bytes())
                .build();
    }

    UpdateArchiveResponse update(UpdateArchiveRequest request) {
        checkPattern(request.eventPattern());
        DescribeArchiveResponse known = get(request.archiveName());
        store.changeArchive(BusName.ofArn(known.eventSourceArn()), request.archiveName(), present -> {
            DescribeArchiveResponse old = present.orElseThrow(() -> missing(request.archiveName()));
            return Optional.of(old.toBuilder()
                    .description(Optional.ofNullable(request.description()).orElse(old.description()))
                    .eventPattern(Optional.ofNullable(request.eventPattern()).orElse(old.eventPattern()))
                    .kmsKeyIdentifier(
                            request.kmsKeyIdentifier() == null
                                    ? old.kmsKeyIdentifier()
                                    : keyed(request.kmsKeyIdentifier()))
                    .retentionDays(Optional.ofNullable(request.retentionDays()).orElse(old.retentionDays()))
                    .build());
        });
        return UpdateArchiveResponse.builder()
                .archiveArn(known.archiveArn())
                .state(known.state())
                .creationTime(known.creationTime())
                .build();
    }

    /** Its events go soon after. */
    void delete(String archive) {
        DescribeArchiveResponse known = get(archive);
        store.changeArchive(BusName.ofArn(known.eventSourceArn()), archive, _ -> Optional.empty());
    }

    ListArchivesResponse list(ListArchivesRequest request) {
        Page<DescribeArchiveResponse> page = listed.list()
                .where(archive ->
                        request.namePrefix() == null || archive.archiveName().startsWith(request.namePrefix()))
                .where(archive -> request.eventSourceArn() == null
                        || archive.eventSourceArn().equals(request.eventSourceArn()))
                .where(archive -> request.state() == null || archive.state() == request.state())
                .maximum(request.limit())
                .after(request.nextToken())
                .page();
        return ListArchivesResponse.builder()
                .archives(page.map(this::summary).items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private Archive summary(DescribeArchiveResponse archive) {
        ArchivedEvents.Content content = events.content(name(archive.archiveName()));
        return Archive.builder()
                .archiveName(archive.archiveName())
                .eventSourceArn(archive.eventSourceArn())
                .state(archive.state())
                .retentionDays(archive.retentionDays())
                .eventCount(content.count())
                .sizeBytes(content.bytes())
                .creationTime(archive.creationTime())
                .build();
    }
}
