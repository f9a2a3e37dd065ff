package dev.outcrop.services.compatible;

import dev.outcrop.kernel.Endpoint;
import java.util.List;

/** All endpoints of OpenAI's and Anthropic's interfaces. */
public final class CompatibleEndpoints {
    private CompatibleEndpoints() {}

    /** The endpoints over these models. */
    public static List<Endpoint> of(ServedModels models) {
        return List.of(
                AnswerEndpoint.chatCompletions(models),
                new EmbeddingsEndpoint(models),
                new OpenAiModelsEndpoint(models, false),
                new OpenAiModelsEndpoint(models, true),
                AnswerEndpoint.messages(models),
                new MessageTokensEndpoint(models),
                new AnthropicModelsEndpoint(models, false),
                new AnthropicModelsEndpoint(models, true));
    }
}
