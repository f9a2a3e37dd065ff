package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.EventCursor;
import dev.outcrop.engines.logs.EventScan;
import dev.outcrop.engines.logs.LogEvent;
import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.engines.logs.Position;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.services.cloudwatchlogs.insights.EventTable;
import dev.outcrop.services.cloudwatchlogs.insights.InsightsEngine;
import dev.outcrop.services.cloudwatchlogs.insights.MalformedInsightsQueryException;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueriesRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueriesResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogRecordRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogRecordResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.MalformedQueryException;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryInfo;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryLanguage;
import software.amazon.awssdk.services.cloudwatchlogs.model.QueryStatus;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResultField;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartQueryRequest;

/**
 * Queries of Logs Insights. They and their results are kept in memory, at most seven days as at AWS.
 *
 * <p>Source: StartQuery, GetQueryResults and others of the Amazon CloudWatch Logs API reference; "CloudWatch Logs quotas".
 */
final class Queries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Queries.class);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final int MOST_KEPT = 1000;
    private static final int MOST_ACTIVE = 100;
    private static final int MOST_AT_ONCE = 2;
    private static final int MOST_GROUPS = 50;
    private static final int MOST_RESULTS = 10_000;
    private static final int PAGE = 1000;
    private static final String POINTER = "logs:pointer";
    private static final Set<QueryStatus> ACTIVE = Set.of(QueryStatus.SCHEDULED, QueryStatus.RUNNING);

    private final GroupStore store;
    private final Supplier<LogStore> events;
    private final Supplier<InsightsEngine> engine;
    private final GroupKeys keys;
    private final DataProtection protection;
    private final PageTokens tokens;
    private final InstantSource clock;
    private final Semaphore running = new Semaphore(MOST_AT_ONCE);
    private final ConcurrentMap<String, Asked> queries = new ConcurrentHashMap<>();
    private volatile boolean closing;

    Queries(
            GroupStore store,
            Supplier<LogStore> events,
            Supplier<InsightsEngine> engine,
            GroupKeys keys,
            DataProtection protection,
            PageTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.engine = engine;
        this.keys = keys;
        this.protection = protection;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A query that somebody has asked, and what has become of it. */
    private static final class Asked {
        private final String account;
        private final String region;
        private final QueryInfo info;
        private final List<String> groups;
        private volatile QueryStatus status = QueryStatus.SCHEDULED;
        private volatile Optional<InsightsEngine.Results> results = Optional.empty();
        private volatile List<String> pointers = List.of();

        Asked(String account, String region, QueryInfo info, List<String> groups) {
            this.account = account;
            this.region = region;
            this.info = info;
            this.groups = groups;
        }

        boolean isOf(CallContext call) {
            return account.equals(call.account()) && region.equals(call.region());
        }
    }

    /** The query was stopped by its user, or the server is going down. */
    private static final class Stopped extends RuntimeException {
        Stopped() {
            super("stopped", null, false, false);
        }
    }

    String start(StartQueryRequest request) {
        if (request.queryLanguage() != null && request.queryLanguage() != QueryLanguage.CWLI) {
            throw AwsError.notImplemented("logs", "StartQuery in " + request.queryLanguageAsString());
        }
        List<StoredGroup> groups = groups(request);
        if (request.startTime() > request.endTime()) {
            throw LogFailures.invalid(
                    "Query's end date and time is either before the start time or exceeds the present.");
        }
        InsightsEngine.Query query = parsed(request.queryString());
        groups.forEach(keys::requireUsable);
        if (query.unmasks()) {
            groups.forEach(protection::requireUnmask);
        }
        CallContext call = CallContext.current();
        forgetOld();
        long active = queries.values().stream()
                .filter(asked -> asked.isOf(call) && ACTIVE.contains(asked.status))
                .count();
        if (active >= MOST_ACTIVE) {
            throw LogFailures.limit("Account maximum query concurrency limit of " + MOST_ACTIVE + " reached.");
        }
        String id = UUID.randomUUID().toString();
        Asked asked = new Asked(
                call.account(),
                call.region(),
                QueryInfo.builder()
                        .queryLanguage(QueryLanguage.CWLI)
                        .queryId(id)
                        .queryString(request.queryString())
                        .createTime(clock.millis())
                        .logGroupName(groups.getFirst().name())
                        .build(),
                groups.stream().map(StoredGroup::name).toList());
        queries.put(id, asked);
        Thread.ofVirtual().name("log-query-" + id).start(() -> call.run(() -> run(asked, query, groups, request)));
        return id;
    }

    private InsightsEngine.Query parsed(String text) {
        try {
            return engine.get().parse(text);
        } catch (MalformedInsightsQueryException malformed) {
            throw MalformedQueryException.builder()
                    .message(malformed.getMessage())
                    .queryCompileError(error -> error.message(malformed.getMessage())
                            .location(location ->
                                    location.startCharOffset(malformed.start()).endCharOffset(malformed.end())))
                    .build();
        }
    }

    private List<StoredGroup> groups(StartQueryRequest request) {
        int given = (request.logGroupName() == null ? 0 : 1)
                + (request.hasLogGroupNames() ? 1 : 0)
                + (request.hasLogGroupIdentifiers() ? 1 : 0);
        if (given != 1) {
            throw LogFailures.invalid("Exactly one of the parameters logGroupName, logGroupNames and"
                    + " logGroupIdentifiers must be specified.");
        }
        List<StoredGroup> groups = Stream.of(
                        request.logGroupName() == null ? List.<String>of() : List.of(request.logGroupName()),
                        request.logGroupNames(),
                        request.logGroupIdentifiers())
                .flatMap(List::stream)
                .map(GroupStore::nameOf)
                .distinct()
                .map(store::group)
                .toList();
        if (groups.isEmpty() || groups.size() > MOST_GROUPS) {
            throw LogFailures.invalid("A query is about 1 to " + MOST_GROUPS + " log groups.");
        }
        return groups;
    }

    private void run(Asked asked, InsightsEngine.Query query, List<StoredGroup> groups, StartQueryRequest request) {
        List<EventTable.Source> sources = new ArrayList<>();
        boolean began = false;
        try {
            while (!running.tryAcquire(1, TimeUnit.SECONDS)) {
                proceed(asked);
            }
            began = true;
            proceed(asked);
            asked.status = QueryStatus.RUNNING;
            for (StoredGroup group : groups) {
                sources.add(source(group, request));
            }
            int limit = request.limit() == null ? MOST_RESULTS : request.limit();
            InsightsEngine.Results results = engine.get().run(query, sources, limit, LONGEST, () -> proceed(asked));
            asked.pointers = results.pointers().stream().map(this::pointer).toList();
            asked.results = Optional.of(results);
            asked.status = QueryStatus.COMPLETE;
        } catch (java.sql.SQLTimeoutException late) {
            asked.status = QueryStatus.TIMEOUT;
        } catch (Stopped stopped) {
            asked.status = QueryStatus.CANCELLED;
        } catch (java.sql.SQLException | RuntimeException failure) {
            LOG.info("query {} failed", asked.info.queryId(), failure);
            asked.status = QueryStatus.FAILED;
        } catch (InterruptedException interruption) {
            asked.status = QueryStatus.CANCELLED;
        } finally {
            sources.forEach(source -> source.scan().close());
            if (began) {
                running.release();
            }
        }
    }

    private void proceed(Asked asked) {
        if (closing || asked.status == QueryStatus.CANCELLED) {
            throw new Stopped();
        }
    }

    private EventTable.Source source(StoredGroup group, StartQueryRequest request) {
        Set<String> deleted = store.deletedStreams(group);
        long from = Math.max(TimeUnit.SECONDS.toMillis(request.startTime()), group.expiry(clock.millis()));
        long to = TimeUnit.SECONDS.toMillis(request.endTime()) + TimeUnit.SECONDS.toMillis(1);
        EventScan scan = events.get().scan(group.id(), from, to, stream -> !deleted.contains(stream));
        return new EventTable.Source(
                scan,
                group.account() + ":" + group.name(),
                group.name(),
                from,
                to,
                stream -> !deleted.contains(stream),
                StoredStream::nameOf,
                protection.masking(group).map(mask -> mask::shown));
    }

    /** A pointer that is good for the account and region of the query alone. */
    private String pointer(String place) {
        return tokens.token(POINTER, new Cursor(Instant.EPOCH, "", "", place));
    }

    private void forgetOld() {
        Instant old = clock.instant().minus(KEPT);
        queries.values()
                .removeIf(asked ->
                        Instant.ofEpochMilli(asked.info.createTime()).isBefore(old) && !ACTIVE.contains(asked.status));
        if (queries.size() >= MOST_KEPT) {
            queries.values().stream()
                    .filter(asked -> !ACTIVE.contains(asked.status))
                    .min(Comparator.comparing(asked -> asked.info.createTime()))
                    .ifPresent(oldest -> queries.remove(oldest.info.queryId()));
        }
    }

    private Asked asked(String id) {
        Asked asked = queries.get(id);
        if (asked == null || !asked.isOf(CallContext.current())) {
            throw LogFailures.notFound("The specified query does not exist.");
        }
        return asked;
    }

    GetQueryResultsResponse results(String id) {
        Asked asked = asked(id);
        QueryStatus status = asked.status;
        GetQueryResultsResponse.Builder response = GetQueryResultsResponse.builder()
                .queryLanguage(QueryLanguage.CWLI)
                .status(status);
        if (status != QueryStatus.COMPLETE || asked.results.isEmpty()) {
            return response.results(List.of())
                    .statistics(statistics ->
                            statistics.recordsMatched(0.0).recordsScanned(0.0).bytesScanned(0.0))
                    .build();
        }
        InsightsEngine.Results results = asked.results.get();
        List<List<ResultField>> rows = new ArrayList<>();
        for (int i = 0; i < results.rows().size(); i++) {
            List<ResultField> row = new ArrayList<>();
            for (InsightsEngine.Value value : results.rows().get(i)) {
                row.add(field(value.field(), value.text()));
            }
            if (!asked.pointers.isEmpty()) {
                row.removeIf(shown -> shown.field().equals("@ptr"));
                row.add(field("@ptr", asked.pointers.get(i)));
            }
            rows.add(row);
        }
        return response.results(rows)
                .statistics(statistics -> statistics
                        .recordsMatched((double) results.matched())
                        .recordsScanned((double) results.scanned())
                        .bytesScanned((double) results.bytes())
                        .estimatedRecordsSkipped(0.0)
                        .estimatedBytesSkipped(0.0)
                        .logGroupsScanned((double) asked.groups.size()))
                .build();
    }

    private static ResultField field(String name, String value) {
        return ResultField.builder().field(name).value(value).build();
    }

    /** The names of the groups that a query is about, which are few enough for one page. */
    List<String> groups(String id, String token) {
        if (token != null) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
        return asked(id).groups;
    }

    boolean stop(String id) {
        Asked asked = asked(id);
        if (!ACTIVE.contains(asked.status)) {
            throw LogFailures.invalid("The specified query is not running.");
        }
        asked.status = QueryStatus.CANCELLED;
        return true;
    }

    DescribeQueriesResponse describe(DescribeQueriesRequest request) {
        CallContext call = CallContext.current();
        List<QueryInfo> all = queries.values().stream()
                .filter(asked -> asked.isOf(call))
                .filter(asked ->
                        request.logGroupName() == null || request.logGroupName().equals(asked.info.logGroupName()))
                .filter(asked -> request.status() == null || request.status() == asked.status)
                .filter(asked -> request.queryLanguage() == null || request.queryLanguage() == QueryLanguage.CWLI)
                .map(asked -> asked.info.toBuilder().status(asked.status).build())
                .sorted(Comparator.comparing(QueryInfo::createTime)
                        .thenComparing(QueryInfo::queryId)
                        .reversed())
                .toList();
        String list = "logs:queries " + request.logGroupName() + " " + request.statusAsString();
        int from = request.nextToken() == null ? 0 : Math.min(all.size(), place(list, request.nextToken()));
        int to = Math.min(all.size(), from + (request.maxResults() == null ? PAGE : request.maxResults()));
        return DescribeQueriesResponse.builder()
                .queries(all.subList(from, to))
                .nextToken(
                        to == all.size()
                                ? null
                                : tokens.token(list, new Cursor(Instant.EPOCH, "", "", Integer.toString(to))))
                .build();
    }

    private int place(String list, String token) {
        try {
            return Integer.parseInt(tokens.place(list, token).id());
        } catch (AwsError foreign) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
    }

    GetLogRecordResponse record(GetLogRecordRequest request) {
        String place;
        try {
            place = tokens.place(POINTER, request.logRecordPointer()).id();
        } catch (AwsError foreign) {
            throw LogFailures.invalid("The specified logRecordPointer is invalid.");
        }
        String[] parts = place.split(":");
        StoredGroup group = store.group(parts[0]);
        keys.requireUsable(group);
        Mask mask = protection.mask(group, request.unmask());
        Position position = new Position(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        Set<String> deleted = store.deletedStreams(group);
        try (EventScan scan = events.get()
                .scan(
                        group.id(),
                        position.timestamp(),
                        position.timestamp() + 1,
                        stream -> !deleted.contains(stream))) {
            EventCursor cursor = scan.forward(Optional.empty());
            for (Optional<LogEvent> event = cursor.next(); event.isPresent(); event = cursor.next()) {
                if (event.get().position().equals(position)) {
                    return GetLogRecordResponse.builder()
                            .logRecord(fields(group, mask.shown(event.get()), request.logRecordPointer()))
                            .build();
                }
            }
        }
        throw LogFailures.notFound("The specified log record does not exist.");
    }

    private static Map<String, String> fields(StoredGroup group, LogEvent event, String pointer) {
        String message = new String(event.message(), UTF_8);
        Map<String, String> fields = new HashMap<>(JsonFields.of(message));
        fields.put("@timestamp", Long.toString(event.timestamp()));
        fields.put("@ingestionTime", Long.toString(event.ingestedAt()));
        fields.put("@message", message);
        fields.put("@logStream", StoredStream.nameOf(event.stream()));
        fields.put("@log", group.account() + ":" + group.name());
        fields.put("@ptr", pointer);
        return fields;
    }

    @Override
    public void close() {
        closing = true;
    }
}
