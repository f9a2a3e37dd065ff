package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.engines.logs.LogStoreException;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.ServiceMetrics.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ServiceUnavailableException;

/**
 * Takes log events. They are on disk when the call is answered.
 *
 * <p>Source: PutLogEvents of the Amazon CloudWatch Logs API reference.
 */
final class EventWriter {
    /** AWS has not looked at sequence tokens since 2023, and still answers one. */
    static final String SEQUENCE_TOKEN = "49" + "0".repeat(54);

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final int LARGEST_BATCH = 1_048_576;
    private static final int EVENT_BYTES = 26;
    private static final long LONGEST_SPAN = Duration.ofHours(24).toMillis();
    private static final long OLDEST = Duration.ofDays(14).toMillis();
    private static final long NEWEST = Duration.ofHours(2).toMillis();

    private final GroupStore store;
    private final Supplier<LogStore> events;
    private final Arrivals arrivals;
    private final DataProtection protection;
    private final SubscriptionDeliveries subscriptions;
    private final ServiceMetrics metrics;
    private final InstantSource clock;

    EventWriter(
            GroupStore store,
            Supplier<LogStore> events,
            Arrivals arrivals,
            DataProtection protection,
            SubscriptionDeliveries subscriptions,
            ServiceMetrics metrics,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.arrivals = arrivals;
        this.protection = protection;
        this.subscriptions = subscriptions;
        this.metrics = metrics;
        this.clock = clock;
    }

    PutLogEventsResponse put(PutLogEventsRequest request) {
        StoredGroup group = store.group(request.logGroupName());
        StoredStream stream = store.stream(group, request.logStreamName());
        List<LogEntry> all = entries(request.logEvents());
        long now = clock.millis();
        int from = 0;
        int to = all.size();
        RejectedLogEventsInfo.Builder rejected = RejectedLogEventsInfo.builder();
        int tooOld = before(all, now - OLDEST);
        int expired = before(all, group.expiry(now));
        if (tooOld > 0) {
            rejected.tooOldLogEventEndIndex(tooOld);
            from = tooOld;
        }
        if (expired > 0) {
            rejected.expiredLogEventEndIndex(expired);
            from = Math.max(from, expired);
        }
        int tooNew = before(all, now + NEWEST + 1);
        if (tooNew < to) {
            rejected.tooNewLogEventStartIndex(tooNew);
            to = tooNew;
        }
        boolean whole = from == 0 && to == all.size();
        List<LogEntry> taken = from < to ? all.subList(from, to) : List.of();
        append(group, stream, now, taken);
        protection.audit(group, taken).ifPresent(reports -> report(group, now, reports));
        return PutLogEventsResponse.builder()
                .nextSequenceToken(SEQUENCE_TOKEN)
                .rejectedLogEventsInfo(whole ? null : rejected.build())
                .build();
    }

    private void append(StoredGroup group, StoredStream stream, long now, List<LogEntry> taken) {
        try {
            events.get().append(group.id(), stream.key(), now, taken);
        } catch (LogStoreException failure) {
            throw ServiceUnavailableException.builder()
                    .message("The service cannot complete the request.")
                    .cause(failure)
                    .build();
        }
        measure(group, taken);
        List<LogEntry> shown = protection
                .masking(group)
                .map(mask -> taken.stream()
                        .map(entry -> new LogEntry(entry.timestamp(), mask.shown(now, entry.message())))
                        .toList())
                .orElse(taken);
        subscriptions.take(group, stream.name(), shown);
        arrivals.tell(group, stream.name(), now, shown);
    }

    private void measure(StoredGroup group, List<LogEntry> taken) {
        if (taken.isEmpty()) {
            return;
        }
        double bytes = 0;
        for (LogEntry entry : taken) {
            bytes += entry.message().length + EVENT_BYTES;
        }
        for (Map<String, String> dimensions : List.of(Map.<String, String>of(), Map.of("LogGroupName", group.name()))) {
            Source source = new Source(group.account(), group.region(), "AWS/Logs", dimensions);
            metrics.count(source, "IncomingLogEvents", taken.size());
            metrics.measure(source, "IncomingBytes", "Bytes", bytes);
        }
    }

    /** Writes reports to the group that wants them, unless it is gone, into a stream for each group that is audited. */
    private void report(StoredGroup audited, long now, DataProtection.Reports reports) {
        store.find(reports.group()).ifPresent(group -> {
            String name = audited.name();
            if (store.findStream(group, name).isEmpty()) {
                try {
                    store.insertStream(group, name);
                } catch (ResourceAlreadyExistsException another) {
                    LOG.debug("another call has made the stream {}", name, another);
                }
            }
            append(
                    group,
                    store.stream(group, name),
                    now,
                    reports.lines().stream()
                            .map(line -> new LogEntry(now, line))
                            .toList());
        });
    }

    private static List<LogEntry> entries(List<InputLogEvent> wanted) {
        List<LogEntry> entries = new ArrayList<>(wanted.size());
        long bytes = 0;
        long latest = Long.MIN_VALUE;
        for (InputLogEvent event : wanted) {
            byte[] message = event.message().getBytes(UTF_8);
            bytes += message.length + EVENT_BYTES;
            if (event.timestamp() < latest) {
                throw LogFailures.invalid(
                        "Log events in a single PutLogEvents request must be in chronological order.");
            }
            latest = event.timestamp();
            entries.add(new LogEntry(event.timestamp(), message));
        }
        if (bytes > LARGEST_BATCH) {
            throw LogFailures.invalid("Upload too large: " + bytes + " bytes exceeds limit of " + LARGEST_BATCH);
        }
        if (latest - entries.getFirst().timestamp() > LONGEST_SPAN) {
            throw LogFailures.invalid(
                    "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
        return entries;
    }

    /** How many events happened before {@code time}. */
    private static int before(List<LogEntry> entries, long time) {
        int count = 0;
        while (count < entries.size() && entries.get(count).timestamp() < time) {
            count++;
        }
        return count;
    }
}
