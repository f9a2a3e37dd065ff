package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.engines.logs.StreamExtent;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;

/**
 * Log streams.
 *
 * <p>Source: CreateLogStream and DescribeLogStreams of the Amazon CloudWatch Logs API reference.
 */
final class LogStreams {
    private static final int PAGE = 50;

    private final GroupStore store;
    private final RecordPages pages;
    private final PageTokens tokens;
    private final Supplier<LogStore> events;

    LogStreams(GroupStore store, RecordPages pages, PageTokens tokens, Supplier<LogStore> events) {
        this.store = store;
        this.pages = pages;
        this.tokens = tokens;
        this.events = events;
    }

    void create(CreateLogStreamRequest request) {
        store.insertStream(store.group(request.logGroupName()), request.logStreamName());
    }

    void delete(DeleteLogStreamRequest request) {
        StoredGroup group = store.group(request.logGroupName());
        store.deleteStream(group, store.stream(group, request.logStreamName()));
    }

    DescribeLogStreamsResponse describe(DescribeLogStreamsRequest request) {
        StoredGroup group = store.named(request.logGroupName(), request.logGroupIdentifier());
        int limit = request.limit() == null ? PAGE : request.limit();
        String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
        boolean descending = Boolean.TRUE.equals(request.descending());
        boolean byTime = request.orderBy() == OrderBy.LAST_EVENT_TIME;
        if (byTime && !prefix.isEmpty()) {
            throw LogFailures.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        Page<LogStream> page;
        if (byTime || descending) {
            page = sorted(group, prefix, byTime, descending, limit, request.nextToken());
        } else {
            page = pages.page(
                    GroupStore.STREAM,
                    GroupStore.childId(group, prefix),
                    "logs:streams " + group.id() + " " + prefix,
                    record -> {
                        StoredStream stream = StoredStream.read(record);
                        return Optional.of(told(group, stream, events.get().stream(group.id(), stream.key())));
                    },
                    limit,
                    request.nextToken());
        }
        return DescribeLogStreamsResponse.builder()
                .logStreams(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    /** A page of all streams in an order that they are not kept in; a token says how many were told. */
    private Page<LogStream> sorted(
            StoredGroup group, String prefix, boolean byTime, boolean descending, int limit, String token) {
        Map<String, StreamExtent> extents = events.get().streams(group.id());
        List<LogStream> all =
                new java.util.ArrayList<>(pages.all(GroupStore.STREAM, GroupStore.childId(group, prefix), record -> {
                    StoredStream stream = StoredStream.read(record);
                    return told(group, stream, Optional.ofNullable(extents.get(stream.key())));
                }));
        if (byTime) {
            all.sort(Comparator.comparing(
                    LogStream::lastEventTimestamp, Comparator.nullsFirst(Comparator.naturalOrder())));
        }
        if (descending) {
            Collections.reverse(all);
        }
        String list = "logs:streams " + group.id() + " " + prefix + " " + byTime + " " + descending;
        int from = token == null ? 0 : Math.min(all.size(), place(list, token));
        int to = Math.min(all.size(), from + limit);
        return new Page<>(
                all.subList(from, to),
                to == all.size()
                        ? Optional.empty()
                        : Optional.of(tokens.token(list, new Cursor(Instant.EPOCH, "", "", Integer.toString(to)))));
    }

    private int place(String list, String token) {
        try {
            return Integer.parseInt(tokens.place(list, token).id());
        } catch (AwsError foreign) {
            throw LogFailures.invalid("The specified nextToken is invalid.");
        }
    }

    @SuppressWarnings("deprecation") // AWS still answers uploadSequenceToken, and storedBytes as 0.
    private static LogStream told(StoredGroup group, StoredStream stream, Optional<StreamExtent> extent) {
        LogStream.Builder told = LogStream.builder()
                .logStreamName(stream.name())
                .creationTime(stream.createdAt())
                .arn(group.arn() + ":log-stream:" + stream.name())
                .storedBytes(0L);
        extent.ifPresent(known -> told.firstEventTimestamp(known.earliest())
                .lastEventTimestamp(known.latest())
                .lastIngestionTime(known.ingestedAt())
                .uploadSequenceToken(EventWriter.SEQUENCE_TOKEN));
        return told.build();
    }
}
