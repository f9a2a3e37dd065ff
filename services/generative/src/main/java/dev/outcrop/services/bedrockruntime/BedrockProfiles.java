package dev.outcrop.services.bedrockruntime;

import dev.outcrop.services.bedrockruntime.ModelRouting.ApplicationProfiles;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/** Application inference profiles, asked of the control plane as the caller: who may not see one may not call by it. */
public final class BedrockProfiles implements ApplicationProfiles {
    private final Supplier<BedrockClient> bedrock;

    /** The profiles that {@code bedrock} knows; the client is asked for anew in each call. */
    public BedrockProfiles(Supplier<BedrockClient> bedrock) {
        this.bedrock = bedrock;
    }

    @Override
    public Optional<String> modelArn(String profileArn) {
        try {
            return bedrock
                    .get()
                    .getInferenceProfile(request -> request.inferenceProfileIdentifier(profileArn))
                    .models()
                    .stream()
                    .map(InferenceProfileModel::modelArn)
                    .findFirst();
        } catch (ResourceNotFoundException | ValidationException absent) {
            return Optional.empty();
        }
    }
}
