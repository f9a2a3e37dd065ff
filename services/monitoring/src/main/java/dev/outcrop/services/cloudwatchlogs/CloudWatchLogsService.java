package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.cloudwatchlogs.insights.InsightsEngine;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.AssociateKmsKeyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.AssociateKmsKeyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CancelExportTaskRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CancelExportTaskResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateExportTaskRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateExportTaskResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteDataProtectionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteDataProtectionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteMetricFilterResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteQueryDefinitionRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteQueryDefinitionResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteSubscriptionFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteSubscriptionFilterResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeExportTasksRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeExportTasksResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeMetricFiltersRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeMetricFiltersResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueriesRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueriesResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueryDefinitionsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeQueryDefinitionsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeResourcePoliciesRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeResourcePoliciesResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeSubscriptionFiltersRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeSubscriptionFiltersResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DisassociateKmsKeyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DisassociateKmsKeyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetDataProtectionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetDataProtectionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogGroupFieldsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogGroupFieldsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogRecordRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogRecordResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetQueryResultsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsForQueryRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsForQueryResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListLogGroupsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ListTagsLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutDataProtectionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutDataProtectionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogGroupDeletionProtectionRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogGroupDeletionProtectionResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutMetricFilterResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutQueryDefinitionRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutQueryDefinitionResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutRetentionPolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutSubscriptionFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutSubscriptionFilterResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartQueryRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartQueryResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.StopQueryRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StopQueryResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TagResourceResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.TestMetricFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.TestMetricFilterResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.UntagResourceResponse;
import software.amazon.awssdk.utils.Lazy;

/** Keeps what programs log, and answers questions about it. */
public final class CloudWatchLogsService implements CloudWatchLogsClient, ProtectedResources {
    private final Lazy<LogStore> events;
    private final GroupStore store;
    private final LogGroups groups;
    private final LogStreams streams;
    private final LogTags tags;
    private final DataProtection protection;
    private final SubscriptionFilters subscriptionFilters;
    private final SubscriptionDeliveries subscriptionDeliveries;
    private final EventWriter writer;
    private final EventReader reader;
    private final MetricFilters metricFilters;
    private final MetricPublisher metricPublisher;
    private final Arrivals arrivals = new Arrivals();
    private final GroupKeys keys;
    private final Lazy<InsightsEngine> insights = new Lazy<>(InsightsEngine::open);
    private final Queries queries;
    private final QueryDefinitions definitions;
    private final GroupFields fields;
    private final ResourcePolicies policies;
    private final ExportTasks exports;
    private final ExportWork exportWork;
    private volatile boolean closing;

    /**
     * CloudWatch Logs.
     *
     * @param folder  where events are kept, this server's alone
     * @param clients reaches KMS, whose keys groups may be under, CloudWatch, which metric filters tell, and S3,
     *                where groups are exported to
     * @param jobs    does the exports
     * @param measured takes what CloudWatch is told of groups
     */
    public CloudWatchLogsService(
            Records records,
            Secrets secrets,
            Tags tags,
            Path folder,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            ServiceMetrics measured,
            InstantSource clock) {
        this(records, secrets, tags, folder, LogStore.Settings.DEFAULT, clients, jobs, measured, clock);
    }

    CloudWatchLogsService(
            Records records,
            Secrets secrets,
            Tags tags,
            Path folder,
            LogStore.Settings settings,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            ServiceMetrics measured,
            InstantSource clock) {
        keys = new GroupKeys(records, secrets, clients, clock);
        events = new Lazy<>(() -> LogStore.open(folder, keys, settings));
        PageTokens tokens = new PageTokens(secrets);
        RecordPages pages = new RecordPages(records, tokens);
        store = new GroupStore(records, clock);
        protection = new DataProtection(store, records, measured, clock);
        this.tags = new LogTags(store, tags);
        groups = new LogGroups(store, pages, events::getValue, this.tags, keys, protection, clock);
        streams = new LogStreams(store, pages, tokens, events::getValue);
        FunctionCalls functions = new FunctionCalls(clients);
        subscriptionFilters = new SubscriptionFilters(store, records, pages, functions, clock);
        subscriptionDeliveries =
                new SubscriptionDeliveries(subscriptionFilters, store, records, keys, functions, measured, clock);
        writer =
                new EventWriter(store, events::getValue, arrivals, protection, subscriptionDeliveries, measured, clock);
        reader = new EventReader(store, events::getValue, keys, protection, tokens, clock);
        metricFilters = new MetricFilters(store, records, pages, clock);
        metricPublisher = new MetricPublisher(metricFilters, records, clients, clock);
        arrivals.add(metricPublisher);
        arrivals.add(new EmbeddedMetrics(clients));
        queries = new Queries(store, events::getValue, insights::getValue, keys, protection, tokens, clock);
        definitions = new QueryDefinitions(records, pages, clock);
        fields = new GroupFields(store, events::getValue, keys, clock);
        policies = new ResourcePolicies(store, records, pages, clock);
        ExportBucket bucket = new ExportBucket(clients);
        exports = new ExportTasks(store, records, pages, bucket, jobs, clock);
        exportWork = new ExportWork(exports, store, events::getValue, keys, protection, bucket, clock);
    }

    /** What it does while nobody calls. */
    public List<Chore> chores() {
        return List.of(
                new Chore("logs-retention", Duration.ofHours(1), _ -> groups.dropExpired()),
                subscriptionDeliveries.chore(),
                new Chore("logs-metric-filters", Duration.ofSeconds(10), _ -> metricPublisher.publish()));
    }

    /** Its jobs, by their kinds. */
    public Map<String, Work> work() {
        return Map.of(ExportWork.KIND, exportWork);
    }

    /** Tells CloudWatch what metric filters have found up to {@code time}. */
    void publishMetrics(long time) {
        metricPublisher.publish(time);
    }

    /** Takes events to where subscription filters want them, once. */
    void deliver() {
        subscriptionDeliveries.run(() -> false);
    }

    /** A live tail that can be run; refused where it is not allowed. */
    LiveTail liveTail(StartLiveTailRequest request) {
        return new LiveTail(request, store, keys);
    }

    /** Runs a live tail until its reader is gone. */
    void run(LiveTail tail, EventSink<StartLiveTailResponseStream> sink) {
        tail.run(sink, arrivals, () -> closing);
    }

    @Override
    public Map<String, String> tags(String arn) {
        int end = arn.indexOf(":log-stream:");
        String group = end < 0 ? arn : arn.substring(0, end);
        return tags.of(group.endsWith(":*") ? group.substring(0, group.length() - 2) : group);
    }

    @Override
    public Optional<ResourcePolicy> resourcePolicy(String arn) {
        return policies.of(arn);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public DescribeResourcePoliciesResponse describeResourcePolicies(DescribeResourcePoliciesRequest request) {
        return policies.describe(request);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        policies.delete(request);
        return DeleteResourcePolicyResponse.builder().build();
    }

    @Override
    public PutSubscriptionFilterResponse putSubscriptionFilter(PutSubscriptionFilterRequest request) {
        subscriptionFilters.put(request);
        return PutSubscriptionFilterResponse.builder().build();
    }

    @Override
    public DescribeSubscriptionFiltersResponse describeSubscriptionFilters(DescribeSubscriptionFiltersRequest request) {
        return subscriptionFilters.describe(request);
    }

    @Override
    public DeleteSubscriptionFilterResponse deleteSubscriptionFilter(DeleteSubscriptionFilterRequest request) {
        subscriptionFilters.delete(request.logGroupName(), request.filterName());
        return DeleteSubscriptionFilterResponse.builder().build();
    }

    @Override
    public PutDataProtectionPolicyResponse putDataProtectionPolicy(PutDataProtectionPolicyRequest request) {
        return protection.put(request);
    }

    @Override
    public GetDataProtectionPolicyResponse getDataProtectionPolicy(GetDataProtectionPolicyRequest request) {
        return protection.get(request.logGroupIdentifier());
    }

    @Override
    public DeleteDataProtectionPolicyResponse deleteDataProtectionPolicy(DeleteDataProtectionPolicyRequest request) {
        protection.delete(request.logGroupIdentifier());
        return DeleteDataProtectionPolicyResponse.builder().build();
    }

    @Override
    public CreateExportTaskResponse createExportTask(CreateExportTaskRequest request) {
        return CreateExportTaskResponse.builder()
                .taskId(exports.create(request))
                .build();
    }

    @Override
    public DescribeExportTasksResponse describeExportTasks(DescribeExportTasksRequest request) {
        return exports.describe(request);
    }

    @Override
    public CancelExportTaskResponse cancelExportTask(CancelExportTaskRequest request) {
        exports.cancel(request.taskId());
        return CancelExportTaskResponse.builder().build();
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
        groups.create(request);
        return CreateLogGroupResponse.builder().build();
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest request) {
        groups.delete(request.logGroupName());
        return DeleteLogGroupResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest request) {
        return groups.describe(request);
    }

    @Override
    public ListLogGroupsResponse listLogGroups(ListLogGroupsRequest request) {
        return groups.list(request);
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest request) {
        groups.putRetention(request);
        return PutRetentionPolicyResponse.builder().build();
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest request) {
        groups.deleteRetention(request.logGroupName());
        return DeleteRetentionPolicyResponse.builder().build();
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(
            PutLogGroupDeletionProtectionRequest request) {
        groups.protect(request.logGroupIdentifier(), request.deletionProtectionEnabled());
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    @Override
    public AssociateKmsKeyResponse associateKmsKey(AssociateKmsKeyRequest request) {
        groups.associateKey(request.logGroupName(), request.resourceIdentifier(), request.kmsKeyId());
        return AssociateKmsKeyResponse.builder().build();
    }

    @Override
    public DisassociateKmsKeyResponse disassociateKmsKey(DisassociateKmsKeyRequest request) {
        groups.disassociateKey(request.logGroupName(), request.resourceIdentifier());
        return DisassociateKmsKeyResponse.builder().build();
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        streams.create(request);
        return CreateLogStreamResponse.builder().build();
    }

    @Override
    public DeleteLogStreamResponse deleteLogStream(DeleteLogStreamRequest request) {
        streams.delete(request);
        return DeleteLogStreamResponse.builder().build();
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(DescribeLogStreamsRequest request) {
        return streams.describe(request);
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        return writer.put(request);
    }

    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest request) {
        return reader.get(request);
    }

    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
        return reader.filter(request);
    }

    @Override
    public PutMetricFilterResponse putMetricFilter(PutMetricFilterRequest request) {
        metricFilters.put(request);
        return PutMetricFilterResponse.builder().build();
    }

    @Override
    public DeleteMetricFilterResponse deleteMetricFilter(DeleteMetricFilterRequest request) {
        metricFilters.delete(request.logGroupName(), request.filterName());
        return DeleteMetricFilterResponse.builder().build();
    }

    @Override
    public DescribeMetricFiltersResponse describeMetricFilters(DescribeMetricFiltersRequest request) {
        return metricFilters.describe(request);
    }

    @Override
    public TestMetricFilterResponse testMetricFilter(TestMetricFilterRequest request) {
        return metricFilters.test(request);
    }

    @Override
    public StartQueryResponse startQuery(StartQueryRequest request) {
        return StartQueryResponse.builder().queryId(queries.start(request)).build();
    }

    @Override
    public GetQueryResultsResponse getQueryResults(GetQueryResultsRequest request) {
        return queries.results(request.queryId());
    }

    @Override
    public ListLogGroupsForQueryResponse listLogGroupsForQuery(ListLogGroupsForQueryRequest request) {
        return ListLogGroupsForQueryResponse.builder()
                .logGroupIdentifiers(queries.groups(request.queryId(), request.nextToken()))
                .build();
    }

    @Override
    public StopQueryResponse stopQuery(StopQueryRequest request) {
        return StopQueryResponse.builder()
                .success(queries.stop(request.queryId()))
                .build();
    }

    @Override
    public DescribeQueriesResponse describeQueries(DescribeQueriesRequest request) {
        return queries.describe(request);
    }

    @Override
    public GetLogRecordResponse getLogRecord(GetLogRecordRequest request) {
        return queries.record(request);
    }

    @Override
    public GetLogGroupFieldsResponse getLogGroupFields(GetLogGroupFieldsRequest request) {
        return fields.get(request);
    }

    @Override
    public PutQueryDefinitionResponse putQueryDefinition(PutQueryDefinitionRequest request) {
        return PutQueryDefinitionResponse.builder()
                .queryDefinitionId(definitions.put(request))
                .build();
    }

    @Override
    public DeleteQueryDefinitionResponse deleteQueryDefinition(DeleteQueryDefinitionRequest request) {
        definitions.delete(request.queryDefinitionId());
        return DeleteQueryDefinitionResponse.builder().success(true).build();
    }

    @Override
    public DescribeQueryDefinitionsResponse describeQueryDefinitions(DescribeQueryDefinitionsRequest request) {
        return definitions.describe(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(tags.existing(request.resourceArn()), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(tags.existing(request.resourceArn()), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(tags.existing(request.resourceArn())))
                .build();
    }

    @Override
    @Deprecated
    public TagLogGroupResponse tagLogGroup(TagLogGroupRequest request) {
        tags.add(store.group(request.logGroupName()).arn(), request.tags());
        return TagLogGroupResponse.builder().build();
    }

    @Override
    @Deprecated
    public UntagLogGroupResponse untagLogGroup(UntagLogGroupRequest request) {
        tags.remove(store.group(request.logGroupName()).arn(), request.tags());
        return UntagLogGroupResponse.builder().build();
    }

    @Override
    @Deprecated
    public ListTagsLogGroupResponse listTagsLogGroup(ListTagsLogGroupRequest request) {
        return ListTagsLogGroupResponse.builder()
                .tags(tags.of(store.group(request.logGroupName()).arn()))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        closing = true;
        queries.close();
        if (insights.hasValue()) {
            insights.getValue().close();
        }
        if (events.hasValue()) {
            events.getValue().close();
        }
    }
}
