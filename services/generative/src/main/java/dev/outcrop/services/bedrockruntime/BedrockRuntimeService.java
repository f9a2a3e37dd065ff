package dev.outcrop.services.bedrockruntime;

import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensResponse;

/** Amazon Bedrock Runtime, as far as one answer goes; streams are in {@link BedrockRuntimeStreams}. */
public final class BedrockRuntimeService implements BedrockRuntimeClient {
    private final Converse converse;

    public BedrockRuntimeService(Converse converse) {
        this.converse = converse;
    }

    @Override
    public ConverseResponse converse(ConverseRequest request) {
        return converse.answer(request);
    }

    @Override
    public CountTokensResponse countTokens(CountTokensRequest request) {
        ConverseTokensRequest conversation = request.input().converse();
        ConverseRequest counted = ConverseRequest.builder()
                .modelId(request.modelId())
                .messages(conversation.messages())
                .system(conversation.system())
                .toolConfig(conversation.toolConfig())
                .additionalModelRequestFields(conversation.additionalModelRequestFields())
                .build();
        return CountTokensResponse.builder()
                .inputTokens(converse.countTokens(counted))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
