package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.Page;
import dev.outcrop.services.cloudwatchlogs.filter.FilterPattern;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeMetricFiltersRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeMetricFiltersResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilter;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricFilterMatchRecord;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TestMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TestMetricFilterResponse;

/**
 * Filters that turn events into metrics. {@link MetricPublisher} does so.
 *
 * <p>Source: PutMetricFilter, DescribeMetricFilters and TestMetricFilter of the Amazon CloudWatch Logs API reference.
 */
final class MetricFilters {
    static final String TYPE = "logs:metric-filter";

    private static final int PAGE = 50;
    private static final int MOST_OF_A_GROUP = 100;
    private static final int MOST_DIMENSIONS = 3;

    private final GroupStore store;
    private final Records records;
    private final RecordPages pages;
    private final InstantSource clock;

    MetricFilters(GroupStore store, Records records, RecordPages pages, InstantSource clock) {
        this.store = store;
        this.records = records;
        this.pages = pages;
        this.clock = clock;
    }

    void put(PutMetricFilterRequest request) {
        StoredGroup group = store.group(request.logGroupName());
        if (group.isInfrequentAccess()) {
            throw LogFailures.notAllowed("Metric filters are not supported for log groups of INFREQUENT_ACCESS class.");
        }
        if (Boolean.TRUE.equals(request.applyOnTransformedLogs())
                || request.fieldSelectionCriteria() != null
                || request.hasEmitSystemFieldDimensions()) {
            throw LogFailures.notAllowed("Metric filters on transformed logs are not supported.");
        }
        EventReader.pattern(request.filterPattern());
        request.metricTransformations().forEach(MetricFilters::check);
        RecordKey key = GroupStore.childKey(TYPE, group, request.filterName());
        long now = clock.millis();
        MetricFilter filter = MetricFilter.builder()
                .filterName(request.filterName())
                .filterPattern(request.filterPattern())
                .metricTransformations(request.metricTransformations())
                .creationTime(now)
                .logGroupName(group.name())
                .applyOnTransformedLogs(false)
                .build();
        boolean room = records.get(key).isPresent() || of(group).size() < MOST_OF_A_GROUP;
        if (!room) {
            throw LogFailures.limit("Resource limit exceeded.");
        }
        records.write(transaction -> {
            transaction.delete(key);
            transaction.insert(key, group.id(), Optional.empty(), clock.instant(), StoredShapes.write(filter));
            return null;
        });
    }

    private static void check(MetricTransformation transformation) {
        String value = transformation.metricValue();
        if (!value.startsWith("$")) {
            try {
                Double.parseDouble(value);
            } catch (NumberFormatException none) {
                throw LogFailures.invalid(
                        "Invalid metric transformation: metricValue is neither a number nor a field.");
            }
        }
        if (transformation.hasDimensions()) {
            if (transformation.dimensions().size() > MOST_DIMENSIONS) {
                throw LogFailures.invalid("Invalid metric transformation: a metric filter has at most "
                        + MOST_DIMENSIONS + " dimensions.");
            }
            if (!transformation.dimensions().isEmpty() && transformation.defaultValue() != null) {
                throw LogFailures.invalid(
                        "Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
            }
        }
    }

    /** The filters of a group. */
    List<MetricFilter> of(StoredGroup group) {
        return OwnCalls.call(group, () -> pages.all(TYPE, GroupStore.childId(group, ""), MetricFilters::read));
    }

    private static MetricFilter read(StoredRecord record) {
        return StoredShapes.read(record.body(), MetricFilter::builder);
    }

    void delete(String groupName, String filterName) {
        RecordKey key = GroupStore.childKey(TYPE, store.group(groupName), filterName);
        if (!records.write(transaction -> transaction.delete(key))) {
            throw LogFailures.notFound("The specified metric filter does not exist.");
        }
    }

    DescribeMetricFiltersResponse describe(DescribeMetricFiltersRequest request) {
        if ((request.metricName() == null) != (request.metricNamespace() == null)) {
            throw LogFailures.invalid("metricName and metricNamespace must be specified together.");
        }
        String prefix = request.filterNamePrefix() == null ? "" : request.filterNamePrefix();
        if (request.logGroupName() == null && !prefix.isEmpty()) {
            throw LogFailures.invalid("filterNamePrefix needs logGroupName.");
        }
        String scope =
                request.logGroupName() == null ? "" : GroupStore.childId(store.group(request.logGroupName()), prefix);
        Page<MetricFilter> page = pages.page(
                TYPE,
                scope,
                "logs:metric-filters " + scope + " " + request.metricNamespace() + " " + request.metricName(),
                record -> Optional.of(read(record)).filter(filter -> isWanted(filter, request)),
                request.limit() == null ? PAGE : request.limit(),
                request.nextToken());
        return DescribeMetricFiltersResponse.builder()
                .metricFilters(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static boolean isWanted(MetricFilter filter, DescribeMetricFiltersRequest request) {
        return request.metricName() == null
                || filter.metricTransformations().stream()
                        .anyMatch(transformation -> transformation.metricName().equals(request.metricName())
                                && transformation.metricNamespace().equals(request.metricNamespace()));
    }

    TestMetricFilterResponse test(TestMetricFilterRequest request) {
        FilterPattern pattern = EventReader.pattern(request.filterPattern());
        List<MetricFilterMatchRecord> matches = new ArrayList<>();
        for (int i = 0; i < request.logEventMessages().size(); i++) {
            String message = request.logEventMessages().get(i);
            if (pattern.matches(message)) {
                matches.add(MetricFilterMatchRecord.builder()
                        .eventNumber(i + 1L)
                        .eventMessage(message)
                        .extractedValues(pattern.extracted(message))
                        .build());
            }
        }
        return TestMetricFilterResponse.builder().matches(matches).build();
    }
}
