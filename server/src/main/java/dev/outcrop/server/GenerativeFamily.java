package dev.outcrop.server;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.services.bedrock.BedrockService;
import dev.outcrop.services.bedrockruntime.BedrockProfiles;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeService;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeStreams;
import dev.outcrop.services.bedrockruntime.ModelRouting;
import dev.outcrop.services.bedrockruntime.RoutingTable;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.compatible.CompatibleEndpoints;
import dev.outcrop.services.compatible.ServedModels;
import dev.outcrop.services.foundationmodels.FoundationModels;
import java.util.List;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.utils.Lazy;

/** What generates: Bedrock, its runtime, and the shapes of other clients over the same models. */
final class GenerativeFamily implements Family {
    private final House house;
    private final HouseModels models;
    private final RoutingTable routing;
    private final Lazy<FoundationModels> foundationModels = new Lazy<>(FoundationModels::load);
    private final Lazy<ModelRouting> modelRouting;
    private final Lazy<ModelFamilies> families;

    GenerativeFamily(House house, HouseModels models, RoutingTable routing) {
        this.house = house;
        this.models = models;
        this.routing = routing;
        modelRouting = new Lazy<>(() -> new ModelRouting(
                foundationModels.getValue(),
                models,
                routing,
                new BedrockProfiles(() -> house.clients().get().of(BedrockClient.class))));
        families = new Lazy<>(() -> new ModelFamilies(house.clock(), house.random()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve(
                "bedrock",
                BedrockClient.class,
                () -> new BedrockService(
                        foundationModels.getValue(),
                        models,
                        routing::answering,
                        house.resources(),
                        house.ids(),
                        house.clock()));
        services.serve(
                "bedrock-runtime",
                BedrockRuntimeClient.class,
                () -> new BedrockRuntimeService(modelRouting.getValue(), families.getValue(), house.random()),
                BedrockRuntimeAsyncClient.class,
                () -> new BedrockRuntimeStreams(modelRouting.getValue(), families.getValue(), house.random()));
    }

    @Override
    public List<Endpoint> endpoints() {
        return CompatibleEndpoints.of(new ServedModels(modelRouting::getValue, models, house.clock(), house.random()));
    }
}
