package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudtrail.model.MaximumNumberOfTrailsExceededException;
import software.amazon.awssdk.services.cloudtrail.model.OrganizationsNotInUseException;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.TrailInfo;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailResponse;

/**
 * Makes, changes and finds trails. A trail of all regions is seen in each of them, and changed in its own.
 *
 * <p>Source: the operations on trails of the AWS CloudTrail API reference; "Quotas in AWS CloudTrail" of the user guide.
 */
final class Trails {
    private static final int MOST_IN_A_REGION = 5;

    private final TrailStore store;
    private final TrailDestination destination;
    private final TrailNotifications notifications;
    private final TrailLogs logs;
    private final ResourceTags tags;
    private final Journal journal;
    private final InstantSource clock;

    Trails(
            TrailStore store,
            TrailDestination destination,
            TrailNotifications notifications,
            TrailLogs logs,
            ResourceTags tags,
            Journal journal,
            InstantSource clock) {
        this.notifications = notifications;
        this.logs = logs;
        this.store = store;
        this.destination = destination;
        this.tags = tags;
        this.journal = journal;
        this.clock = clock;
    }

    CreateTrailResponse create(CreateTrailRequest request) {
        CallContext call = CallContext.current();
        String name = TrailNames.checked(request.name());
        TrailStore.Place place = new TrailStore.Place(call.account(), call.region(), name);
        Map<String, String> wantedTags = ResourceTags.checked(request.tagsList());
        refuseOrganization(request.isOrganizationTrail());
        Trail.Builder trail = Trail.builder()
                .name(name)
                .trailARN(place.arn())
                .homeRegion(call.region())
                .s3BucketName(TrailNames.checkedBucket(request.s3BucketName()))
                .includeGlobalServiceEvents(!Boolean.FALSE.equals(request.includeGlobalServiceEvents()))
                .isMultiRegionTrail(Boolean.TRUE.equals(request.isMultiRegionTrail()))
                .logFileValidationEnabled(Boolean.TRUE.equals(request.enableLogFileValidation()))
                .hasCustomEventSelectors(false)
                .hasInsightSelectors(false)
                .isOrganizationTrail(false);
        setPrefix(trail, request.s3KeyPrefix());
        setTopic(trail, request.snsTopicName());
        checkCombination(trail.build());
        if (store.find(place).isPresent()) {
            throw exists(name, call.account());
        }
        checkQuota(call, Boolean.TRUE.equals(request.isMultiRegionTrail()));
        checkDestination(trail, request.kmsKeyId());
        checkTopic(trail.build(), request.snsTopicName());
        logs.set(trail, call.account(), request.cloudWatchLogsLogGroupArn(), request.cloudWatchLogsRoleArn());
        StoredTrail stored = new StoredTrail(
                trail.build(),
                usualSelectors(place.arn()),
                GetTrailStatusResponse.builder().isLogging(false).build());
        try {
            store.insert(place, stored);
        } catch (DuplicateRecordException taken) {
            throw exists(name, call.account());
        }
        tags.set(place.arn(), wantedTags);
        return Shapes.copy(stored.trail(), CreateTrailResponse.builder()).build();
    }

    private static TrailAlreadyExistsException exists(String name, String account) {
        return TrailAlreadyExistsException.builder()
                .message("Trail " + name + " already exists for customer: " + account)
                .build();
    }

    private static void refuseOrganization(Boolean wanted) {
        if (Boolean.TRUE.equals(wanted)) {
            throw OrganizationsNotInUseException.builder()
                    .message("Your account is not a member of an organization.")
                    .build();
        }
    }

    private static InvalidParameterCombinationException combination(String message) {
        return InvalidParameterCombinationException.builder().message(message).build();
    }

    private static void checkCombination(Trail trail) {
        if (trail.isMultiRegionTrail() && !trail.includeGlobalServiceEvents()) {
            throw combination("Multi-Region trail must include global service events.");
        }
    }

    private static void setPrefix(Trail.Builder trail, String prefix) {
        if (prefix != null) {
            trail.s3KeyPrefix(prefix.isEmpty() ? null : TrailNames.checkedPrefix(prefix));
        }
    }

    private static void setTopic(Trail.Builder trail, String topic) {
        if (topic != null && topic.isEmpty()) {
            trail.snsTopicARN(null);
        } else if (topic != null) {
            trail.snsTopicARN(TrailNames.topicArn(topic));
        }
    }

    private void checkDestination(Trail.Builder trail, String keyId) {
        Trail made = trail.build();
        String prefix = made.s3KeyPrefix() == null ? "" : made.s3KeyPrefix();
        destination.checkBucket(made.s3BucketName(), prefix, made.trailARN());
        if (keyId != null) {
            trail.kmsKeyId(keyId.isEmpty() ? null : destination.keyArn(keyId, made.s3BucketName(), made.trailARN()));
        }
    }

    private void checkTopic(Trail trail, String wanted) {
        if (wanted != null && !wanted.isEmpty()) {
            notifications.check(trail.snsTopicARN(), trail.trailARN());
        }
    }

    /** A trail of all regions counts in each of them. */
    private void checkQuota(CallContext call, boolean everywhere) {
        List<TrailStore.Located> all = store.all(Optional.of(call.account()));
        Predicate<String> full =
                region -> all.stream().filter(trail -> isSeenIn(trail, region)).count() >= MOST_IN_A_REGION;
        Stream<String> regions = everywhere
                ? Stream.concat(
                        Stream.of(call.region()),
                        all.stream().map(trail -> trail.place().region()))
                : Stream.of(call.region());
        regions.filter(full).findFirst().ifPresent(region -> {
            throw MaximumNumberOfTrailsExceededException.builder()
                    .message("User: " + call.account() + " already has " + MOST_IN_A_REGION + " trails in " + region
                            + ".")
                    .build();
        });
    }

    private static boolean isSeenIn(TrailStore.Located trail, String region) {
        return trail.place().region().equals(region) || trail.trail().trail().isMultiRegionTrail();
    }

    static GetEventSelectorsResponse usualSelectors(String arn) {
        return GetEventSelectorsResponse.builder()
                .trailARN(arn)
                .eventSelectors(EventSelector.builder()
                        .readWriteType(ReadWriteType.ALL)
                        .includeManagementEvents(true)
                        .dataResources(List.of())
                        .excludeManagementEventSources(List.of())
                        .build())
                .build();
    }

    UpdateTrailResponse update(UpdateTrailRequest request) {
        TrailStore.Located present = changeable(request.name());
        refuseOrganization(request.isOrganizationTrail());
        Trail.Builder trail = present.trail().trail().toBuilder();
        Optional.ofNullable(request.s3BucketName())
                .ifPresent(bucket -> trail.s3BucketName(TrailNames.checkedBucket(bucket)));
        setPrefix(trail, request.s3KeyPrefix());
        setTopic(trail, request.snsTopicName());
        Optional.ofNullable(request.includeGlobalServiceEvents()).ifPresent(trail::includeGlobalServiceEvents);
        Optional.ofNullable(request.isMultiRegionTrail()).ifPresent(trail::isMultiRegionTrail);
        Optional.ofNullable(request.enableLogFileValidation()).ifPresent(trail::logFileValidationEnabled);
        checkCombination(trail.build());
        if (request.s3BucketName() != null || request.s3KeyPrefix() != null || request.kmsKeyId() != null) {
            checkDestination(trail, request.kmsKeyId());
        }
        checkTopic(trail.build(), request.snsTopicName());
        logs.set(
                trail, present.place().account(), request.cloudWatchLogsLogGroupArn(), request.cloudWatchLogsRoleArn());
        Trail changed = trail.build();
        boolean validated = changed.logFileValidationEnabled();
        store.update(
                present.place(),
                stored -> stored.with(changed),
                state -> validated ? state : state.withDigests(Map.of()),
                journal.lastArrival(AuditEvents.KIND));
        return Shapes.copy(changed, UpdateTrailResponse.builder()).build();
    }

    void delete(String name) {
        TrailStore.Located present = changeable(name);
        store.delete(present.place());
        tags.removeAll(present.place().arn());
    }

    Trail get(String name) {
        return seen(name).trail().trail();
    }

    List<Trail> describe(DescribeTrailsRequest request) {
        CallContext call = CallContext.current();
        boolean shadows = !Boolean.FALSE.equals(request.includeShadowTrails());
        List<TrailNames.Named> names =
                request.trailNameList().stream().map(TrailNames::named).toList();
        List<Trail> found = new ArrayList<>();
        for (TrailStore.Located trail : store.all(Optional.of(call.account()))) {
            boolean here = trail.place().region().equals(call.region());
            boolean wanted = names.isEmpty()
                    ? here || (shadows && isSeenIn(trail, call.region()))
                    : names.stream().anyMatch(name -> isNamed(trail, name, call.region()));
            if (wanted) {
                found.add(trail.trail().trail());
            }
        }
        return found;
    }

    private static boolean isNamed(TrailStore.Located trail, TrailNames.Named name, String region) {
        return trail.place().name().equals(name.name())
                && (name.byArn() ? trail.place().arn().equals(name.arn()) : isSeenIn(trail, region));
    }

    List<TrailInfo> list() {
        return store.all(Optional.of(CallContext.current().account())).stream()
                .map(trail -> TrailInfo.builder()
                        .trailARN(trail.place().arn())
                        .name(trail.place().name())
                        .homeRegion(trail.place().region())
                        .build())
                .toList();
    }

    void startLogging(String name) {
        TrailStore.Located trail = changeable(name);
        long now = journal.lastArrival(AuditEvents.KIND);
        store.update(
                trail.place(),
                stored -> stored.isLogging()
                        ? stored
                        : stored.with(stored.status().toBuilder()
                                .isLogging(true)
                                .startLoggingTime(clock.instant())
                                .build()),
                state -> trail.trail().isLogging() ? state : state.openedAt(now),
                now);
    }

    void stopLogging(String name) {
        TrailStore.Located trail = changeable(name);
        long now = journal.lastArrival(AuditEvents.KIND);
        store.update(
                trail.place(),
                stored -> stored.isLogging()
                        ? stored.with(stored.status().toBuilder()
                                .isLogging(false)
                                .stopLoggingTime(clock.instant())
                                .build())
                        : stored,
                state -> state.closedAt(now).withDigests(Map.of()),
                now);
    }

    GetTrailStatusResponse status(String name) {
        TrailStore.Located trail = seen(name);
        Map<String, String> outcome = store.delivery(trail.place()).outcome();
        GetTrailStatusResponse.Builder status = trail.trail().status().toBuilder();
        Optional<Instant> delivered = time(outcome, DeliveryOutcome.DELIVERED);
        return status.latestDeliveryTime(delivered.orElse(null))
                .latestDeliveryAttemptTime(outcome.getOrDefault(DeliveryOutcome.ATTEMPTED, ""))
                .latestDeliveryAttemptSucceeded(delivered.map(Object::toString).orElse(""))
                .latestDeliveryError(outcome.get(DeliveryOutcome.DELIVERY_ERROR))
                .latestDigestDeliveryTime(
                        time(outcome, DeliveryOutcome.DIGEST_DELIVERED).orElse(null))
                .latestDigestDeliveryError(outcome.get(DeliveryOutcome.DIGEST_ERROR))
                .latestNotificationError(outcome.get(DeliveryOutcome.NOTIFICATION_ERROR))
                .latestNotificationTime(time(outcome, DeliveryOutcome.NOTIFIED).orElse(null))
                .latestNotificationAttemptTime(outcome.getOrDefault(DeliveryOutcome.NOTIFICATION_ATTEMPTED, ""))
                .latestNotificationAttemptSucceeded(outcome.getOrDefault(DeliveryOutcome.NOTIFIED, ""))
                .latestCloudWatchLogsDeliveryTime(
                        time(outcome, DeliveryOutcome.LOGGED).orElse(null))
                .latestCloudWatchLogsDeliveryError(outcome.get(DeliveryOutcome.LOGS_ERROR))
                .timeLoggingStarted(text(trail.trail().status().startLoggingTime()))
                .timeLoggingStopped(text(trail.trail().status().stopLoggingTime()))
                .build();
    }

    private static Optional<Instant> time(Map<String, String> outcome, String name) {
        return Optional.ofNullable(outcome.get(name)).map(Instant::parse);
    }

    private static String text(Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The trail that a request names, as it is seen in the region of the call. */
    TrailStore.Located seen(String text) {
        CallContext call = CallContext.current();
        TrailNames.Named name = TrailNames.named(text);
        if (!name.account().equals(call.account())) {
            throw unknown(text);
        }
        TrailStore.Place place = new TrailStore.Place(name.account(), name.region(), name.name());
        return store.find(place)
                .map(trail -> new TrailStore.Located(place, trail))
                .or(() -> name.byArn()
                        ? Optional.empty()
                        : store.all(Optional.of(call.account())).stream()
                                .filter(trail -> isNamed(trail, name, call.region()))
                                .findFirst())
                .orElseThrow(() -> unknown(text));
    }

    /** The same, to be changed, which is done in its home region. */
    TrailStore.Located changeable(String text) {
        TrailStore.Located trail = seen(text);
        if (!trail.place().region().equals(CallContext.current().region())) {
            throw InvalidHomeRegionException.builder()
                    .message("The trail " + trail.place().arn() + " must be changed from its home region "
                            + trail.place().region() + ".")
                    .build();
        }
        return trail;
    }

    static TrailNotFoundException unknown(String name) {
        return TrailNotFoundException.builder()
                .message("Unknown trail: " + name + " for the user: "
                        + CallContext.current().account())
                .build();
    }
}
