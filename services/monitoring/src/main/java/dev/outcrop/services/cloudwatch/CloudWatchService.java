package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAnomalyDetectorRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAnomalyDetectorResponse;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DeleteMetricStreamRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteMetricStreamResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAnomalyDetectorsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAnomalyDetectorsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DisableAlarmActionsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DisableAlarmActionsResponse;
import software.amazon.awssdk.services.cloudwatch.model.EnableAlarmActionsRequest;
import software.amazon.awssdk.services.cloudwatch.model.EnableAlarmActionsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStreamRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStreamResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListDashboardsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricStreamsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricStreamsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListMetricsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutAnomalyDetectorRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutAnomalyDetectorResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutDashboardResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricStreamRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricStreamResponse;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateRequest;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateResponse;
import software.amazon.awssdk.services.cloudwatch.model.StopMetricStreamsRequest;
import software.amazon.awssdk.services.cloudwatch.model.StopMetricStreamsResponse;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatch.model.UntagResourceResponse;

/** Keeps what is measured, and tells when it is not as it should be. */
public final class CloudWatchService implements CloudWatchClient, ProtectedResources {
    private static final int MOST_LISTED = 500;

    private final SeriesStore store;
    private final MetricWrites writes;
    private final MetricReads reads;
    private final MetricQueries queries;
    private final AnomalyDetectors detectors;
    private final Alarms alarms;
    private final AlarmWatch watch;
    private final AlarmHistory history;
    private final Dashboards dashboards;
    private final MetricStreams streams;
    private final ResourceTags tags;
    private final HouseMetrics house;

    /**
     * CloudWatch.
     *
     * @param journal      keeps what is measured until it is in blocks, and where the kernel records calls
     * @param clients      reaches what alarms tell
     * @param events       takes what alarms publish
     * @param serviceNames what the services of the house go by in metrics, by their ids
     */
    public CloudWatchService(
            Journal journal,
            Records records,
            Secrets secrets,
            Tags allTags,
            Supplier<Clients> clients,
            ServiceEvents events,
            UnaryOperator<String> serviceNames,
            InstantSource clock) {
        PageTokens tokens = new PageTokens(secrets);
        Pages pages = new Pages(
                tokens,
                "cloudwatch",
                MOST_LISTED,
                () -> InvalidNextTokenException.builder()
                        .message("The provided next token is not valid.")
                        .build());
        store = new SeriesStore(journal, records, clock);
        writes = new MetricWrites(store, clock);
        reads = new MetricReads(store, pages, clock);
        detectors = new AnomalyDetectors(records, store, pages, clock);
        AnomalyModels models = new AnomalyModels(store, detectors, clock);
        queries = new MetricQueries(store, models, pages, clock);
        tags = new ResourceTags(allTags);
        AlarmStore alarmStore = new AlarmStore(records);
        AlarmActions actions = new AlarmActions(records, alarmStore, clients, clock);
        watch = new AlarmWatch(alarmStore, new AlarmEvaluator(store, models), actions, events, clock);
        alarms = new Alarms(alarmStore, watch, tags, pages, clock);
        history = new AlarmHistory(records, tokens, clock);
        dashboards = new Dashboards(records, pages, clock);
        streams = new MetricStreams(records, tags, pages, clock);
        house = new HouseMetrics(journal, store, serviceNames, clock);
    }

    /** What it does while nobody calls. */
    public List<Chore> chores() {
        return List.of(
                new Chore("cloudwatch-alarms", Duration.ofSeconds(10), watch::run),
                new Chore("cloudwatch-house", Duration.ofMinutes(1), house::run),
                new Chore("cloudwatch-retention", Duration.ofHours(1), _ -> {
                    store.dropOld();
                    history.dropOld();
                }));
    }

    /** Looks at the alarms that are due. */
    void watch(BooleanSupplier ending) {
        watch.run(ending);
    }

    /** Counts the calls that were recorded. */
    void countCalls() {
        house.run(() -> false);
    }

    /** Writes what is in memory only, though the journal has it, too. */
    void flush() {
        store.store();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.of(arn);
    }

    /** {@code arn} itself, if there is such an alarm or stream. */
    private String existing(String arn) {
        if (alarms.find(arn).isEmpty() && !streams.exists(arn)) {
            throw CloudWatchErrors.notFound("The resource " + arn + " does not exist.");
        }
        return arn;
    }

    @Override
    public DeleteAlarmsResponse deleteAlarms(DeleteAlarmsRequest request) {
        alarms.delete(request);
        return DeleteAlarmsResponse.builder().build();
    }

    @Override
    public DeleteAnomalyDetectorResponse deleteAnomalyDetector(DeleteAnomalyDetectorRequest request) {
        detectors.delete(request);
        return DeleteAnomalyDetectorResponse.builder().build();
    }

    @Override
    public DeleteDashboardsResponse deleteDashboards(DeleteDashboardsRequest request) {
        dashboards.delete(request.dashboardNames());
        return DeleteDashboardsResponse.builder().build();
    }

    @Override
    public DeleteMetricStreamResponse deleteMetricStream(DeleteMetricStreamRequest request) {
        streams.delete(request.name());
        return DeleteMetricStreamResponse.builder().build();
    }

    @Override
    public DescribeAlarmHistoryResponse describeAlarmHistory(DescribeAlarmHistoryRequest request) {
        return history.describe(request);
    }

    @Override
    public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
        return alarms.describe(request);
    }

    @Override
    public DescribeAlarmsForMetricResponse describeAlarmsForMetric(DescribeAlarmsForMetricRequest request) {
        return alarms.describeForMetric(request);
    }

    @Override
    public DescribeAnomalyDetectorsResponse describeAnomalyDetectors(DescribeAnomalyDetectorsRequest request) {
        return detectors.describe(request);
    }

    @Override
    public DisableAlarmActionsResponse disableAlarmActions(DisableAlarmActionsRequest request) {
        alarms.enableActions(request.alarmNames(), false);
        return DisableAlarmActionsResponse.builder().build();
    }

    @Override
    public EnableAlarmActionsResponse enableAlarmActions(EnableAlarmActionsRequest request) {
        alarms.enableActions(request.alarmNames(), true);
        return EnableAlarmActionsResponse.builder().build();
    }

    @Override
    public GetDashboardResponse getDashboard(GetDashboardRequest request) {
        return dashboards.get(request.dashboardName());
    }

    @Override
    public GetMetricDataResponse getMetricData(GetMetricDataRequest request) {
        return queries.data(request);
    }

    @Override
    public GetMetricStatisticsResponse getMetricStatistics(GetMetricStatisticsRequest request) {
        return reads.statistics(request);
    }

    @Override
    public GetMetricStreamResponse getMetricStream(GetMetricStreamRequest request) {
        return streams.get(request.name());
    }

    @Override
    public ListDashboardsResponse listDashboards(ListDashboardsRequest request) {
        return dashboards.list(request);
    }

    @Override
    public ListMetricStreamsResponse listMetricStreams(ListMetricStreamsRequest request) {
        return streams.list(request);
    }

    @Override
    public ListMetricsResponse listMetrics(ListMetricsRequest request) {
        return reads.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.list(existing(request.resourceARN())))
                .build();
    }

    @Override
    public PutAnomalyDetectorResponse putAnomalyDetector(PutAnomalyDetectorRequest request) {
        detectors.put(request);
        return PutAnomalyDetectorResponse.builder().build();
    }

    @Override
    public PutCompositeAlarmResponse putCompositeAlarm(PutCompositeAlarmRequest request) {
        alarms.put(request);
        return PutCompositeAlarmResponse.builder().build();
    }

    @Override
    public PutDashboardResponse putDashboard(PutDashboardRequest request) {
        return dashboards.put(request);
    }

    @Override
    public PutMetricAlarmResponse putMetricAlarm(PutMetricAlarmRequest request) {
        alarms.put(request);
        return PutMetricAlarmResponse.builder().build();
    }

    @Override
    public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
        writes.put(request);
        return PutMetricDataResponse.builder().build();
    }

    @Override
    public PutMetricStreamResponse putMetricStream(PutMetricStreamRequest request) {
        return PutMetricStreamResponse.builder().arn(streams.put(request)).build();
    }

    @Override
    public SetAlarmStateResponse setAlarmState(SetAlarmStateRequest request) {
        alarms.setState(request);
        return SetAlarmStateResponse.builder().build();
    }

    @Override
    public StopMetricStreamsResponse stopMetricStreams(StopMetricStreamsRequest request) {
        streams.stop(request.names());
        return StopMetricStreamsResponse.builder().build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.set(existing(request.resourceARN()), ResourceTags.checked(request.tags()));
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(existing(request.resourceARN()), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        store.close();
    }
}
