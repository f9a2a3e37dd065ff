package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.Page;
import dev.outcrop.services.cloudwatchlogs.filter.FilterPattern;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeSubscriptionFiltersRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeSubscriptionFiltersResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.Distribution;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutSubscriptionFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.SubscriptionFilter;

/**
 * Filters whose events go to a Lambda function as they arrive. {@link SubscriptionDeliveries} takes them there. Streams of
 * Kinesis and Firehose are refused as streams are that are not there, since nothing here has any.
 *
 * <p>Source: PutSubscriptionFilter and DescribeSubscriptionFilters of the Amazon CloudWatch Logs API reference.
 */
final class SubscriptionFilters {
    static final String TYPE = "logs:subscription-filter";

    private static final int PAGE = 50;
    private static final int MOST_OF_A_GROUP = 2;

    private final GroupStore store;
    private final Records records;
    private final RecordPages pages;
    private final FunctionCalls functions;
    private final InstantSource clock;
    private final ConcurrentMap<String, List<Compiled>> compiled = new ConcurrentHashMap<>();

    SubscriptionFilters(
            GroupStore store, Records records, RecordPages pages, FunctionCalls functions, InstantSource clock) {
        this.store = store;
        this.records = records;
        this.pages = pages;
        this.functions = functions;
        this.clock = clock;
        records.watch(
                TYPE, key -> compiled.remove(key.id().substring(0, key.id().indexOf('/'))), compiled::clear);
    }

    /** A filter and its pattern. */
    record Compiled(FilterPattern pattern, SubscriptionFilter filter) {}

    void put(PutSubscriptionFilterRequest request) {
        StoredGroup group = store.group(request.logGroupName());
        if (group.isInfrequentAccess()) {
            throw LogFailures.notAllowed(
                    "Subscription filters are not supported for log groups of INFREQUENT_ACCESS class.");
        }
        if (Boolean.TRUE.equals(request.applyOnTransformedLogs())
                || request.fieldSelectionCriteria() != null
                || request.hasEmitSystemFields()) {
            throw LogFailures.notAllowed("Subscription filters on transformed logs are not supported.");
        }
        EventReader.pattern(request.filterPattern());
        RecordKey key = GroupStore.childKey(TYPE, group, request.filterName());
        if (records.get(key).isEmpty() && of(group).size() >= MOST_OF_A_GROUP) {
            throw LogFailures.limit("Resource limit exceeded.");
        }
        reach(group, request.destinationArn());
        SubscriptionFilter filter = SubscriptionFilter.builder()
                .filterName(request.filterName())
                .logGroupName(group.name())
                .filterPattern(request.filterPattern())
                .destinationArn(request.destinationArn())
                .roleArn(request.roleArn())
                .distribution(request.distribution() == null ? Distribution.BY_LOG_STREAM : request.distribution())
                .applyOnTransformedLogs(false)
                .creationTime(clock.millis())
                .build();
        records.write(transaction -> {
            transaction.delete(key);
            transaction.insert(key, group.id(), Optional.empty(), clock.instant(), StoredShapes.write(filter));
            return null;
        });
    }

    /** Makes sure that the destination takes events. */
    private void reach(StoredGroup group, String arn) {
        String[] parts = arn.split(":", 6);
        switch (parts.length == 6 ? parts[2] : "") {
            case "lambda" -> {
                if (!functions.mayCall(group, arn)) {
                    throw LogFailures.invalid("Could not execute the lambda function. Make sure you have given"
                            + " CloudWatch Logs permission to execute your function.");
                }
            }
            case "kinesis" ->
                throw LogFailures.invalid("Could not deliver test message to specified Kinesis stream. Check if the"
                        + " given kinesis stream is in ACTIVE state.");
            case "firehose" ->
                throw LogFailures.invalid("Could not deliver test message to specified Firehose stream. Check if the"
                        + " given Firehose stream is in ACTIVE state.");
            case "logs" ->
                throw LogFailures.invalid("Could not deliver test message to specified destination. Check if the"
                        + " destination is valid.");
            default -> throw LogFailures.invalid("destinationArn is not valid: " + arn);
        }
    }

    /** The filters of a group. */
    List<Compiled> of(StoredGroup group) {
        return compiled.computeIfAbsent(
                group.id(),
                _ ->
                        OwnCalls.call(
                                        group,
                                        () -> pages.all(TYPE, GroupStore.childId(group, ""), SubscriptionFilters::read))
                                .stream()
                                .map(filter -> new Compiled(EventReader.pattern(filter.filterPattern()), filter))
                                .toList());
    }

    private static SubscriptionFilter read(StoredRecord record) {
        return StoredShapes.read(record.body(), SubscriptionFilter::builder);
    }

    void delete(String groupName, String filterName) {
        RecordKey key = GroupStore.childKey(TYPE, store.group(groupName), filterName);
        if (!records.write(transaction -> transaction.delete(key))) {
            throw LogFailures.notFound("The specified subscription filter does not exist.");
        }
    }

    DescribeSubscriptionFiltersResponse describe(DescribeSubscriptionFiltersRequest request) {
        String prefix = request.filterNamePrefix() == null ? "" : request.filterNamePrefix();
        String scope = GroupStore.childId(store.group(request.logGroupName()), prefix);
        Page<SubscriptionFilter> page = pages.page(
                TYPE,
                scope,
                "logs:subscription-filters " + scope,
                record -> Optional.of(read(record)),
                request.limit() == null ? PAGE : request.limit(),
                request.nextToken());
        return DescribeSubscriptionFiltersResponse.builder()
                .subscriptionFilters(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
