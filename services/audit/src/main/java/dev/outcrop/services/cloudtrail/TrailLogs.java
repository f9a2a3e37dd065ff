package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudtrail.model.CloudWatchLogsDeliveryUnavailableException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsLogGroupArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidCloudWatchLogsRoleArnException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * Sends what trails log to CloudWatch Logs, as the role that the trail names. How far it came is written down after each
 * piece: a crash may repeat the last one, and never loses an event.
 *
 * <p>Source: "Sending events to CloudWatch Logs" of the AWS CloudTrail user guide; PutLogEvents of the Amazon CloudWatch
 * Logs API reference.
 */
final class TrailLogs {
    private static final Logger LOG = LoggerFactory.getLogger(TrailLogs.class);
    private static final Pattern GROUP =
            Pattern.compile("arn:aws[a-z-]*:logs:([a-z0-9-]+):([0-9]{12}):log-group:([A-Za-z0-9_/.#-]{1,512}):\\*");
    private static final Pattern ROLE = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/.+");
    /** CloudTrail sends no larger ones. */
    private static final int LARGEST_EVENT = 256 << 10;

    private static final int MOST_IN_A_BATCH = 10_000;
    private static final int LARGEST_BATCH = 1_048_576;
    private static final int COUNTED_BESIDE_EACH = 26;
    private static final Duration LONGEST_BATCH = Duration.ofHours(24);

    private final TrailStore store;
    private final TrailEvents events;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    TrailLogs(TrailStore store, TrailEvents events, Supplier<Clients> clients, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.clients = clients;
        this.clock = clock;
    }

    /** A log group, by its ARN. */
    private record Group(String region, String name) {
        static Optional<Group> of(String arn) {
            Matcher matcher = GROUP.matcher(arn);
            return matcher.matches() ? Optional.of(new Group(matcher.group(1), matcher.group(3))) : Optional.empty();
        }
    }

    /**
     * Puts into a trail where a request wants it to send events; empty texts end that, and nulls leave it as it is.
     *
     * @throws CloudWatchLogsDeliveryUnavailableException if CloudWatch Logs is not served here
     */
    void set(Trail.Builder trail, String account, String groupArn, String roleArn) {
        boolean anyGroup = groupArn != null && !groupArn.isEmpty();
        boolean anyRole = roleArn != null && !roleArn.isEmpty();
        if (anyGroup != anyRole) {
            throw InvalidParameterCombinationException.builder()
                    .message("CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn must be given together.")
                    .build();
        }
        if (anyGroup) {
            Trail made = trail.build();
            check(new TrailStore.Place(account, made.homeRegion(), made.name()), groupArn, roleArn);
            trail.cloudWatchLogsLogGroupArn(groupArn).cloudWatchLogsRoleArn(roleArn);
        } else if (groupArn != null) {
            trail.cloudWatchLogsLogGroupArn(null).cloudWatchLogsRoleArn(null);
        }
    }

    /** Makes the stream that is sent to, as the role, so that whoever names the two learns what is wrong with them. */
    private void check(TrailStore.Place place, String groupArn, String roleArn) {
        Group group = Group.of(groupArn)
                .orElseThrow(() -> invalidGroup("CloudTrail cannot validate the specified log group ARN."));
        if (!ROLE.matcher(roleArn).matches()) {
            throw invalidRole("CloudTrail cannot validate the specified role ARN.");
        }
        try {
            OwnCalls.call(place.account(), group.region, place.arn(), () -> {
                makeStream(roleArn, group, stream(place.account(), place.region()));
                return null;
            });
        } catch (ResourceNotFoundException missing) {
            throw invalidGroup("CloudTrail cannot validate the specified log group ARN.");
        } catch (AwsServiceException refusal) {
            throw invalidGroup("Access denied. Check the permissions for your role.");
        } catch (AwsError distrust) {
            throw invalidRole("Access denied. Check the trust relationships for your role.");
        } catch (IllegalArgumentException notServed) {
            throw CloudWatchLogsDeliveryUnavailableException.builder()
                    .message("Cannot set a CloudWatch Logs delivery for this Region.")
                    .build();
        }
    }

    private static InvalidCloudWatchLogsLogGroupArnException invalidGroup(String message) {
        return InvalidCloudWatchLogsLogGroupArnException.builder()
                .message(message)
                .build();
    }

    private static InvalidCloudWatchLogsRoleArnException invalidRole(String message) {
        return InvalidCloudWatchLogsRoleArnException.builder().message(message).build();
    }

    private static String stream(String account, String region) {
        return account + "_CloudTrail_" + region;
    }

    private CloudWatchLogsClient logs(String roleArn) {
        return clients.get().as(roleArn).of(CloudWatchLogsClient.class);
    }

    private void makeStream(String roleArn, Group group, String stream) {
        try {
            logs(roleArn)
                    .createLogStream(request -> request.logGroupName(group.name).logStreamName(stream));
        } catch (ResourceAlreadyExistsException present) {
            LOG.debug("the stream {} of {} is there", stream, group.name);
        }
    }

    /** Goes on by one piece; false if there is nothing to do, or it cannot be done now. */
    boolean step(TrailStore.Place place) {
        DeliveryState state = store.logs(place);
        if (state.ranges().isEmpty()) {
            return false;
        }
        Optional<StoredTrail> trail = store.find(place);
        DeliveryState.Range range = state.ranges().getFirst();
        if (trail.isEmpty() || trail.get().trail().cloudWatchLogsLogGroupArn() == null) {
            // What was not sent when it ended is not sent any more.
            store.updateLogs(place, present -> present.deliveredUntil(range.until()));
            return trail.isPresent();
        }
        List<Journal.Place> arrived = events.in(range);
        if (arrived.isEmpty()) {
            if (range.isClosed()) {
                store.updateLogs(place, present -> present.deliveredUntil(range.until()));
            }
            return range.isClosed();
        }
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Optional<String> error = send(place, trail.get(), arrived);
        if (error.isPresent()) {
            LOG.warn("trail {} cannot be sent to CloudWatch Logs: {}", place.arn(), error.get());
            store.updateDelivery(place, present -> present.telling(DeliveryOutcome.LOGS_ERROR, error.get()));
            return false;
        }
        store.updateLogs(
                place, present -> present.deliveredUntil(arrived.getLast().sequence()));
        store.updateDelivery(
                place, present -> present.telling(DeliveryOutcome.LOGGED, now).telling(DeliveryOutcome.LOGS_ERROR, ""));
        return true;
    }

    /** Sends events; gives the code of the error if that cannot be done. */
    private Optional<String> send(TrailStore.Place place, StoredTrail trail, List<Journal.Place> arrived) {
        String role = trail.trail().cloudWatchLogsRoleArn();
        Group group = Group.of(trail.trail().cloudWatchLogsLogGroupArn()).orElseThrow();
        try {
            OwnCalls.call(place.account(), group.region, place.arn(), () -> {
                TrailEvents.byRegion(place, trail, arrived).forEach((region, taken) -> {
                    for (List<InputLogEvent> batch : batches(taken)) {
                        put(role, group, stream(place.account(), region), batch);
                    }
                });
                return null;
            });
            return Optional.empty();
        } catch (AwsServiceException refusal) {
            return Optional.of(refusal.awsErrorDetails().errorCode());
        } catch (AwsError distrust) {
            return Optional.of(distrust.code());
        }
    }

    private void put(String role, Group group, String stream, List<InputLogEvent> batch) {
        try {
            logs(role)
                    .putLogEvents(request -> request.logGroupName(group.name)
                            .logStreamName(stream)
                            .logEvents(batch));
        } catch (ResourceNotFoundException missing) {
            makeStream(role, group, stream);
            logs(role)
                    .putLogEvents(request -> request.logGroupName(group.name)
                            .logStreamName(stream)
                            .logEvents(batch));
        }
    }

    /** The events in order of their times, in batches that may be put at once. */
    static List<List<InputLogEvent>> batches(List<JournalEntry> taken) {
        List<JournalEntry> ordered = taken.stream()
                .filter(event -> event.body().length <= LARGEST_EVENT && !isOwn(event))
                .sorted(Comparator.comparing(JournalEntry::time))
                .toList();
        List<List<InputLogEvent>> batches = new ArrayList<>();
        List<InputLogEvent> batch = new ArrayList<>();
        int size = 0;
        Instant first = Instant.EPOCH;
        for (JournalEntry event : ordered) {
            int counted = event.body().length + COUNTED_BESIDE_EACH;
            boolean full = batch.size() == MOST_IN_A_BATCH
                    || size + counted > LARGEST_BATCH
                    || !event.time().isBefore(first.plus(LONGEST_BATCH));
            if (!batch.isEmpty() && full) {
                batches.add(batch);
                batch = new ArrayList<>();
                size = 0;
            }
            if (batch.isEmpty()) {
                first = event.time();
            }
            batch.add(InputLogEvent.builder()
                    .timestamp(event.time().truncatedTo(ChronoUnit.SECONDS).toEpochMilli())
                    .message(new String(event.body(), UTF_8))
                    .build());
            size += counted;
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    /** Whether it tells that CloudTrail sent events, which would go on for ever. */
    private static boolean isOwn(JournalEntry entry) {
        AuditEvent event = AuditEvent.read(entry.body());
        return event.source().equals("logs.amazonaws.com")
                && event.field("userAgent").equals(OwnCalls.NAME)
                && event.name().equals("PutLogEvents");
    }
}
