package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.Geography;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileStatus;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileType;

/**
 * The cross-Region inference profiles that AWS defines, as they are seen from the Region called.
 *
 * <p>Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles".
 */
final class SystemProfiles {
    /** Providers whose name AWS leaves out of a profile's name. */
    private static final Set<String> UNNAMED = Set.of("Amazon");

    private final FoundationModels published;

    SystemProfiles(FoundationModels published) {
        this.published = published;
    }

    /** All of them, in the order of the models. */
    List<GetInferenceProfileResponse> all() {
        return published.all().stream()
                .flatMap(model -> Stream.of(Geography.values())
                        .filter(geography -> offered(model, geography))
                        .map(geography -> profile(model, geography)))
                .toList();
    }

    /** The profile of an id such as {@code us.anthropic.claude-3-haiku-20240307-v1:0}. */
    Optional<GetInferenceProfileResponse> find(String id) {
        int dot = id.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        Optional<FoundationModel> model = published.find(id.substring(dot + 1));
        return Geography.of(id.substring(0, dot))
                .flatMap(geography ->
                        model.filter(found -> offered(found, geography)).map(found -> profile(found, geography)));
    }

    private static boolean offered(FoundationModel model, Geography geography) {
        return model.geographies().contains(geography.prefix())
                && geography.servesFrom(CallContext.current().region());
    }

    private static GetInferenceProfileResponse profile(FoundationModel model, Geography geography) {
        CallContext call = CallContext.current();
        String id = geography.prefix() + "." + model.id();
        String name = UNNAMED.contains(model.provider()) ? model.name() : model.provider() + " " + model.name();
        List<String> regions = geography.destinations(call.region());
        return GetInferenceProfileResponse.builder()
                .inferenceProfileName(geography.title() + " " + name)
                .description("Routes requests to " + name + " in " + String.join(", ", regions) + ".")
                .inferenceProfileArn(
                        "arn:aws:bedrock:" + call.region() + ":" + call.account() + ":inference-profile/" + id)
                .inferenceProfileId(id)
                .models(regions.stream()
                        .map(region -> InferenceProfileModel.builder()
                                .modelArn("arn:aws:bedrock:" + region + "::foundation-model/" + model.id())
                                .build())
                        .toList())
                .status(InferenceProfileStatus.ACTIVE)
                .type(InferenceProfileType.SYSTEM_DEFINED)
                .build();
    }
}
