package dev.outcrop.services.bedrockruntime;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.EventStreams;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/** The event streams of Amazon Bedrock Runtime. A reader that goes away stops the model. */
public final class BedrockRuntimeStreams implements BedrockRuntimeAsyncClient {
    private final Converse converse;

    public BedrockRuntimeStreams(Converse converse) {
        this.converse = converse;
    }

    @Override
    public CompletableFuture<Void> converseStream(
            ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
        if (request.guardrailConfig() != null) {
            throw AwsError.notImplemented("bedrock-runtime", "ConverseStream with a guardrail");
        }
        try (Converse.Streamed answer = converse.stream(conversation(request))) {
            return EventStreams.<ConverseStreamResponse, ConverseStreamOutput>publish(
                    handler, ConverseStreamResponse.builder().build(), sink -> answer.send(sink::send));
        }
    }

    private static ConverseRequest conversation(ConverseStreamRequest request) {
        ConverseRequest.Builder conversation = ConverseRequest.builder()
                .modelId(request.modelId())
                .messages(request.messages())
                .system(request.system())
                .inferenceConfig(request.inferenceConfig())
                .toolConfig(request.toolConfig())
                .additionalModelRequestFields(request.additionalModelRequestFields())
                .additionalModelResponseFieldPaths(request.additionalModelResponseFieldPaths())
                .performanceConfig(request.performanceConfig())
                .serviceTier(request.serviceTier());
        return request.hasPromptVariables()
                ? conversation.promptVariables(request.promptVariables()).build()
                : conversation.build();
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
