package dev.outcrop.services.compatible;

import dev.outcrop.kernel.Endpoint;
import java.util.List;

/** All endpoints of OpenAI's and Anthropic's interfaces. */
public final class CompatibleEndpoints {
    private CompatibleEndpoints() {}

    /** The endpoints over these models. */
    public static List<Endpoint> of(ServedModels models) {
        return List.of(
                new ChatCompletionsEndpoint(models),
                new EmbeddingsEndpoint(models),
                new OpenAiModelsEndpoint(models, OpenAiModelsEndpoint.PATH),
                new OpenAiModelsEndpoint(models, OpenAiModelsEndpoint.PATH + "/*"),
                new MessagesEndpoint(models),
                new MessageTokensEndpoint(models),
                new AnthropicModelsEndpoint(models, AnthropicModelsEndpoint.PATH),
                new AnthropicModelsEndpoint(models, AnthropicModelsEndpoint.PATH + "/*"));
    }
}
