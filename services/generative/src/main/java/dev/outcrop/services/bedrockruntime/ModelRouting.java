package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Metering;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.Geography;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.services.modelunits.ProvisionedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * Which model answers for a model id, and says so: in the header {@code x-outcrop-model} and in the record of the call.
 *
 * <p>A model id may be that of a foundation model or of an installed model, of an inference profile, or the ARN of one
 * of these. What does not exist, or belongs to another Region or account, is refused as Amazon Bedrock refuses it.
 */
public final class ModelRouting {
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:bedrock:([a-z0-9-]+):([0-9]{12})?:([a-z-]+)/(.+)");

    private final FoundationModels published;
    private final InstalledModels installed;
    private final RoutingTable table;
    private final ApplicationProfiles applicationProfiles;
    private final ModelUnits units;

    /** Routing where nobody has bought model units. */
    public ModelRouting(
            FoundationModels published,
            InstalledModels installed,
            RoutingTable table,
            ApplicationProfiles applicationProfiles) {
        this(published, installed, table, applicationProfiles, ModelUnits.none());
    }

    public ModelRouting(
            FoundationModels published,
            InstalledModels installed,
            RoutingTable table,
            ApplicationProfiles applicationProfiles,
            ModelUnits units) {
        this.units = units;
        this.published = published;
        this.installed = installed;
        this.table = table;
        this.applicationProfiles = applicationProfiles;
    }

    /**
     * The model that writes for {@code modelId}.
     *
     * @throws ValidationException if there is no such model id, or it is no text model's
     * @throws ResourceNotFoundException if nothing installed answers for it
     */
    public TextRoute text(String modelId) {
        Resolved resolved = resolve(modelId);
        if (resolved.kind() != Kind.TEXT) {
            throw ModelErrors.invalid(
                    "The model \"" + resolved.modelId() + "\" does not generate text. Use a text model.");
        }
        String answering = answering(resolved);
        try {
            TextRoute route = new TextRoute(resolved.modelId(), answering, installed.text(answering));
            answers(resolved, answering);
            return route;
        } catch (TextModelException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /**
     * The model that embeds for {@code modelId}.
     *
     * @throws ValidationException if there is no such model id, or it is no embedding model's
     * @throws ResourceNotFoundException if nothing installed answers for it
     */
    public EmbeddingRoute embedding(String modelId) {
        Resolved resolved = resolve(modelId);
        if (resolved.kind() != Kind.EMBEDDING) {
            throw ModelErrors.invalid(
                    "The model \"" + resolved.modelId() + "\" does not make embeddings. Use an embedding model.");
        }
        String answering = answering(resolved);
        try {
            EmbeddingRoute route = new EmbeddingRoute(resolved.modelId(), answering, installed.embedding(answering));
            answers(resolved, answering);
            return route;
        } catch (EmbeddingException failure) {
            throw ModelErrors.of(failure);
        }
    }

    /** Lets the call in, and writes down what it asks and how it is paid for. */
    private void answers(Resolved resolved, String answering) {
        ModelUse.answeredBy(resolved.modelId(), answering);
        Metering metering = CallContext.current().metering();
        if (published
                .find(resolved.modelId())
                .filter(model -> model.lifecycle().equals("LEGACY"))
                .isPresent()) {
            metering.add(Metering.LEGACY_MODEL_INVOCATIONS, 1);
        }
        if (resolved.provisioned().isPresent()) {
            metering.billing(Metering.Billing.PROVISIONED);
        }
        units.enter(resolved.provisioned(), answering);
    }

    /**
     * What {@code modelId} means, before any model is loaded.
     *
     * @throws ValidationException if there is no such model id
     * @throws ResourceNotFoundException if it is that of a model whose output nothing here gives
     */
    public Resolved resolve(String modelId) {
        Matcher arn = ARN.matcher(modelId);
        if (!arn.matches()) {
            return named(modelId);
        }
        Optional<String> account = Optional.ofNullable(arn.group(2));
        String name = arn.group(4);
        if (!arn.group(1).equals(CallContext.current().region())
                || !account.orElse(CallContext.current().account())
                        .equals(CallContext.current().account())) {
            throw invalidIdentifier();
        }
        return switch (arn.group(3)) {
            case "foundation-model" -> account.isEmpty() ? onDemand(name) : unknown();
            case "inference-profile" ->
                account.isPresent() ? systemProfile(name).orElseGet(ModelRouting::unknown) : unknown();
            case "application-inference-profile" -> account.isPresent() ? applicationProfile(modelId) : unknown();
            case "provisioned-model" -> account.isPresent() ? provisioned(modelId) : unknown();
            case "prompt" -> throw AwsError.notImplemented("bedrock-runtime", "InvokeModel with a managed prompt");
            default -> unknown();
        };
    }

    /**
     * What a caller must be allowed to invoke for {@code modelId}: the model, or the inference profile and the model
     * behind it.
     *
     * <p>Source: "Prerequisites for inference profiles" of the Amazon Bedrock user guide.
     */
    public List<String> arns(String modelId) {
        CallContext call = CallContext.current();
        Matcher arn = ARN.matcher(modelId);
        if (!arn.matches()) {
            return isSystemProfile(modelId)
                    ? List.of(
                            "arn:aws:bedrock:" + call.region() + ":" + call.account() + ":inference-profile/" + modelId,
                            foundationModel(call, afterGeography(modelId)))
                    : List.of(foundationModel(call, modelId));
        }
        return switch (arn.group(3)) {
            case "inference-profile" -> List.of(modelId, foundationModel(call, afterGeography(arn.group(4))));
            case "application-inference-profile" ->
                applicationProfiles
                        .modelArn(modelId)
                        .map(model -> List.of(modelId, model))
                        .orElse(List.of(modelId));
            default -> List.of(modelId);
        };
    }

    /** The tags of the application inference profile with {@code arn}. */
    Map<String, String> tags(String arn) {
        return arn.contains(":application-inference-profile/") || arn.contains(":guardrail/")
                ? applicationProfiles.tags(arn)
                : Map.of();
    }

    private boolean isSystemProfile(String id) {
        int dot = id.indexOf('.');
        return dot > 0
                && Geography.of(id.substring(0, dot)).isPresent()
                && installed.find(id).isEmpty();
    }

    private static String afterGeography(String id) {
        return id.substring(id.indexOf('.') + 1);
    }

    private static String foundationModel(CallContext call, String id) {
        return "arn:aws:bedrock:" + call.region() + "::foundation-model/" + id;
    }

    private Resolved named(String id) {
        return systemProfile(id).orElseGet(() -> onDemand(id));
    }

    private Resolved onDemand(String id) {
        Resolved resolved = model(id);
        Optional<FoundationModel> facts = published.find(id);
        if (facts.isPresent() && !facts.get().onDemand() && installed.find(id).isEmpty()) {
            throw ModelErrors.invalid(
                    "Invocation of model ID " + id + " with on-demand throughput isn\u2019t supported. Retry"
                            + " your request with the ID or ARN of an inference profile that contains this model.");
        }
        return resolved;
    }

    private Optional<Resolved> systemProfile(String id) {
        int dot = id.indexOf('.');
        if (dot < 0 || installed.find(id).isPresent()) {
            return Optional.empty();
        }
        return Geography.of(id.substring(0, dot)).map(geography -> {
            String modelId = id.substring(dot + 1);
            // AWS adds geographies to a model without notice: one that has profiles may have more than our table knows.
            boolean offered = published
                    .find(modelId)
                    .map(model -> !model.geographies().isEmpty())
                    .orElse(true);
            if (!offered || !geography.servesFrom(CallContext.current().region())) {
                throw invalidIdentifier();
            }
            return model(modelId);
        });
    }

    private Resolved applicationProfile(String arn) {
        String modelArn = applicationProfiles.modelArn(arn).orElseThrow(ModelRouting::invalidIdentifier);
        return model(modelArn.substring(modelArn.lastIndexOf('/') + 1));
    }

    private Resolved provisioned(String arn) {
        ProvisionedModel provisioned = units.find(arn).orElseThrow(ModelRouting::invalidIdentifier);
        return new Resolved(provisioned.modelId(), model(provisioned.modelId()).kind(), Optional.of(arn));
    }

    private Resolved model(String id) {
        Optional<InstalledModel> own = installed.find(id);
        if (own.isPresent()) {
            return new Resolved(id, own.get().kind());
        }
        Optional<FoundationModel> facts = published.find(id);
        if (facts.isPresent() ? facts.get().writesText() : RoutingTable.looksLikeText(id)) {
            return new Resolved(id, Kind.TEXT);
        }
        if (facts.isPresent() ? facts.get().embeds() : RoutingTable.looksLikeEmbedding(id)) {
            return new Resolved(id, Kind.EMBEDDING);
        }
        if (facts.isPresent()) {
            throw ResourceNotFoundException.builder()
                    .message("No model is installed that could answer for " + id + ", whose output is "
                            + String.join(" and ", facts.get().outputs()) + ".")
                    .build();
        }
        if (installed.offered(id)) {
            throw ResourceNotFoundException.builder()
                    .message("The model " + id + " is not installed. Install it with 'outcrop models pull " + id + "'.")
                    .build();
        }
        return unknown();
    }

    private String answering(Resolved resolved) {
        String modelId = resolved.modelId();
        if (installed.find(modelId).isPresent()) {
            return modelId;
        }
        return table.answering(modelId, resolved.kind())
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message(
                                table.strict()
                                        ? "No installed model is routed to for " + modelId
                                                + ", and routing is strict. Install a model with 'outcrop models pull'"
                                                + " ('outcrop models list' says which there are) and route " + modelId
                                                + " to it in the configuration."
                                        : "No model is installed that could answer for " + modelId
                                                + ". Install one with 'outcrop models pull'; 'outcrop models list' says"
                                                + " which there are.")
                        .build());
    }

    private static Resolved unknown() {
        throw invalidIdentifier();
    }

    private static BedrockRuntimeException invalidIdentifier() {
        return ModelErrors.invalid("The provided model identifier is invalid.");
    }

    /**
     * What a model id means.
     *
     * @param modelId the foundation model's id, or the installed model's
     * @param kind    what it does
     * @param provisioned ARN of the provisioned model that was named, if one was
     */
    public record Resolved(String modelId, Kind kind, Optional<String> provisioned) {
        Resolved(String modelId, Kind kind) {
            this(modelId, kind, Optional.empty());
        }
    }

    /** Application inference profiles, which the control plane keeps. */
    public interface ApplicationProfiles {
        /** ARN of the foundation model of the profile with this ARN. */
        Optional<String> modelArn(String profileArn);

        /** The tags of the profile with this ARN. */
        default Map<String, String> tags(String profileArn) {
            return Map.of();
        }
    }
}
