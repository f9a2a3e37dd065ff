package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.Tags;
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
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingRequest;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailResponse;

/** Tells what was called, by whom and when. */
public final class CloudTrailService implements CloudTrailClient, ProtectedResources {
    private final EventHistory history;
    private final EventIndex index;
    private final Trails trails;
    private final TrailSelectors selectors;
    private final TrailDelivery delivery;
    private final SigningKeys signingKeys;
    private final TaggedResources tagged;

    /**
     * CloudTrail.
     *
     * @param journal where the kernel records calls
     * @param kept    how long it keeps them
     * @param clients reaches the services that trails are delivered by
     */
    public CloudTrailService(
            Journal journal,
            Duration kept,
            Records records,
            Secrets secrets,
            Tags tags,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        EventTerms terms = new EventTerms(new ReferencedResources());
        index = new EventIndex(journal, records, terms, kept, clock);
        history = new EventHistory(index, terms, new PageTokens(secrets), clock);
        TrailStore trailStore = new TrailStore(records, clock);
        ResourceTags resourceTags = new ResourceTags(tags);
        trails = new Trails(trailStore, new TrailDestination(clients), resourceTags, journal, clock);
        selectors = new TrailSelectors(trails, trailStore);
        signingKeys = new SigningKeys(records, secrets, clock);
        delivery = new TrailDelivery(trailStore, journal, signingKeys, clients, ids, clock);
        tagged = new TaggedResources(trails, resourceTags);
    }

    /** What it does while nobody calls. */
    public List<Chore> chores() {
        return List.of(index.chore(), delivery.chore());
    }

    /** Delivers what trails have logged now. */
    void deliver(BooleanSupplier ending) {
        delivery.run(ending);
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
        // Nothing is held that outlives a call.
    }
}
