package dev.outcrop.server;

import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.batch.BatchJobs;
import dev.outcrop.services.batch.BatchMetering;
import dev.outcrop.services.batch.BatchWork;
import dev.outcrop.services.bedrock.BedrockService;
import dev.outcrop.services.bedrockruntime.BedrockProfiles;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeService;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeStreams;
import dev.outcrop.services.bedrockruntime.ManagedPrompts;
import dev.outcrop.services.bedrockruntime.ModelRouting;
import dev.outcrop.services.bedrockruntime.RoutingTable;
import dev.outcrop.services.bedrockruntime.Surroundings;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.compatible.CompatibleEndpoints;
import dev.outcrop.services.compatible.ServedModels;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.guardrails.AppliedGuardrails;
import dev.outcrop.services.guardrails.Filters;
import dev.outcrop.services.guardrails.Guardrails;
import dev.outcrop.services.invocationlogs.InvocationLogs;
import dev.outcrop.services.modelunits.ModelUnits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.utils.Lazy;

/** What generates: Bedrock, its runtime, and the shapes of other clients over the same models. */
final class GenerativeFamily implements Family, CallRecorder {
    /** The model that the classifiers of engines/guard were trained on. */
    static final String GUARD_MODEL = "all-minilm-l6-v2";

    private final House house;
    private final HouseModels models;
    private final RoutingTable routing;
    private final Lazy<FoundationModels> foundationModels = new Lazy<>(FoundationModels::load);
    private final Lazy<ModelRouting> modelRouting;
    private final Lazy<ModelFamilies> families;
    private final Lazy<AppliedGuardrails> guardrails;
    private final Lazy<ModelUnits> units;
    private final Lazy<Surroundings> surroundings;
    private final Supplier<InvocationLogs> logs;
    private final BatchMetering batchMetering = new BatchMetering();
    private final Lazy<BatchJobs> batches;
    private final Lazy<BedrockService> bedrock;

    GenerativeFamily(House house, HouseModels models, RoutingTable routing, UsageEntries usage) {
        this.house = house;
        this.models = models;
        this.routing = routing;
        modelRouting = new Lazy<>(() -> new ModelRouting(
                foundationModels.getValue(),
                models,
                routing,
                new BedrockProfiles(() -> house.clients().get().of(BedrockClient.class)),
                units()));
        units = new Lazy<>(() ->
                new ModelUnits(house.records(), id -> answering(foundationModels.getValue(), id), models.slots()));
        logs = house.parts()
                .lazily(() -> new InvocationLogs(
                        house.journal(),
                        house.records(),
                        house.objects(),
                        house.secrets(),
                        house.resources(),
                        id -> foundationModels
                                .getValue()
                                .find(id)
                                .map(FoundationModel::embeds)
                                .orElseGet(() -> models.find(id)
                                        .map(model -> model.kind() == Kind.EMBEDDING)
                                        .orElse(false)),
                        house.clients(),
                        house.ids(),
                        house.clock()));
        surroundings = new Lazy<>(() -> new Surroundings(
                new ManagedPrompts(() -> house.clients().get().of(BedrockAgentClient.class)),
                () -> logs.get().stream()));
        batches = new Lazy<>(
                () -> new BatchJobs(house.resources(), house.events(), house.jobs(), house.ids(), house.clock()));
        bedrock = new Lazy<>(() -> new BedrockService(
                foundationModels.getValue(),
                models,
                routing::answering,
                new Guardrails(
                        house.records(),
                        house.pageTokens(),
                        house.resources(),
                        house.clients(),
                        house.ids(),
                        house.clock()),
                units(),
                logs.get(),
                batches.getValue(),
                usage,
                house.records(),
                house.journal(),
                house.resources(),
                house.ids(),
                house.clock()));
        families = new Lazy<>(() -> new ModelFamilies(house.clock(), house.random()));
        guardrails = new Lazy<>(() -> new AppliedGuardrails(
                house.records(),
                house.clients(),
                Filters.of(new Guard(() -> models.embedding(GUARD_MODEL)))
                        .with(judge(Configuration.Guardrails::safety), judge(Configuration.Guardrails::topics))));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("bedrock", BedrockClient.class, bedrock::getValue);
        services.serve(
                "bedrock-runtime",
                BedrockRuntimeClient.class,
                () -> new BedrockRuntimeService(
                        modelRouting.getValue(),
                        families.getValue(),
                        guardrails.getValue(),
                        house.random(),
                        surroundings.getValue()),
                BedrockRuntimeAsyncClient.class,
                () -> new BedrockRuntimeStreams(
                        modelRouting.getValue(),
                        families.getValue(),
                        guardrails.getValue(),
                        house.random(),
                        surroundings.getValue()));
    }

    /** The model that the configuration wants to judge texts. */
    private Optional<Supplier<TextModel>> judge(Function<Configuration.Guardrails, Optional<String>> which) {
        return which.apply(house.configuration().guardrails()).map(id -> () -> models.text(id));
    }

    private ModelUnits units() {
        return units.getValue();
    }

    /** The installed model that answers for a model id: itself, or what is routed to. */
    private Optional<String> answering(FoundationModels published, String id) {
        if (models.find(id).isPresent()) {
            return Optional.of(id);
        }
        Kind kind = published.find(id).filter(FoundationModel::embeds).isPresent() ? Kind.EMBEDDING : Kind.TEXT;
        return routing.answering(id, kind);
    }

    /** What stands around calls to models is told of them. */
    @Override
    public void record(CallRecord call) {
        if (call.service().startsWith("bedrock")
                && call.context().metering().model().isPresent()) {
            units().record(call);
            batchMetering.record(call);
        }
        if (call.service().equals("bedrock-runtime")) {
            logs.get().record(call);
        }
    }

    @Override
    public Background background() {
        BatchWork work = new BatchWork(
                batches.getValue(),
                batchMetering,
                house.records(),
                house.secrets(),
                house.clients(),
                house.ids(),
                house.clock());
        return new Background(
                Map.of(BatchJobs.KIND, work),
                List.of(logs.get().chore(), bedrock.getValue().chore()));
    }

    @Override
    public List<Endpoint> endpoints() {
        return CompatibleEndpoints.of(new ServedModels(modelRouting::getValue, models, house.clock(), house.random()));
    }
}
