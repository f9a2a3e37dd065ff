package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStreamResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricStreamsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricStreamsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricStreamEntry;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricStreamRequest;

/**
 * The settings of metric streams. Nothing is delivered, since there is no Firehose: a stream is always stopped, and to
 * start one is not implemented.
 *
 * <p>Source: PutMetricStream of the Amazon CloudWatch API reference.
 */
final class MetricStreams {
    private static final String TYPE = "cloudwatch:metric-stream";
    private static final int MOST_TOLD = 500;
    private static final int MOST_FILTERS = 1000;
    private static final String STOPPED = "stopped";

    private final Records records;
    private final ResourceTags tags;
    private final Pages pages;
    private final InstantSource clock;

    MetricStreams(Records records, ResourceTags tags, Pages pages, InstantSource clock) {
        this.records = records;
        this.tags = tags;
        this.pages = pages;
        this.clock = clock;
    }

    String put(PutMetricStreamRequest request) {
        if (!request.includeFilters().isEmpty() && !request.excludeFilters().isEmpty()) {
            throw CloudWatchErrors.exclusive("IncludeFilters", "ExcludeFilters");
        }
        if (request.includeFilters().size() + request.excludeFilters().size() > MOST_FILTERS) {
            throw CloudWatchErrors.invalid("A metric stream may have at most " + MOST_FILTERS + " filters.");
        }
        Map<String, String> checked = ResourceTags.checked(request.tags());
        String arn = arn(request.name());
        RecordKey key = key(request.name());
        Instant now = clock.instant();
        boolean fresh = records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            GetMetricStreamResponse stream = GetMetricStreamResponse.builder()
                    .arn(arn)
                    .name(request.name())
                    .includeFilters(request.includeFilters())
                    .excludeFilters(request.excludeFilters())
                    .firehoseArn(request.firehoseArn())
                    .roleArn(request.roleArn())
                    .state(STOPPED)
                    .creationDate(present.map(StoredRecord::createdAt).orElse(now))
                    .lastUpdateDate(now)
                    .outputFormat(request.outputFormat())
                    .statisticsConfigurations(request.statisticsConfigurations())
                    .includeLinkedAccountsMetrics(request.includeLinkedAccountsMetrics())
                    .build();
            if (present.isEmpty()) {
                transaction.insert(key, "", Optional.empty(), now, StoredShapes.write(stream));
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), now, StoredShapes.write(stream));
            }
            return present.isEmpty();
        });
        if (fresh) {
            tags.set(arn, checked);
        }
        return arn;
    }

    GetMetricStreamResponse get(String name) {
        return records.get(key(name))
                .map(MetricStreams::read)
                .orElseThrow(() -> CloudWatchErrors.notFound("Metric stream " + name + " does not exist."));
    }

    boolean exists(String arn) {
        String own = arn("");
        return arn.startsWith(own)
                && records.get(key(arn.substring(own.length()))).isPresent();
    }

    ListMetricStreamsResponse list(ListMetricStreamsRequest request) {
        CallContext context = CallContext.current();
        List<GetMetricStreamResponse> all = records.all(TYPE, Optional.of(context.account()))
                .filter(record -> record.key().region().equals(context.region()))
                .map(MetricStreams::read)
                .toList();
        int most = request.maxResults() == null ? MOST_TOLD : request.maxResults();
        Pages.Slice<GetMetricStreamResponse> page = pages.of("streams", all, most, request.nextToken());
        return ListMetricStreamsResponse.builder()
                .entries(page.items().stream()
                        .map(stream -> MetricStreamEntry.builder()
                                .arn(stream.arn())
                                .name(stream.name())
                                .creationDate(stream.creationDate())
                                .lastUpdateDate(stream.lastUpdateDate())
                                .firehoseArn(stream.firehoseArn())
                                .state(stream.state())
                                .outputFormat(stream.outputFormat())
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    /** Stops streams, which they are already. */
    void stop(List<String> names) {
        names.forEach(this::get);
    }

    void delete(String name) {
        RecordKey key = key(name);
        if (records.write(transaction -> transaction.delete(key))) {
            tags.removeAll(arn(name));
        }
    }

    private static GetMetricStreamResponse read(StoredRecord record) {
        return StoredShapes.read(record.body(), GetMetricStreamResponse::builder);
    }

    private static RecordKey key(String name) {
        CallContext context = CallContext.current();
        return new RecordKey(TYPE, context.account(), context.region(), name);
    }

    private static String arn(String name) {
        CallContext context = CallContext.current();
        return "arn:aws:cloudwatch:" + context.region() + ":" + context.account() + ":metric-stream/" + name;
    }
}
