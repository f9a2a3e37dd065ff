package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.CancelQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.CancelQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.EventDataStore;
import software.amazon.awssdk.services.cloudtrail.model.GetEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetImportRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetInsightSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetInsightSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetQueryResultsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.ListEventDataStoresRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListEventDataStoresResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListImportFailuresRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListImportFailuresResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListImportsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListImportsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListQueriesRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListQueriesResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.RestoreEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.RestoreEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartEventDataStoreIngestionRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartEventDataStoreIngestionResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartImportRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartQueryRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopEventDataStoreIngestionRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopEventDataStoreIngestionResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopImportRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.UpdateEventDataStoreRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateEventDataStoreResponse;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailResponse;

/** Tells what was called, by whom and when. */
public final class CloudTrailService implements CloudTrailClient, ProtectedResources {
    private static final int MOST_LISTED = 1000;

    private final EventHistory history;
    private final EventIndex index;
    private final Trails trails;
    private final TrailSelectors selectors;
    private final TrailDelivery delivery;
    private final SigningKeys signingKeys;
    private final TaggedResources tagged;
    private final EventDataStores stores;
    private final LakeIngestion ingestion;
    private final Lake lake;
    private final QueryStore queryStore;
    private final Queries queries;
    private final QueryWork queryWork;
    private final Imports imports;
    private final ImportWork importWork;
    private final ResourcePolicies policies;
    private final Pages pages;
    /**
     * CloudTrail.
     *
     * @param journal where the kernel records calls
     * @param kept    how long it keeps them
     * @param folder  where it may keep what it can make anew
     * @param clients reaches the services that trails are delivered by
     * @param jobs    runs queries
     */
    public CloudTrailService(
            Journal journal,
            Duration kept,
            Records records,
            Secrets secrets,
            Tags tags,
            Path folder,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        EventTerms terms = new EventTerms(new ReferencedResources());
        index = new EventIndex(journal, records, terms, kept, clock);
        history = new EventHistory(index, terms, new PageTokens(secrets), clock);
        TrailStore trailStore = new TrailStore(records, clock);
        ResourceTags resourceTags = new ResourceTags(tags);
        TrailDestination destination = new TrailDestination(clients);
        TrailEvents trailEvents = new TrailEvents(journal);
        TrailNotifications notifications = new TrailNotifications(trailStore, clients, clock);
        TrailLogs logs = new TrailLogs(trailStore, trailEvents, clients, clock);
        trails = new Trails(trailStore, destination, notifications, logs, resourceTags, journal, clock);
        selectors = new TrailSelectors(trails, trailStore);
        signingKeys = new SigningKeys(records, secrets, clock);
        delivery = new TrailDelivery(trailStore, trailEvents, notifications, logs, signingKeys, clients, ids, clock);
        EventStores eventStores = new EventStores(records, clock);
        StoreEvents storeEvents = new StoreEvents(journal);
        ImportStore importStore = new ImportStore(records, clock);
        stores = new EventDataStores(eventStores, importStore, destination, resourceTags, journal, ids, clock);
        lake = new Lake(folder, storeEvents);
        ingestion = new LakeIngestion(eventStores, storeEvents, lake, clock);
        queryStore = new QueryStore(records, clock);
        pages = new Pages(
                new PageTokens(secrets),
                "cloudtrail",
                MOST_LISTED,
                () -> InvalidNextTokenException.builder()
                        .message("The provided pagination token is invalid.")
                        .build());
        QueryDelivery queryDelivery = new QueryDelivery(signingKeys, destination, clients, clock);
        queries = new Queries(queryStore, stores, lake, queryDelivery, pages, jobs, ids, clock);
        queryWork = new QueryWork(queryStore, eventStores, lake, queryDelivery, clock);
        imports = new Imports(importStore, stores, pages, jobs, ids, clock);
        importWork = new ImportWork(importStore, eventStores, storeEvents, clients, clock);
        policies = new ResourcePolicies(eventStores, records, clock);
        tagged = new TaggedResources(trails, stores, resourceTags);
    }

    /** What it does while nobody calls. */
    public List<Chore> chores() {
        Chore old = new Chore("cloudtrail-queries", Duration.ofHours(1), _ -> queryStore.drop());
        return List.of(index.chore(), delivery.chore(), ingestion.chore(), old);
    }

    /** Its jobs, by their kinds. */
    public Map<String, Work> work() {
        return Map.of(QueryWork.KIND, queryWork, ImportWork.KIND, importWork);
    }

    /** Copies into event data stores what was called. */
    void ingest(BooleanSupplier ending) {
        ingestion.run(ending);
    }

    /** Delivers what trails have logged now. */
    void deliver(BooleanSupplier ending) {
        delivery.run(ending);
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return switch (request) {
            case StartQueryRequest query -> queries.arns(query);
            case DescribeQueryRequest query when query.queryId() != null -> queries.arns(query.queryId());
            case GetQueryResultsRequest query -> queries.arns(query.queryId());
            default -> named;
        };
    }

    @Override
    public Optional<String> policy(String arn) {
        return policies.of(arn);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tagged.of(arn);
    }

    @Override
    public LookupEventsResponse lookupEvents(LookupEventsRequest request) {
        return history.lookup(request);
    }

    @Override
    public CreateTrailResponse createTrail(CreateTrailRequest request) {
        return trails.create(request);
    }

    @Override
    public UpdateTrailResponse updateTrail(UpdateTrailRequest request) {
        return trails.update(request);
    }

    @Override
    public DeleteTrailResponse deleteTrail(DeleteTrailRequest request) {
        trails.delete(request.name());
        return DeleteTrailResponse.builder().build();
    }

    @Override
    public GetTrailResponse getTrail(GetTrailRequest request) {
        return GetTrailResponse.builder().trail(trails.get(request.name())).build();
    }

    @Override
    public DescribeTrailsResponse describeTrails(DescribeTrailsRequest request) {
        return DescribeTrailsResponse.builder()
                .trailList(trails.describe(request))
                .build();
    }

    @Override
    public ListTrailsResponse listTrails(ListTrailsRequest request) {
        return ListTrailsResponse.builder().trails(trails.list()).build();
    }

    @Override
    public StartLoggingResponse startLogging(StartLoggingRequest request) {
        trails.startLogging(request.name());
        return StartLoggingResponse.builder().build();
    }

    @Override
    public StopLoggingResponse stopLogging(StopLoggingRequest request) {
        trails.stopLogging(request.name());
        return StopLoggingResponse.builder().build();
    }

    @Override
    public GetTrailStatusResponse getTrailStatus(GetTrailStatusRequest request) {
        return trails.status(request.name());
    }

    @Override
    public PutEventSelectorsResponse putEventSelectors(PutEventSelectorsRequest request) {
        return selectors.put(request);
    }

    @Override
    public GetEventSelectorsResponse getEventSelectors(GetEventSelectorsRequest request) {
        return selectors.get(request.trailName());
    }

    @Override
    public CreateEventDataStoreResponse createEventDataStore(CreateEventDataStoreRequest request) {
        return stores.create(request);
    }

    @Override
    public GetEventDataStoreResponse getEventDataStore(GetEventDataStoreRequest request) {
        return stores.get(request.eventDataStore());
    }

    @Override
    public ListEventDataStoresResponse listEventDataStores(ListEventDataStoresRequest request) {
        Pages.Slice<EventDataStore> page =
                pages.of("cloudtrail:event-data-stores", stores.list(), request.maxResults(), request.nextToken());
        return ListEventDataStoresResponse.builder()
                .eventDataStores(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public UpdateEventDataStoreResponse updateEventDataStore(UpdateEventDataStoreRequest request) {
        return stores.update(request);
    }

    @Override
    public DeleteEventDataStoreResponse deleteEventDataStore(DeleteEventDataStoreRequest request) {
        stores.delete(request.eventDataStore());
        return DeleteEventDataStoreResponse.builder().build();
    }

    @Override
    public RestoreEventDataStoreResponse restoreEventDataStore(RestoreEventDataStoreRequest request) {
        return stores.restore(request.eventDataStore());
    }

    @Override
    public StartEventDataStoreIngestionResponse startEventDataStoreIngestion(
            StartEventDataStoreIngestionRequest request) {
        stores.startIngestion(request.eventDataStore());
        return StartEventDataStoreIngestionResponse.builder().build();
    }

    @Override
    public StopEventDataStoreIngestionResponse stopEventDataStoreIngestion(StopEventDataStoreIngestionRequest request) {
        stores.stopIngestion(request.eventDataStore());
        return StopEventDataStoreIngestionResponse.builder().build();
    }

    @Override
    public StartQueryResponse startQuery(StartQueryRequest request) {
        return queries.start(request);
    }

    @Override
    public DescribeQueryResponse describeQuery(DescribeQueryRequest request) {
        return queries.describe(request);
    }

    @Override
    public GetQueryResultsResponse getQueryResults(GetQueryResultsRequest request) {
        return queries.results(request);
    }

    @Override
    public CancelQueryResponse cancelQuery(CancelQueryRequest request) {
        return queries.cancel(request);
    }

    @Override
    public ListQueriesResponse listQueries(ListQueriesRequest request) {
        return queries.list(request);
    }

    @Override
    public StartImportResponse startImport(StartImportRequest request) {
        return imports.start(request);
    }

    @Override
    public GetImportResponse getImport(GetImportRequest request) {
        return imports.get(request.importId());
    }

    @Override
    public StopImportResponse stopImport(StopImportRequest request) {
        return imports.stop(request.importId());
    }

    @Override
    public ListImportsResponse listImports(ListImportsRequest request) {
        return imports.list(request);
    }

    @Override
    public ListImportFailuresResponse listImportFailures(ListImportFailuresRequest request) {
        return imports.failures(request);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        policies.put(request);
        return PutResourcePolicyResponse.builder()
                .resourceArn(request.resourceArn())
                .resourcePolicy(request.resourcePolicy())
                .build();
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest request) {
        return GetResourcePolicyResponse.builder()
                .resourceArn(request.resourceArn())
                .resourcePolicy(policies.get(request.resourceArn()))
                .build();
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        policies.delete(request.resourceArn());
        return DeleteResourcePolicyResponse.builder().build();
    }

    @Override
    public GetInsightSelectorsResponse getInsightSelectors(GetInsightSelectorsRequest request) {
        if (request.trailName() == null || request.eventDataStore() != null) {
            throw AwsError.notImplemented("cloudtrail", "GetInsightSelectors of event data stores");
        }
        throw selectors.noInsights(request.trailName());
    }

    @Override
    public ListPublicKeysResponse listPublicKeys(ListPublicKeysRequest request) {
        return ListPublicKeysResponse.builder()
                .publicKeyList(signingKeys.list(request, CallContext.current().region()))
                .build();
    }

    @Override
    public AddTagsResponse addTags(AddTagsRequest request) {
        tagged.add(request);
        return AddTagsResponse.builder().build();
    }

    @Override
    public RemoveTagsResponse removeTags(RemoveTagsRequest request) {
        tagged.remove(request);
        return RemoveTagsResponse.builder().build();
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest request) {
        return ListTagsResponse.builder().resourceTagList(tagged.list(request)).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        lake.close();
    }
}
