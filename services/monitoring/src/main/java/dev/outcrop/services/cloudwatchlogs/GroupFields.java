package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.EventCursor;
import dev.outcrop.engines.logs.EventScan;
import dev.outcrop.engines.logs.LogEvent;
import dev.outcrop.engines.logs.LogStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogGroupFieldsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogGroupFieldsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroupField;

/**
 * Which fields the events of a group have, by a sample of them.
 *
 * <p>Source: GetLogGroupFields of the Amazon CloudWatch Logs API reference.
 */
final class GroupFields {
    private static final int SAMPLE = 2000;
    private static final long LOOKED_BACK = Duration.ofMinutes(15).toMillis();
    private static final long AROUND = Duration.ofMinutes(8).toMillis();
    private static final List<String> ALWAYS =
            List.of("@timestamp", "@ingestionTime", "@message", "@logStream", "@log");

    private final GroupStore store;
    private final Supplier<LogStore> events;
    private final GroupKeys keys;
    private final InstantSource clock;

    GroupFields(GroupStore store, Supplier<LogStore> events, GroupKeys keys, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.keys = keys;
        this.clock = clock;
    }

    GetLogGroupFieldsResponse get(GetLogGroupFieldsRequest request) {
        StoredGroup group = store.named(request.logGroupName(), request.logGroupIdentifier());
        keys.requireUsable(group);
        long now = clock.millis();
        long from = now - LOOKED_BACK;
        long to = now + 1;
        if (request.time() != null) {
            from = TimeUnit.SECONDS.toMillis(request.time()) - AROUND;
            to = TimeUnit.SECONDS.toMillis(request.time()) + AROUND;
        }
        Set<String> deleted = store.deletedStreams(group);
        Map<String, Integer> counts = new HashMap<>();
        int sampled = 0;
        try (EventScan scan = events.get()
                .scan(group.id(), Math.max(from, group.expiry(now)), to, stream -> !deleted.contains(stream))) {
            EventCursor cursor = scan.backward(Optional.empty());
            for (Optional<LogEvent> event = cursor.next();
                    event.isPresent() && sampled < SAMPLE;
                    event = cursor.next()) {
                sampled++;
                ALWAYS.forEach(field -> counts.merge(field, 1, Integer::sum));
                JsonFields.of(new String(event.get().message(), UTF_8))
                        .keySet()
                        .forEach(field -> counts.merge(field, 1, Integer::sum));
            }
        }
        int all = sampled;
        return GetLogGroupFieldsResponse.builder()
                .logGroupFields(counts.entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .map(field -> LogGroupField.builder()
                                .name(field.getKey())
                                .percent(100 * field.getValue() / all)
                                .build())
                        .toList())
                .build();
    }
}
