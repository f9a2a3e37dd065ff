package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.bedrock.model.FoundationModelDetails;
import software.amazon.awssdk.services.bedrock.model.FoundationModelSummary;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelsRequest;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** Foundation models in the control plane's shapes: those that AWS published and those that are installed here. */
final class FoundationModelCatalog {
    private static final String ARN_RESOURCE = ":foundation-model/";

    private final FoundationModels published;
    private final InstalledModels installed;
    private final BedrockService.Routing routing;

    FoundationModelCatalog(FoundationModels published, InstalledModels installed, BedrockService.Routing routing) {
        this.published = published;
        this.installed = installed;
        this.routing = routing;
    }

    /** The models that pass the filters of {@code request}. */
    List<FoundationModelSummary> list(ListFoundationModelsRequest request) {
        return all().filter(model -> matches(model, request))
                .map(model -> FoundationModelSummary.builder()
                        .modelArn(arn(model.id()))
                        .modelId(model.id())
                        .modelName(model.name())
                        .providerName(model.provider())
                        .inputModalitiesWithStrings(model.inputs())
                        .outputModalitiesWithStrings(model.outputs())
                        .responseStreamingSupported(model.streaming())
                        .customizationsSupportedWithStrings(model.customizations())
                        .inferenceTypesSupportedWithStrings(model.inferenceTypes())
                        .modelLifecycle(lifecycle -> lifecycle.status(model.lifecycle()))
                        .build())
                .toList();
    }

    /**
     * The model of an id or ARN.
     *
     * @throws ValidationException if it is an ARN of another Region
     * @throws ResourceNotFoundException if there is no such model
     */
    FoundationModelDetails details(String identifier) {
        FoundationModel model = find(identifier);
        return FoundationModelDetails.builder()
                .modelArn(arn(model.id()))
                .modelId(model.id())
                .modelName(model.name())
                .providerName(model.provider())
                .inputModalitiesWithStrings(model.inputs())
                .outputModalitiesWithStrings(model.outputs())
                .responseStreamingSupported(model.streaming())
                .customizationsSupportedWithStrings(model.customizations())
                .inferenceTypesSupportedWithStrings(model.inferenceTypes())
                .modelLifecycle(lifecycle -> lifecycle.status(model.lifecycle()))
                .build();
    }

    /**
     * The model of an id or ARN.
     *
     * @throws ValidationException if it is an ARN of another Region
     * @throws ResourceNotFoundException if there is no such model
     */
    FoundationModel find(String identifier) {
        String id = identifier;
        if (identifier.startsWith("arn:")) {
            int resource = identifier.indexOf(ARN_RESOURCE);
            if (resource < 0 || !identifier.equals(arn(identifier.substring(resource + ARN_RESOURCE.length())))) {
                throw invalidIdentifier();
            }
            id = identifier.substring(resource + ARN_RESOURCE.length());
        }
        String wanted = id;
        return all().filter(model -> model.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("Could not resolve the foundation model from the provided model identifier.")
                        .build());
    }

    /** The model that answers for {@code model}, if one is installed. */
    Optional<InstalledModel> answering(FoundationModel model) {
        Optional<InstalledModel> own = installed.find(model.id());
        Optional<Kind> kind = model.writesText()
                ? Optional.of(Kind.TEXT)
                : model.embeds() ? Optional.of(Kind.EMBEDDING) : Optional.empty();
        return own.or(() ->
                kind.flatMap(wanted -> routing.answering(model.id(), wanted).flatMap(installed::find)));
    }

    /** Whether the model of {@code id} is one that is installed here. */
    boolean isInstalled(String id) {
        return installed.find(id).isPresent();
    }

    /** The ARN of a foundation model in the Region called. */
    static String arn(String modelId) {
        return "arn:aws:bedrock:" + CallContext.current().region() + ":" + ARN_RESOURCE + modelId;
    }

    static ValidationException invalidIdentifier() {
        return ValidationException.builder()
                .message("The provided model identifier is invalid.")
                .build();
    }

    private Stream<FoundationModel> all() {
        return Stream.concat(
                published.all().stream(), installed.all().stream().map(FoundationModelCatalog::asFoundationModel));
    }

    private static FoundationModel asFoundationModel(InstalledModel model) {
        boolean text = model.kind() == Kind.TEXT;
        return new FoundationModel(
                model.id(),
                model.name(),
                model.provider(),
                model.inputs().stream().sorted().toList(),
                List.of(text ? "TEXT" : "EMBEDDING"),
                text,
                List.of(),
                List.of("ON_DEMAND"),
                "ACTIVE",
                Set.of());
    }

    private static boolean matches(FoundationModel model, ListFoundationModelsRequest request) {
        return (request.byProvider() == null || model.provider().equalsIgnoreCase(request.byProvider()))
                && (request.byCustomizationType() == null
                        || model.customizations().contains(request.byCustomizationTypeAsString()))
                && (request.byOutputModality() == null || model.outputs().contains(request.byOutputModalityAsString()))
                && (request.byInferenceType() == null
                        || model.inferenceTypes().contains(request.byInferenceTypeAsString()));
    }
}
