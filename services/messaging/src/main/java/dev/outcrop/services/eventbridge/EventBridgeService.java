package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.CancelReplayRequest;
import software.amazon.awssdk.services.eventbridge.model.CancelReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.CreateApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.CreateArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeauthorizeConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.DeauthorizeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ListApiDestinationsRequest;
import software.amazon.awssdk.services.eventbridge.model.ListApiDestinationsResponse;
import software.amazon.awssdk.services.eventbridge.model.ListArchivesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListArchivesResponse;
import software.amazon.awssdk.services.eventbridge.model.ListConnectionsRequest;
import software.amazon.awssdk.services.eventbridge.model.ListConnectionsResponse;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesResponse;
import software.amazon.awssdk.services.eventbridge.model.ListReplaysRequest;
import software.amazon.awssdk.services.eventbridge.model.ListReplaysResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRulesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutPermissionRequest;
import software.amazon.awssdk.services.eventbridge.model.PutPermissionResponse;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemovePermissionRequest;
import software.amazon.awssdk.services.eventbridge.model.RemovePermissionResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.StartReplayRequest;
import software.amazon.awssdk.services.eventbridge.model.StartReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.TagResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.TagResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.TestEventPatternRequest;
import software.amazon.awssdk.services.eventbridge.model.TestEventPatternResponse;
import software.amazon.awssdk.services.eventbridge.model.UntagResourceRequest;
import software.amazon.awssdk.services.eventbridge.model.UntagResourceResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateArchiveRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateEventBusResponse;

/** Takes events and gives them to whoever asked for them. */
public final class EventBridgeService implements EventBridgeClient, ProtectedResources {
    private static final int MOST_LISTED = 100;

    private final EventBuses buses;
    private final BusPermissions permissions;
    private final Rules rules;
    private final Targets targets;
    private final SentEvents sent;
    private final Deliveries deliveries;
    private final PublishedEvents published;
    private final RecordedCalls recorded;
    private final ScheduledRules schedules;
    private final ArchivedEvents archived;
    private final Archives archives;
    private final Replays replays;
    private final ReplayWork replayWork;
    private final Connections connections;
    private final ApiDestinations destinations;
    private final TaggedResources tagged;
    private final HttpCalls http = new HttpCalls();

    /**
     * EventBridge.
     *
     * @param journal       where the kernel records calls
     * @param serviceEvents what the services of the house publish
     * @param clients       reaches targets
     * @param rights        says which roles may call API destinations
     * @param jobs          runs replays
     * @param measured      takes what CloudWatch is told
     */
    public EventBridgeService(
            Records records,
            Journal journal,
            Secrets secrets,
            ServiceEvents serviceEvents,
            Supplier<Clients> clients,
            RoleRights rights,
            Supplier<Jobs> jobs,
            ServiceMetrics measured,
            Ids ids,
            InstantSource clock) {
        PageTokens pageTokens = new PageTokens(secrets);
        ResourceStore store = new ResourceStore(records, pageTokens, clock);
        Pages pages = new Pages(
                pageTokens,
                "events",
                MOST_LISTED,
                () -> AwsError.validation("The provided pagination token is invalid"));
        ResourceTags tags = new ResourceTags(store.tags());
        RuleStore ruleStore = new RuleStore(records, serviceEvents, clock);
        buses = new EventBuses(store, records, ruleStore, tags, clock);
        permissions = new BusPermissions(buses);
        rules = new Rules(ruleStore, buses, tags, pages);
        targets = new Targets(rules, pages);
        tagged = new TaggedResources(buses, ruleStore, tags);
        OAuthTokens tokens = new OAuthTokens(http, clock);
        ConnectionSecrets connectionSecrets = new ConnectionSecrets(clients, ids);
        connections = new Connections(store, records, connectionSecrets, tokens, ids, clock);
        destinations = new ApiDestinations(store, records, connections, ids, clock);
        ApiCalls apiCalls = new ApiCalls(destinations, connections, connectionSecrets, tokens, http, rights);
        EventMetrics metrics = new EventMetrics(measured);
        EventKeys keys = new EventKeys(clients, clock);
        deliveries = new Deliveries(
                records, new TargetCalls(clients, apiCalls), new DeadLetters(clients), buses, keys, metrics, clock);
        archived = new ArchivedEvents(records, ruleStore, keys, clock);
        Routing routing = new Routing(records, ruleStore);
        Intake intake = new Intake(records, routing, deliveries, archived, metrics, clock);
        sent = new SentEvents(buses, intake, metrics, ids, clock);
        published = new PublishedEvents(serviceEvents, intake);
        recorded =
                new RecordedCalls(journal, records, serviceEvents, routing, intake, new Trails(clients, clock), clock);
        schedules = new ScheduledRules(records, ruleStore, intake, ids, clock);
        archives = new Archives(store, ruleStore, buses, archived, clock);
        replays = new Replays(store, ruleStore, jobs, clock);
        replayWork = new ReplayWork(records, archived, intake, clock);
    }

    /** What it does while nobody calls. */
    public List<Chore> chores() {
        return List.of(deliveries.chore(), published.chore(), recorded.chore(), schedules.chore(), archived.chore());
    }

    /** Its jobs, by their kinds. */
    public Map<String, Work> work() {
        return Map.of(ReplayWork.KIND, replayWork);
    }

    /** Does once all that its chores do. */
    void look(BooleanSupplier ending) {
        published.run(ending);
        recorded.run(ending);
        schedules.run(ending);
        archived.run(ending);
        deliveries.run(ending);
    }

    /** How many events have not been delivered yet. */
    long waiting() {
        return deliveries.waiting();
    }

    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return NamedResources.of(request).orElse(named);
    }

    @Override
    public Optional<String> policy(String arn) {
        return arn.contains(":event-bus/") ? buses.policy(arn) : Optional.empty();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tagged.of(arn);
    }

    @Override
    public CancelReplayResponse cancelReplay(CancelReplayRequest request) {
        return replays.cancel(request.replayName());
    }

    @Override
    public CreateApiDestinationResponse createApiDestination(CreateApiDestinationRequest request) {
        return destinations.create(request);
    }

    @Override
    public CreateArchiveResponse createArchive(CreateArchiveRequest request) {
        return archives.create(request);
    }

    @Override
    public CreateConnectionResponse createConnection(CreateConnectionRequest request) {
        return connections.create(request);
    }

    @Override
    public CreateEventBusResponse createEventBus(CreateEventBusRequest request) {
        return buses.create(request);
    }

    @Override
    public DeauthorizeConnectionResponse deauthorizeConnection(DeauthorizeConnectionRequest request) {
        return connections.deauthorize(request.name());
    }

    @Override
    public DeleteApiDestinationResponse deleteApiDestination(DeleteApiDestinationRequest request) {
        destinations.delete(request.name());
        return DeleteApiDestinationResponse.builder().build();
    }

    @Override
    public DeleteArchiveResponse deleteArchive(DeleteArchiveRequest request) {
        archives.delete(request.archiveName());
        return DeleteArchiveResponse.builder().build();
    }

    @Override
    public DeleteConnectionResponse deleteConnection(DeleteConnectionRequest request) {
        return connections.delete(request.name());
    }

    @Override
    public DeleteEventBusResponse deleteEventBus(DeleteEventBusRequest request) {
        buses.delete(request.name());
        return DeleteEventBusResponse.builder().build();
    }

    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest request) {
        rules.delete(request);
        return DeleteRuleResponse.builder().build();
    }

    @Override
    public DescribeApiDestinationResponse describeApiDestination(DescribeApiDestinationRequest request) {
        return destinations.get(request.name());
    }

    @Override
    public DescribeArchiveResponse describeArchive(DescribeArchiveRequest request) {
        return archives.describe(request.archiveName());
    }

    @Override
    public DescribeConnectionResponse describeConnection(DescribeConnectionRequest request) {
        return connections.get(request.name());
    }

    @Override
    public DescribeEventBusResponse describeEventBus(DescribeEventBusRequest request) {
        return buses.get(BusName.of(request.name()));
    }

    @Override
    public DescribeReplayResponse describeReplay(DescribeReplayRequest request) {
        return replays.get(request.replayName());
    }

    @Override
    public DescribeRuleResponse describeRule(DescribeRuleRequest request) {
        return rules.get(request.eventBusName(), request.name()).rule();
    }

    @Override
    public DisableRuleResponse disableRule(DisableRuleRequest request) {
        rules.setState(request.eventBusName(), request.name(), RuleState.DISABLED);
        return DisableRuleResponse.builder().build();
    }

    @Override
    public EnableRuleResponse enableRule(EnableRuleRequest request) {
        rules.setState(request.eventBusName(), request.name(), RuleState.ENABLED);
        return EnableRuleResponse.builder().build();
    }

    @Override
    public ListApiDestinationsResponse listApiDestinations(ListApiDestinationsRequest request) {
        return destinations.list(request);
    }

    @Override
    public ListArchivesResponse listArchives(ListArchivesRequest request) {
        return archives.list(request);
    }

    @Override
    public ListConnectionsResponse listConnections(ListConnectionsRequest request) {
        return connections.list(request);
    }

    @Override
    public ListEventBusesResponse listEventBuses(ListEventBusesRequest request) {
        return buses.list(request);
    }

    @Override
    public ListReplaysResponse listReplays(ListReplaysRequest request) {
        return replays.list(request);
    }

    @Override
    public ListRuleNamesByTargetResponse listRuleNamesByTarget(ListRuleNamesByTargetRequest request) {
        return rules.namesByTarget(request);
    }

    @Override
    public ListRulesResponse listRules(ListRulesRequest request) {
        return rules.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tagged.list(request.resourceARN());
    }

    @Override
    public ListTargetsByRuleResponse listTargetsByRule(ListTargetsByRuleRequest request) {
        return targets.list(request);
    }

    @Override
    public PutEventsResponse putEvents(PutEventsRequest request) {
        return sent.put(request);
    }

    @Override
    public PutPermissionResponse putPermission(PutPermissionRequest request) {
        permissions.put(request);
        return PutPermissionResponse.builder().build();
    }

    @Override
    public PutRuleResponse putRule(PutRuleRequest request) {
        return rules.put(request);
    }

    @Override
    public PutTargetsResponse putTargets(PutTargetsRequest request) {
        return targets.put(request);
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest request) {
        permissions.remove(request);
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public RemoveTargetsResponse removeTargets(RemoveTargetsRequest request) {
        return targets.remove(request);
    }

    @Override
    public StartReplayResponse startReplay(StartReplayRequest request) {
        return replays.start(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tagged.tag(request);
        return TagResourceResponse.builder().build();
    }

    @Override
    public TestEventPatternResponse testEventPattern(TestEventPatternRequest request) {
        return PatternTest.test(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tagged.untag(request);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateApiDestinationResponse updateApiDestination(UpdateApiDestinationRequest request) {
        return destinations.update(request);
    }

    @Override
    public UpdateArchiveResponse updateArchive(UpdateArchiveRequest request) {
        return archives.update(request);
    }

    @Override
    public UpdateConnectionResponse updateConnection(UpdateConnectionRequest request) {
        return connections.update(request);
    }

    @Override
    public UpdateEventBusResponse updateEventBus(UpdateEventBusRequest request) {
        return buses.update(request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        published.close();
        deliveries.close();
        http.close();
    }
}
