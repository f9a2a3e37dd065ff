package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.EventStreams;
import dev.outcrop.services.WordVectors;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ApplyGuardrailResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailAction;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailContentSource;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailOutputContent;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * Stands for Bedrock's models: vectors that count words, a model that writes what a test has told it, and a guardrail that
 * stops what has a certain word in it. Remembers what it was asked.
 */
final class PlayedModels implements BedrockRuntimeClient {
    private final WordVectors vectors;
    private final List<ConverseRequest> asked = new CopyOnWriteArrayList<>();
    private volatile Function<ConverseRequest, String> script = _ -> "I do not know.";
    private volatile Optional<String> forbidden = Optional.empty();

    PlayedModels(WordVectors vectors) {
        this.vectors = vectors;
    }

    /** Has the model write {@code answer} from now on. */
    void answering(String answer) {
        script = _ -> answer;
    }

    /** Has the model write what {@code answers} makes of a request. */
    void answering(Function<ConverseRequest, String> answers) {
        script = answers;
    }

    /** Has the guardrail stop questions and answers with {@code word}. */
    void forbidding(String word) {
        forbidden = Optional.of(word);
    }

    List<ConverseRequest> asked() {
        return asked;
    }

    /** The last prompt: the system's text and the messages, a line each. */
    String prompt() {
        ConverseRequest request = asked.getLast();
        StringBuilder prompt = new StringBuilder();
        request.system().forEach(block -> prompt.append(block.text()).append('\n'));
        request.messages()
                .forEach(message -> prompt.append(message.roleAsString())
                        .append(": ")
                        .append(message.content().getFirst().text())
                        .append('\n'));
        return prompt.toString();
    }

    @Override
    public InvokeModelResponse invokeModel(InvokeModelRequest request) {
        return vectors.invokeModel(request);
    }

    @Override
    public ConverseResponse converse(ConverseRequest request) {
        asked.add(request);
        return ConverseResponse.builder()
                .output(output -> output.message(message ->
                        message.role(ConversationRole.ASSISTANT).content(ContentBlock.fromText(script.apply(request)))))
                .stopReason("end_turn")
                .usage(usage -> usage.inputTokens(1).outputTokens(1).totalTokens(2))
                .metrics(metrics -> metrics.latencyMs(1L))
                .build();
    }

    @Override
    public ApplyGuardrailResponse applyGuardrail(ApplyGuardrailRequest request) {
        boolean stopped = forbidden
                .filter(word -> request.content().getLast().text().text().contains(word))
                .isPresent();
        boolean input = request.source() == GuardrailContentSource.INPUT;
        return ApplyGuardrailResponse.builder()
                .action(stopped ? GuardrailAction.GUARDRAIL_INTERVENED : GuardrailAction.NONE)
                .outputs(
                        stopped
                                ? List.of(GuardrailOutputContent.builder()
                                        .text(input ? "No such questions." : "No such answers.")
                                        .build())
                                : List.of())
                .assessments(List.of())
                .usage(usage -> usage.topicPolicyUnits(0)
                        .contentPolicyUnits(0)
                        .wordPolicyUnits(1)
                        .sensitiveInformationPolicyUnits(0)
                        .sensitiveInformationPolicyFreeUnits(0)
                        .contextualGroundingPolicyUnits(0))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    /** The same model, writing three characters at a time. */
    final class Streams implements BedrockRuntimeAsyncClient {
        @Override
        public CompletableFuture<Void> converseStream(
                ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
            ConverseRequest whole = ConverseRequest.builder()
                    .modelId(request.modelId())
                    .system(request.system())
                    .messages(request.messages())
                    .build();
            asked.add(whole);
            String answer = script.apply(whole);
            if (answer.equals("refuse")) {
                throw ValidationException.builder()
                        .message("Input is too long for requested model.")
                        .build();
            }
            return EventStreams.<ConverseStreamResponse, ConverseStreamOutput>publish(
                    handler, ConverseStreamResponse.builder().build(), sink -> {
                        for (int at = 0; at < answer.length(); at += 3) {
                            String piece = answer.substring(at, Math.min(answer.length(), at + 3));
                            sink.send(ConverseStreamOutput.contentBlockDeltaBuilder()
                                    .contentBlockIndex(0)
                                    .delta(delta -> delta.text(piece))
                                    .build());
                        }
                    });
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
