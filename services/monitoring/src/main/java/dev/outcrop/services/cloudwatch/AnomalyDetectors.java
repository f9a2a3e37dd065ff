package dev.outcrop.services.cloudwatch;

import static dev.outcrop.services.cloudwatch.CloudWatchErrors.combination;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.invalid;
import static dev.outcrop.services.cloudwatch.CloudWatchErrors.missing;

import dev.outcrop.engines.series.SeasonalModel;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.AnomalyDetector;
import software.amazon.awssdk.services.cloudwatch.model.AnomalyDetectorConfiguration;
import software.amazon.awssdk.services.cloudwatch.model.AnomalyDetectorStateValue;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAnomalyDetectorRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAnomalyDetectorsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAnomalyDetectorsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricMathAnomalyDetector;
import software.amazon.awssdk.services.cloudwatch.model.PutAnomalyDetectorRequest;
import software.amazon.awssdk.services.cloudwatch.model.Range;
import software.amazon.awssdk.services.cloudwatch.model.SingleMetricAnomalyDetector;

/**
 * What models of metrics are told beside the metrics themselves: which time not to learn from, and whose days they follow.
 *
 * <p>Source: PutAnomalyDetector, DescribeAnomalyDetectors and DeleteAnomalyDetector of the Amazon CloudWatch API
 * reference.
 */
@SuppressWarnings("deprecation") // Clients still name the metric in the members that came first.
final class AnomalyDetectors {
    private static final String TYPE = "cloudwatch:anomaly-detector";
    private static final int MOST_TOLD = 100;
    private static final int MOST = 500;

    private final Records records;
    private final SeriesStore store;
    private final Pages pages;
    private final InstantSource clock;

    AnomalyDetectors(Records records, SeriesStore store, Pages pages, InstantSource clock) {
        this.records = records;
        this.store = store;
        this.pages = pages;
        this.clock = clock;
    }

    /** What a model is told. */
    record Settings(ZoneId zone, List<Range> excluded) {
        static final Settings NONE = new Settings(ZoneOffset.UTC, List.of());

        boolean isExcluded(long seconds) {
            return excluded.stream()
                    .anyMatch(range -> seconds >= range.startTime().getEpochSecond()
                            && seconds < range.endTime().getEpochSecond());
        }
    }

    /** What a model of a metric is told. */
    Settings settings(TimeSeries.Origin origin) {
        MetricKey metric = origin.metric();
        SingleMetricAnomalyDetector detector = SingleMetricAnomalyDetector.builder()
                .namespace(metric.namespace())
                .metricName(metric.name())
                .dimensions(metric.dimensionList())
                .stat(origin.statistic().name())
                .build();
        return records.get(new RecordKey(TYPE, metric.account(), metric.region(), id(detector, metric.account())))
                .map(record -> StoredShapes.read(record.body(), AnomalyDetector::builder)
                        .configuration())
                .map(AnomalyDetectors::settings)
                .orElse(Settings.NONE);
    }

    private static Settings settings(AnomalyDetectorConfiguration configuration) {
        return new Settings(
                configuration.metricTimezone() == null ? ZoneOffset.UTC : zone(configuration.metricTimezone()),
                configuration.excludedTimeRanges());
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw invalid("Configuration.MetricTimezone", name);
        }
    }

    void put(PutAnomalyDetectorRequest request) {
        AnomalyDetector.Builder detector = AnomalyDetector.builder()
                .metricCharacteristics(request.metricCharacteristics())
                .configuration(
                        request.configuration() == null
                                ? AnomalyDetectorConfiguration.builder().build()
                                : request.configuration());
        settings(detector.build().configuration());
        if (request.metricMathAnomalyDetector() != null) {
            if (request.singleMetricAnomalyDetector() != null || request.metricName() != null) {
                throw combination(
                        "SingleMetricAnomalyDetector and MetricMathAnomalyDetector cannot be set in the same request.");
            }
            checkQueries(request.metricMathAnomalyDetector());
            detector.metricMathAnomalyDetector(request.metricMathAnomalyDetector());
        } else {
            SingleMetricAnomalyDetector single = single(
                    request.singleMetricAnomalyDetector(),
                    request.namespace(),
                    request.metricName(),
                    request.dimensions(),
                    request.stat());
            detector.singleMetricAnomalyDetector(single)
                    .namespace(single.namespace())
                    .metricName(single.metricName())
                    .dimensions(single.dimensions())
                    .stat(single.stat());
        }
        AnomalyDetector made = detector.build();
        byte[] body = StoredShapes.write(made);
        RecordKey key = key(id(made));
        long present = all().size();
        records.write(transaction -> {
            Optional<StoredRecord> before = transaction.get(key);
            if (before.isPresent()) {
                transaction.update(key, before.get().version(), Optional.empty(), clock.instant(), body);
            } else if (present >= MOST) {
                throw CloudWatchErrors.tooMany("You have reached the limit of " + MOST + " anomaly detectors.");
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            }
            return null;
        });
    }

    private static void checkQueries(MetricMathAnomalyDetector detector) {
        long returned = detector.metricDataQueries().stream()
                .filter(query -> !Boolean.FALSE.equals(query.returnData()))
                .count();
        if (returned != 1) {
            throw invalid("Exactly one of MetricDataQueries must have ReturnData set to true.");
        }
        try {
            for (MetricDataQuery query : detector.metricDataQueries()) {
                if (query.expression() != null) {
                    MathParser.parse(query.expression());
                }
            }
        } catch (InvalidExpressionException malformed) {
            throw invalid(malformed.getMessage());
        }
    }

    private static SingleMetricAnomalyDetector single(
            SingleMetricAnomalyDetector given,
            String namespace,
            String metricName,
            List<Dimension> dimensions,
            String stat) {
        if (given != null && metricName != null) {
            throw combination(
                    "SingleMetricAnomalyDetector cannot be used with Namespace, MetricName, Dimensions or" + " Stat.");
        }
        SingleMetricAnomalyDetector single = given != null
                ? given
                : SingleMetricAnomalyDetector.builder()
                        .namespace(namespace)
                        .metricName(metricName)
                        .dimensions(dimensions)
                        .stat(stat)
                        .build();
        if (single.namespace() == null || single.metricName() == null || single.stat() == null) {
            throw missing("Namespace, MetricName and Stat are required.");
        }
        return single.toBuilder()
                .dimensions(single.dimensions().stream()
                        .sorted(Comparator.comparing(Dimension::name))
                        .toList())
                .build();
    }

    void delete(DeleteAnomalyDetectorRequest request) {
        String id = request.metricMathAnomalyDetector() != null
                ? id(request.metricMathAnomalyDetector())
                : id(
                        single(
                                request.singleMetricAnomalyDetector(),
                                request.namespace(),
                                request.metricName(),
                                request.dimensions(),
                                request.stat()),
                        CallContext.current().account());
        RecordKey key = key(id);
        if (!records.write(transaction -> transaction.delete(key))) {
            throw CloudWatchErrors.notFound("The anomaly detector does not exist.");
        }
    }

    DescribeAnomalyDetectorsResponse describe(DescribeAnomalyDetectorsRequest request) {
        List<String> types =
                request.hasAnomalyDetectorTypes() ? request.anomalyDetectorTypesAsStrings() : List.of("SINGLE_METRIC");
        List<AnomalyDetector> found = all().stream()
                .filter(detector ->
                        types.contains(detector.metricMathAnomalyDetector() == null ? "SINGLE_METRIC" : "METRIC_MATH"))
                .filter(detector ->
                        request.namespace() == null || request.namespace().equals(detector.namespace()))
                .filter(detector ->
                        request.metricName() == null || request.metricName().equals(detector.metricName()))
                .filter(detector ->
                        request.dimensions().isEmpty() || detector.dimensions().containsAll(request.dimensions()))
                .toList();
        int most = request.maxResults() == null ? MOST_TOLD : Math.min(MOST_TOLD, request.maxResults());
        Pages.Slice<AnomalyDetector> page = pages.of(
                "detectors " + types + request.namespace() + " " + request.metricName() + request.dimensions(),
                found,
                most,
                request.nextToken());
        return DescribeAnomalyDetectorsResponse.builder()
                .anomalyDetectors(page.items().stream().map(this::withState).toList())
                .nextToken(page.next())
                .build();
    }

    /** A model is trained when it is asked for, so all that it may lack is something to learn from. */
    private AnomalyDetector withState(AnomalyDetector detector) {
        SingleMetricAnomalyDetector single = detector.singleMetricAnomalyDetector();
        if (single == null) {
            return detector.toBuilder()
                    .stateValue(AnomalyDetectorStateValue.TRAINED)
                    .build();
        }
        CallContext context = CallContext.current();
        MetricKey metric = MetricKey.of(
                context.account(), context.region(), single.namespace(), single.metricName(), single.dimensions());
        long now = clock.instant().getEpochSecond();
        long end = now - Math.floorMod(now, 300L);
        boolean enough = store.read(metric, Optional.empty(), end - AnomalyModels.LEARNED.toSeconds(), end, 60)
                        .size()
                >= SeasonalModel.FEWEST;
        return detector.toBuilder()
                .stateValue(
                        enough
                                ? AnomalyDetectorStateValue.TRAINED
                                : AnomalyDetectorStateValue.TRAINED_INSUFFICIENT_DATA)
                .build();
    }

    private List<AnomalyDetector> all() {
        CallContext context = CallContext.current();
        List<AnomalyDetector> all = new ArrayList<>();
        records.all(TYPE, Optional.of(context.account()))
                .filter(record -> record.key().region().equals(context.region()))
                .forEach(record -> all.add(StoredShapes.read(record.body(), AnomalyDetector::builder)));
        return all;
    }

    private static RecordKey key(String id) {
        CallContext context = CallContext.current();
        return new RecordKey(TYPE, context.account(), context.region(), id);
    }

    private static String id(AnomalyDetector detector) {
        return detector.metricMathAnomalyDetector() != null
                ? id(detector.metricMathAnomalyDetector())
                : id(
                        detector.singleMetricAnomalyDetector(),
                        CallContext.current().account());
    }

    private static String id(SingleMetricAnomalyDetector single, String account) {
        return Fingerprint.of(
                "metric",
                account,
                single.namespace(),
                single.metricName(),
                single.dimensions().toString(),
                single.stat());
    }

    private static String id(MetricMathAnomalyDetector math) {
        return Fingerprint.of("math", math.toString());
    }
}
