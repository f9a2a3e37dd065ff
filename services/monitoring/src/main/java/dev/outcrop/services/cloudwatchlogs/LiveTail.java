package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.LogEntry;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.services.cloudwatchlogs.filter.FilterPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.SessionTimeoutException;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseStream;

/**
 * A live tail: the events of some groups as they arrive, once a second, up to 500 of them.
 *
 * <p>Source: StartLiveTail of the Amazon CloudWatch Logs API reference.
 */
final class LiveTail implements Arrivals.Listener {
    private static final int MOST_A_SECOND = 500;
    private static final int MOST_SESSIONS = 15;
    private static final Duration LONGEST = Duration.ofHours(3);
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    private final StartLiveTailRequest request;
    private final Map<String, StoredGroup> groups = new ConcurrentHashMap<>();
    private final FilterPattern pattern;
    private final Set<String> streams;
    private final BlockingQueue<LiveTailSessionLogEvent> arrived = new ArrayBlockingQueue<>(MOST_A_SECOND);
    private final AtomicBoolean sampled = new AtomicBoolean();

    LiveTail(StartLiveTailRequest request, GroupStore store, GroupKeys keys) {
        this.request = request;
        if (request.hasLogStreamNames() && request.hasLogStreamNamePrefixes()) {
            throw LogFailures.invalid("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.");
        }
        if ((request.hasLogStreamNames() || request.hasLogStreamNamePrefixes())
                && request.logGroupIdentifiers().size() > 1) {
            throw LogFailures.invalid("Log streams can be specified for a single log group only.");
        }
        for (String identifier : request.logGroupIdentifiers()) {
            if (!identifier.startsWith("arn:")) {
                throw LogFailures.invalid("logGroupIdentifiers must be ARNs of log groups.");
            }
            StoredGroup group = store.group(GroupStore.nameOf(identifier));
            if (group.isInfrequentAccess()) {
                throw LogFailures.notAllowed("Live Tail is not supported for log groups of INFREQUENT_ACCESS class.");
            }
            keys.requireUsable(group);
            groups.put(group.id(), group);
        }
        pattern = EventReader.pattern(request.logEventFilterPattern());
        streams = new HashSet<>(request.logStreamNames());
    }

    @Override
    public void arrived(StoredGroup group, String stream, long ingestedAt, List<LogEntry> events) {
        if (!groups.containsKey(group.id()) || !isWanted(stream)) {
            return;
        }
        for (LogEntry event : events) {
            String message = new String(event.message(), UTF_8);
            if (pattern.matches(message)) {
                boolean taken = arrived.offer(LiveTailSessionLogEvent.builder()
                        .logGroupIdentifier(group.account() + ":" + group.name())
                        .logStreamName(stream)
                        .message(message)
                        .timestamp(event.timestamp())
                        .ingestionTime(ingestedAt)
                        .build());
                if (!taken) {
                    sampled.set(true);
                    return;
                }
            }
        }
    }

    private boolean isWanted(String stream) {
        if (request.hasLogStreamNamePrefixes()) {
            return request.logStreamNamePrefixes().stream().anyMatch(stream::startsWith);
        }
        return streams.isEmpty() || streams.contains(stream);
    }

    /** Sends what arrives until the reader is gone or the session has lasted for three hours. */
    void run(EventSink<StartLiveTailResponseStream> sink, Arrivals arrivals, BooleanSupplier ending) {
        if (SESSIONS.incrementAndGet() > MOST_SESSIONS) {
            SESSIONS.decrementAndGet();
            throw LogFailures.limit("The maximum number of concurrent Live Tail sessions is " + MOST_SESSIONS + ".");
        }
        arrivals.add(this);
        AtomicBoolean gone = new AtomicBoolean();
        CallContext call = CallContext.current();
        call.client().onGone(() -> gone.set(true));
        try {
            sink.send(StartLiveTailResponseStream.sessionStartBuilder()
                    .requestId(call.requestId())
                    .sessionId(UUID.randomUUID().toString())
                    .logGroupIdentifiers(request.logGroupIdentifiers())
                    .logStreamNames(request.logStreamNames())
                    .logStreamNamePrefixes(request.logStreamNamePrefixes())
                    .logEventFilterPattern(request.logEventFilterPattern())
                    .build());
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (!gone.get() && !ending.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw SessionTimeoutException.builder()
                            .message("The Live Tail session has lasted for three hours.")
                            .build();
                }
                update(sink);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ClientGone("interrupted while tailing");
        } finally {
            arrivals.remove(this);
            SESSIONS.decrementAndGet();
        }
    }

    private void update(EventSink<StartLiveTailResponseStream> sink) throws InterruptedException {
        List<LiveTailSessionLogEvent> events = new ArrayList<>();
        LiveTailSessionLogEvent first = arrived.poll(1, TimeUnit.SECONDS);
        if (first != null) {
            events.add(first);
            arrived.drainTo(events, MOST_A_SECOND - 1);
        }
        boolean some = sampled.getAndSet(false);
        sink.send(StartLiveTailResponseStream.sessionUpdateBuilder()
                .sessionMetadata(metadata -> metadata.sampled(some))
                .sessionResults(events)
                .build());
    }
}
