package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.shapes.Shapes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrock.model.CreateInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.CreateInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileStatus;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileType;
import software.amazon.awssdk.services.bedrock.model.ListInferenceProfilesRequest;
import software.amazon.awssdk.services.bedrock.model.ListInferenceProfilesResponse;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * Inference profiles: those that AWS defines, and those that users make to tell their costs apart, with their tags.
 *
 * <p>Source: Amazon Bedrock User Guide, "Set up a model invocation resource using inference profiles".
 */
final class InferenceProfiles {
    private static final Pattern ARN = Pattern.compile(
            "arn:aws[a-z-]*:bedrock:([a-z0-9-]*):([0-9]*):(inference-profile|application-inference-profile)/(.+)");
    private static final int DEFAULT_PAGE = 100;

    private final SystemProfiles system;
    private final FoundationModelCatalog models;
    private final Resources<GetInferenceProfileResponse> application;
    private final Tags tags;
    private final IdempotencyTokens idempotencyTokens;
    private final Ids ids;
    private final InstantSource clock;

    InferenceProfiles(
            SystemProfiles system, FoundationModelCatalog models, ResourceStore store, Ids ids, InstantSource clock) {
        this.system = system;
        this.models = models;
        this.application =
                store.resources("bedrock:application-inference-profile", GetInferenceProfileResponse::builder);
        this.tags = store.tags();
        this.idempotencyTokens = store.idempotencyTokens();
        this.ids = ids;
        this.clock = clock;
    }

    /** Makes a profile of a foundation model, or of what a system-defined profile routes to. */
    CreateInferenceProfileResponse create(CreateInferenceProfileRequest request) {
        return idempotencyTokens.once(
                "bedrock:CreateInferenceProfile",
                request.clientRequestToken(),
                request.toBuilder().clientRequestToken(null).build(),
                CreateInferenceProfileResponse::builder,
                () -> insert(request));
    }

    private CreateInferenceProfileResponse insert(CreateInferenceProfileRequest request) {
        Optional<String> source = Optional.ofNullable(request.modelSource().copyFrom());
        List<InferenceProfileModel> copied = models(source.orElseThrow(() -> ValidationException.builder()
                .message("The modelSource field must hold a copyFrom field.")
                .build()));
        String id = ids.lowercase(12);
        Instant now = clock.instant();
        GetInferenceProfileResponse profile = Shapes.copy(request, GetInferenceProfileResponse.builder())
                .inferenceProfileId(id)
                .inferenceProfileArn(Ids.arn("bedrock", "application-inference-profile/" + id))
                .models(copied)
                .createdAt(now)
                .updatedAt(now)
                .status(InferenceProfileStatus.ACTIVE)
                .type(InferenceProfileType.APPLICATION)
                .build();
        if (request.hasTags()) {
            tags.add(profile.inferenceProfileArn(), BedrockTags.byKey(request.tags()));
        }
        application.insert(id, profile);
        return Shapes.copy(profile, CreateInferenceProfileResponse.builder()).build();
    }

    private List<InferenceProfileModel> models(String source) {
        if (ARN.matcher(source).matches()) {
            GetInferenceProfileResponse copied = get(source);
            if (copied.type() != InferenceProfileType.SYSTEM_DEFINED) {
                throw FoundationModelCatalog.invalidIdentifier();
            }
            return copied.models();
        }
        FoundationModel model = models.find(source);
        if (!model.onDemand()) {
            throw ValidationException.builder()
                    .message("The model " + model.id()
                            + " does not support on-demand throughput. Copy from a system-defined"
                            + " inference profile that contains this model.")
                    .build();
        }
        return List.of(InferenceProfileModel.builder()
                .modelArn(FoundationModelCatalog.arn(model.id()))
                .build());
    }

    /**
     * The profile of an id or ARN.
     *
     * @throws ValidationException if the ARN is of another Region or account
     * @throws ResourceNotFoundException if there is none
     */
    GetInferenceProfileResponse get(String identifier) {
        Matcher arn = ARN.matcher(identifier);
        if (!arn.matches()) {
            return system.find(identifier)
                    .or(() -> application.find(identifier))
                    .orElseThrow(() -> missing(identifier));
        }
        CallContext call = CallContext.current();
        if (!arn.group(1).equals(call.region()) || !arn.group(2).equals(call.account())) {
            throw FoundationModelCatalog.invalidIdentifier();
        }
        String id = arn.group(4);
        Optional<GetInferenceProfileResponse> profile =
                arn.group(3).equals("inference-profile") ? system.find(id) : application.find(id);
        return profile.orElseThrow(() -> missing(identifier));
    }

    /** A page of the profiles of one type; of the system-defined ones where the caller does not say. */
    ListInferenceProfilesResponse list(ListInferenceProfilesRequest request) {
        if (request.typeEquals() == InferenceProfileType.APPLICATION) {
            Page<InferenceProfileSummary> page = application
                    .list()
                    .maximum(request.maxResults())
                    .after(request.nextToken())
                    .page()
                    .map(InferenceProfiles::summary);
            return ListInferenceProfilesResponse.builder()
                    .inferenceProfileSummaries(page.items())
                    .nextToken(page.nextToken().orElse(null))
                    .build();
        }
        List<GetInferenceProfileResponse> all = system.all();
        int from = Optional.ofNullable(request.nextToken())
                .map(token -> place(token, all))
                .orElse(0);
        int to = Math.min(
                all.size(), from + Optional.ofNullable(request.maxResults()).orElse(DEFAULT_PAGE));
        return ListInferenceProfilesResponse.builder()
                .inferenceProfileSummaries(all.subList(from, to).stream()
                        .map(InferenceProfiles::summary)
                        .toList())
                .nextToken(to < all.size() ? token(all.get(to)) : null)
                .build();
    }

    /** System-defined profiles are the same for everybody, so that a token may simply name the next one. */
    private static String token(GetInferenceProfileResponse next) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(next.inferenceProfileId().getBytes(StandardCharsets.UTF_8));
    }

    private static int place(String token, List<GetInferenceProfileResponse> all) {
        for (int i = 0; i < all.size(); i++) {
            if (token(all.get(i)).equals(token)) {
                return i;
            }
        }
        throw AwsError.validation("The provided pagination token is invalid");
    }

    /** Removes an application profile with its tags. */
    void delete(String identifier) {
        GetInferenceProfileResponse profile = get(identifier);
        if (profile.type() == InferenceProfileType.SYSTEM_DEFINED) {
            throw ValidationException.builder()
                    .message("System-defined inference profiles cannot be deleted.")
                    .build();
        }
        application.delete(profile.inferenceProfileId());
        tags.removeAll(profile.inferenceProfileArn());
    }

    /** Whether {@code id} is that of a profile that AWS defines. */
    boolean isSystemDefined(String id) {
        return system.find(id).isPresent();
    }

    /** The ARN that the tags of an application profile are kept under; empty if {@code arn} is that of none. */
    Optional<String> taggable(String arn) {
        Matcher parts = ARN.matcher(arn);
        return parts.matches() && parts.group(3).equals("application-inference-profile")
                ? Optional.of(get(arn).inferenceProfileArn())
                : Optional.empty();
    }

    private static InferenceProfileSummary summary(GetInferenceProfileResponse profile) {
        return Shapes.copy(profile, InferenceProfileSummary.builder()).build();
    }

    private static ResourceNotFoundException missing(String identifier) {
        return ResourceNotFoundException.builder()
                .message("Could not find the inference profile " + identifier + ".")
                .build();
    }
}
