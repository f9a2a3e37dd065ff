package dev.outcrop.services.bedrockruntime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Timings;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.services.bedrockruntime.families.Answer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseTrace;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailTraceAssessment;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.PerformanceConfigLatency;
import software.amazon.awssdk.services.bedrockruntime.model.PerformanceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceTier;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceTierType;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** What a model answered, in Converse's shapes: for one request, as a whole or event by event. */
final class ConverseAnswer {
    private final ConverseRequest request;
    private final ResponseFields responseFields;
    private final RandomGenerator random;
    private final Optional<Guarding> guard;

    /**
     * Answers to {@code request}.
     *
     * @param guard the guardrail around the call, if there is one
     * @throws ValidationException if it asks for what no answer can have
     */
    ConverseAnswer(ConverseRequest request, TextRoute route, RandomGenerator random, Optional<Guarding> guard) {
        this.request = request;
        this.responseFields = new ResponseFields(request.additionalModelResponseFieldPaths());
        this.random = random;
        this.guard = guard;
        if (request.performanceConfig() != null
                && request.performanceConfig().latency() == PerformanceConfigLatency.OPTIMIZED) {
            throw ModelErrors.invalid("Latency performance configuration is not supported for " + route.modelId());
        }
    }

    /** The whole answer. */
    ConverseResponse response(Answer answer) {
        List<ContentBlock> content = new ArrayList<>();
        for (Content part : answer.content()) {
            block(part, answer.reason()).ifPresent(content::add);
        }
        return ConverseResponse.builder()
                .output(output -> output.message(
                        message -> message.role(ConversationRole.ASSISTANT).content(content)))
                .stopReason(stopReason(answer.reason(), answer.usage()))
                .usage(usage(answer.usage()))
                .metrics(metrics -> metrics.latencyMs(latencyMillis(answer.timings())))
                .additionalModelResponseFields(additionalFields(answer.reason(), answer.stopSequence(), answer.usage())
                        .orElse(null))
                .performanceConfig(performance().orElse(null))
                .serviceTier(serviceTier().orElse(null))
                .trace(trace().map(
                                told -> ConverseTrace.builder().guardrail(told).build())
                        .orElse(null))
                .build();
    }

    /** What the guardrail around the call did, if it is to be told. */
    Optional<GuardrailTraceAssessment> trace() {
        return guard.flatMap(Guarding::trace);
    }

    private Optional<ContentBlock> block(Content part, FinishReason reason) {
        return switch (part) {
            // A blank block could not be sent back in the next turn: see ConversationRules.
            case Content.Text(String text) ->
                text.isBlank() ? Optional.empty() : Optional.of(ContentBlock.fromText(text));
            case Content.Reasoning(String text) ->
                Optional.of(ContentBlock.fromReasoningContent(
                        reasoning -> reasoning.reasoningText(written -> written.text(text))));
            case Content.ToolCall(String _, String name, String input) -> toolUse(name, input, reason);
            case Content.Image _, Content.ToolResult _, Content.CachePoint _ ->
                throw new IllegalStateException("no model writes this: " + part);
        };
    }

    private Optional<ContentBlock> toolUse(String name, String input, FinishReason reason) {
        Optional<Document> document = JsonDocuments.read(input).filter(Document::isMap);
        if (document.isEmpty() && reason == FinishReason.MAXIMUM_TOKENS) {
            return Optional.empty();
        }
        Document value = document.orElseThrow(() -> ModelErrorException.builder()
                .message("Model produced invalid sequence as part of ToolUse. Please refer to the model tool use"
                        + " troubleshooting guide.")
                .originalStatusCode(424)
                .build());
        return Optional.of(ContentBlock.fromToolUse(
                use -> use.toolUseId(newToolUseId()).name(name).input(value)));
    }

    /** An id in the form of AWS's. */
    String newToolUseId() {
        byte[] bytes = new byte[11];
        random.nextBytes(bytes);
        return "tooluse_" + HexFormat.of().formatHex(bytes);
    }

    /** Why the answer ended; a model that stops before the caller's limit has filled its context. */
    StopReason stopReason(FinishReason reason, Usage usage) {
        if (guard.filter(Guarding::intervened).isPresent()) {
            return StopReason.GUARDRAIL_INTERVENED;
        }
        return switch (reason) {
            case END_OF_TURN -> StopReason.END_TURN;
            case STOP_SEQUENCE -> StopReason.STOP_SEQUENCE;
            case TOOL_CALL -> StopReason.TOOL_USE;
            case CONTENT_FILTERED -> StopReason.CONTENT_FILTERED;
            case MAXIMUM_TOKENS -> {
                Optional<Integer> limit =
                        Optional.ofNullable(request.inferenceConfig()).map(inference -> inference.maxTokens());
                yield limit.filter(most -> usage.outputTokens() >= most).isPresent()
                        ? StopReason.MAX_TOKENS
                        : StopReason.MODEL_CONTEXT_WINDOW_EXCEEDED;
            }
        };
    }

    /** Tokens as AWS counts them: the input without what the cache gave or took, the total with it. */
    TokenUsage usage(Usage usage) {
        return TokenUsage.builder()
                .inputTokens(ModelUse.uncachedInputTokens(usage))
                .outputTokens(usage.outputTokens())
                .totalTokens(usage.inputTokens() + usage.outputTokens())
                .cacheReadInputTokens(usage.cacheReadTokens())
                .cacheWriteInputTokens(usage.cacheWriteTokens())
                .build();
    }

    static long latencyMillis(Timings timings) {
        return timings.total().toMillis();
    }

    /** The fields that the caller asked for and the answer has. */
    Optional<Document> additionalFields(FinishReason reason, Optional<String> stopSequence, Usage usage) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("stop_reason", stopReason(reason, usage).toString());
        stopSequence.ifPresentOrElse(met -> answer.put("stop_sequence", met), () -> answer.putNull("stop_sequence"));
        answer.putObject("usage")
                .put("input_tokens", ModelUse.uncachedInputTokens(usage))
                .put("output_tokens", usage.outputTokens())
                .put("cache_read_input_tokens", usage.cacheReadTokens())
                .put("cache_creation_input_tokens", usage.cacheWriteTokens());
        return responseFields.of(answer);
    }

    /** What the caller asked for, which was done. */
    Optional<PerformanceConfiguration> performance() {
        return Optional.ofNullable(request.performanceConfig());
    }

    /** The tier that served the request: here there is one. */
    Optional<ServiceTier> serviceTier() {
        return Optional.ofNullable(request.serviceTier())
                .map(_ -> ServiceTier.builder().type(ServiceTierType.DEFAULT).build());
    }
}
