package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answer to a request for chat completions: of OpenAI's endpoint, and on Amazon Bedrock of gpt-oss, Qwen, DeepSeek-V3,
 * Jamba, Mistral's chat models, and of installed models.
 *
 * <p>Source: OpenAI's API reference, "Chat Completions"; <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html">OpenAI models</a>, <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html">Mistral AI
 * chat completion</a> and <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jamba.html">AI21 Labs Jamba models</a>.
 *
 * @param created      seconds since 1970
 * @param includeUsage whether a stream ends with a chunk that tells the usage
 */
public record ChatCompletions(
        TextRequest request,
        boolean oneToolCall,
        ChatDialect dialect,
        String id,
        String model,
        long created,
        boolean includeUsage)
        implements Exchange {
    static final String REASONING_BEGINS = "<reasoning>";
    static final String REASONING_ENDS = "</reasoning>";

    @Override
    public ObjectNode body(Answer answer) {
        ObjectNode body = envelope("chat.completion");
        ObjectNode choice = body.putArray("choices").addObject();
        choice.put("index", 0);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        String text = answer.text();
        String reasoning = answer.reasoning();
        if (!reasoning.isEmpty() && dialect.reasoning() == ChatDialect.Reasoning.TAGS) {
            text = REASONING_BEGINS + reasoning + REASONING_ENDS + text;
        }
        List<Content.ToolCall> calls = answer.toolCalls();
        if (text.isEmpty() && !calls.isEmpty() && !dialect.mistral()) {
            message.putNull("content");
        } else {
            message.put("content", text);
        }
        if (!reasoning.isEmpty() && dialect.reasoning() == ChatDialect.Reasoning.FIELD) {
            message.put("reasoning_content", reasoning);
        }
        if (!dialect.mistral()) {
            message.putNull("refusal");
        }
        if (!calls.isEmpty()) {
            ArrayNode toolCalls = message.putArray("tool_calls");
            calls.forEach(call -> toolCalls.add(toolCall(call.id(), call.name(), call.input())));
        }
        if (request.logProbabilities().isPresent()) {
            choice.set("logprobs", logProbabilities(answer.probabilities()));
        } else if (!dialect.mistral()) {
            choice.putNull("logprobs");
        }
        choice.put(finishKey(), finishReason(answer.reason()));
        if (!dialect.mistral()) {
            body.set("usage", usage(answer.usage()));
        }
        return body;
    }

    @Override
    public Chunks chunks() {
        return new ChatCompletionChunks(this);
    }

    /** The answer without its choices. */
    ObjectNode envelope(String object) {
        ObjectNode body = JsonFields.MAPPER.createObjectNode();
        if (!dialect.mistral()) {
            body.put("id", id);
            body.put("object", object);
            body.put("created", created);
            body.put("model", model);
            body.putNull("system_fingerprint");
        }
        return body;
    }

    String finishKey() {
        return dialect.mistral() ? "stop_reason" : "finish_reason";
    }

    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN, STOP_SEQUENCE -> "stop";
            case MAXIMUM_TOKENS -> "length";
            case TOOL_CALL -> "tool_calls";
            case CONTENT_FILTERED -> "content_filter";
        };
    }

    static ObjectNode toolCall(String id, String name, String arguments) {
        ObjectNode call = JsonFields.MAPPER.createObjectNode();
        call.put("id", id);
        call.put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    static ObjectNode usage(Usage usage) {
        ObjectNode node = JsonFields.MAPPER.createObjectNode();
        node.put("prompt_tokens", usage.inputTokens());
        node.put("completion_tokens", usage.outputTokens());
        node.put("total_tokens", usage.inputTokens() + usage.outputTokens());
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheReadTokens());
        return node;
    }

    static ObjectNode logProbabilities(List<TokenProbability> tokens) {
        ObjectNode node = JsonFields.MAPPER.createObjectNode();
        ArrayNode content = node.putArray("content");
        for (TokenProbability token : tokens) {
            ObjectNode entry = logProbability(token);
            ArrayNode alternatives = entry.putArray("top_logprobs");
            token.alternatives().forEach(alternative -> alternatives.add(logProbability(alternative)));
            content.add(entry);
        }
        node.putNull("refusal");
        return node;
    }

    private static ObjectNode logProbability(TokenProbability token) {
        ObjectNode entry = JsonFields.MAPPER.createObjectNode();
        entry.put("token", token.token());
        entry.put("logprob", token.logProbability());
        ArrayNode bytes = entry.putArray("bytes");
        for (byte unit : token.token().getBytes(StandardCharsets.UTF_8)) {
            bytes.add(unit & 0xFF);
        }
        return entry;
    }
}
