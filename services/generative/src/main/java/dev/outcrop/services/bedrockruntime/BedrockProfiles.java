package dev.outcrop.services.bedrockruntime;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.bedrockruntime.ModelRouting.ApplicationProfiles;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * Application inference profiles, asked of the control plane by the house itself: whoever may invoke by one need not be
 * allowed to see it.
 */
public final class BedrockProfiles implements ApplicationProfiles {
    private final Supplier<BedrockClient> bedrock;

    /** The profiles that {@code bedrock} knows; the client is asked for anew in each call. */
    public BedrockProfiles(Supplier<BedrockClient> bedrock) {
        this.bedrock = bedrock;
    }

    @Override
    public Optional<String> modelArn(String profileArn) {
        return asked(() -> bedrock.get()
                        .getInferenceProfile(request -> request.inferenceProfileIdentifier(profileArn))
                        .models())
                .flatMap(models ->
                        models.stream().map(InferenceProfileModel::modelArn).findFirst());
    }

    @Override
    public Map<String, String> tags(String profileArn) {
        return asked(() -> bedrock.get()
                        .listTagsForResource(request -> request.resourceARN(profileArn))
                        .tags())
                .map(tags -> tags.stream().collect(Collectors.toMap(Tag::key, Tag::value)))
                .orElse(Map.of());
    }

    private static <T> Optional<T> asked(Supplier<T> question) {
        CallContext call = CallContext.current();
        CallContext house = call.toBuilder()
                .principal(Principal.service("bedrock.amazonaws.com", call.account()))
                .build();
        try {
            return Optional.of(house.call(question::get));
        } catch (ResourceNotFoundException | ValidationException absent) {
            return Optional.empty();
        }
    }
}
