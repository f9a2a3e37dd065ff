package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.EventCursor;
import dev.outcrop.engines.logs.EventScan;
import dev.outcrop.engines.logs.LogEvent;
import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.engines.logs.Position;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.services.cloudwatchlogs.filter.FilterPattern;
import dev.outcrop.services.cloudwatchlogs.filter.InvalidPatternException;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/**
 * Reads log events, of one stream or of a group.
 *
 * <p>Source: GetLogEvents and FilterLogEvents of the Amazon CloudWatch Logs API reference.
 */
final class EventReader {
    private static final int MOST_EVENTS = 10_000;
    private static final int MOST_BYTES = 1 << 20;
    /** A page of a search ends after that time, full or not, as AWS's do. */
    private static final long LONGEST_SEARCH_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int EVENTS_BETWEEN_LOOKS = 1024;
    private static final String FORWARD = "f/";
    private static final String BACKWARD = "b/";

    private final GroupStore store;
    private final Supplier<LogStore> events;
    private final GroupKeys keys;
    private final DataProtection protection;
    private final PageTokens tokens;
    private final InstantSource clock;

    EventReader(
            GroupStore store,
            Supplier<LogStore> events,
            GroupKeys keys,
            DataProtection protection,
            PageTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.protection = protection;
        this.events = events;
        this.tokens = tokens;
        this.clock = clock;
    }

    GetLogEventsResponse get(GetLogEventsRequest request) {
        StoredGroup group = readable(store.named(request.logGroupName(), request.logGroupIdentifier()));
        StoredStream stream = store.stream(group, request.logStreamName());
        Mask mask = protection.mask(group, request.unmask());
        String token = request.nextToken();
        boolean forward = token == null ? Boolean.TRUE.equals(request.startFromHead()) : token.startsWith(FORWARD);
        Optional<Position> place = token == null ? Optional.empty() : Optional.of(position(token));
        long from = from(group, request.startTime());
        long to = request.endTime() == null ? Long.MAX_VALUE : request.endTime();
        List<LogEvent> page = new ArrayList<>();
        try (EventScan scan = events.get().scan(group.id(), stream.key(), from, to)) {
            EventCursor cursor = forward ? scan.forward(place) : scan.backward(place);
            fill(page, cursor, request.limit());
        }
        List<LogEvent> ordered = forward ? page : page.reversed();
        Position none = place.orElse(new Position(0, 0));
        Position first = ordered.isEmpty() ? none : ordered.getFirst().position();
        Position last = ordered.isEmpty() ? none : ordered.getLast().position();
        return GetLogEventsResponse.builder()
                .events(ordered.stream()
                        .map(event -> OutputLogEvent.builder()
                                .timestamp(event.timestamp())
                                .ingestionTime(event.ingestedAt())
                                .message(new String(mask.shown(event.ingestedAt(), event.message()), UTF_8))
                                .build())
                        .toList())
                .nextForwardToken(FORWARD + EventIds.of(last))
                .nextBackwardToken(BACKWARD + EventIds.of(first))
                .build();
    }

    private StoredGroup readable(StoredGroup group) {
        if (group.isInfrequentAccess()) {
            throw LogFailures.invalid("Log groups of the class INFREQUENT_ACCESS do not support this operation.");
        }
        keys.requireUsable(group);
        return group;
    }

    private long from(StoredGroup group, Long startTime) {
        return Math.max(startTime == null ? 0 : startTime, group.expiry(clock.millis()));
    }

    private static void fill(List<LogEvent> page, EventCursor cursor, Integer limit) {
        int most = limit == null ? MOST_EVENTS : limit;
        long bytes = 0;
        Optional<LogEvent> next = cursor.next();
        while (next.isPresent()) {
            bytes += next.get().message().length;
            if (!page.isEmpty() && bytes > MOST_BYTES) {
                return;
            }
            page.add(next.get());
            if (page.size() == most) {
                return;
            }
            next = cursor.next();
        }
    }

    private static Position position(String token) {
        if (!token.startsWith(FORWARD) && !token.startsWith(BACKWARD)) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
        return EventIds.position(token.substring(FORWARD.length()))
                .orElseThrow(() -> LogFailures.invalid("The specified nextToken is invalid."));
    }

    FilterLogEventsResponse filter(FilterLogEventsRequest request) {
        StoredGroup group = readable(store.named(request.logGroupName(), request.logGroupIdentifier()));
        if (request.hasLogStreamNames() && request.logStreamNamePrefix() != null) {
            throw LogFailures.invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
        }
        if (request.startTime() != null && request.endTime() != null && request.startTime() > request.endTime()) {
            throw LogFailures.invalid("startTime must not be after endTime.");
        }
        FilterPattern pattern = pattern(request.filterPattern());
        Mask mask = protection.mask(group, request.unmask());
        String list = "logs:filter " + group.id() + " "
                + request.toBuilder().nextToken(null).limit(null).build().hashCode();
        Optional<Position> place = Optional.ofNullable(request.nextToken()).map(token -> place(list, token));
        long to = request.endTime() == null ? Long.MAX_VALUE : request.endTime() + 1;
        FilteredPage page = new FilteredPage(request.limit() == null ? MOST_EVENTS : request.limit());
        try (EventScan scan =
                events.get().scan(group.id(), from(group, request.startTime()), to, streams(group, request))) {
            page.fill(scan.forward(place), pattern, mask);
        }
        return FilterLogEventsResponse.builder()
                .events(page.found)
                .searchedLogStreams(List.of())
                .nextToken(
                        page.goesOn
                                ? tokens.token(
                                        list,
                                        new Cursor(
                                                Instant.ofEpochMilli(page.last.timestamp()),
                                                "",
                                                "",
                                                Long.toString(page.last.sequence())))
                                : null)
                .build();
    }

    private Position place(String list, String token) {
        try {
            Cursor cursor = tokens.place(list, token);
            return new Position(cursor.createdAt().toEpochMilli(), Long.parseLong(cursor.id()));
        } catch (AwsError foreign) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
    }

    static FilterPattern pattern(String text) {
        try {
            return FilterPattern.parse(text == null ? "" : text);
        } catch (InvalidPatternException invalid) {
            throw LogFailures.invalid("Invalid filter pattern: " + invalid.getMessage());
        }
    }

    /** Which streams are searched: those that are asked for and have not been deleted. */
    private Predicate<String> streams(StoredGroup group, FilterLogEventsRequest request) {
        if (request.hasLogStreamNames()) {
            Set<String> keys = new HashSet<>();
            request.logStreamNames()
                    .forEach(name -> keys.add(store.stream(group, name).key()));
            return keys::contains;
        }
        Set<String> deleted = store.deletedStreams(group);
        String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
        return key -> !deleted.contains(key) && StoredStream.nameOf(key).startsWith(prefix);
    }

    /** A page of a search. */
    private static final class FilteredPage {
        private final int limit;
        private final List<FilteredLogEvent> found = new ArrayList<>();
        private Position last = new Position(0, 0);
        private boolean goesOn;

        FilteredPage(int limit) {
            this.limit = limit;
        }

        void fill(EventCursor cursor, FilterPattern pattern, Mask mask) {
            long deadline = System.nanoTime() + LONGEST_SEARCH_NANOS;
            long bytes = 0;
            Optional<LogEvent> next = cursor.next();
            for (int count = 1; next.isPresent(); count++) {
                LogEvent event = mask.shown(next.get());
                String message = new String(event.message(), UTF_8);
                if (pattern.matches(message)) {
                    bytes += event.message().length;
                    if (!found.isEmpty() && bytes > MOST_BYTES) {
                        goesOn = true;
                        return;
                    }
                    found.add(FilteredLogEvent.builder()
                            .eventId(EventIds.of(event.position()))
                            .logStreamName(StoredStream.nameOf(event.stream()))
                            .timestamp(event.timestamp())
                            .ingestionTime(event.ingestedAt())
                            .message(message)
                            .build());
                }
                last = event.position();
                next = cursor.next();
                boolean late = count % EVENTS_BETWEEN_LOOKS == 0 && System.nanoTime() > deadline;
                if (found.size() == limit || late) {
                    goesOn = next.isPresent();
                    return;
                }
            }
        }
    }
}
