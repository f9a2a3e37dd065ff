package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.TextRequest;
import java.util.Optional;

/**
 * The answer to a request of Anthropic's Messages API, on Amazon Bedrock and at {@code /anthropic/v1/messages} alike.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html">
 * Anthropic Claude Messages API, request and response</a>, and Anthropic's API reference.
 *
 * @param model  the model as the answer names it
 * @param pings  whether a stream has events that only keep it alive, as Anthropic's own endpoint sends
 */
public record AnthropicMessages(TextRequest request, boolean oneToolCall, String id, String model, boolean pings)
        implements Exchange {
    @Override
    public ObjectNode body(Answer answer) {
        ObjectNode body = envelope();
        ArrayNode content = body.putArray("content");
        for (Content part : answer.content()) {
            switch (part) {
                case Content.Text(String text) -> content.add(textBlock(text));
                case Content.Reasoning(String text) -> content.add(thinkingBlock(text));
                case Content.ToolCall(String callId, String name, String input) -> {
                    ObjectNode block = toolUseBlock(callId, name);
                    block.set("input", tree(input));
                    content.add(block);
                }
                case Content.Image _, Content.ToolResult _, Content.CachePoint _ ->
                    throw new IllegalStateException("no model writes " + part);
            }
        }
        stop(body, answer.reason(), answer.stopSequence());
        body.set("usage", usage(answer.usage()));
        return body;
    }

    @Override
    public Chunks chunks() {
        return new AnthropicChunks(this);
    }

    /** The message without its content. */
    ObjectNode envelope() {
        ObjectNode body = JsonFields.MAPPER.createObjectNode();
        body.put("id", id);
        body.put("type", "message");
        body.put("role", "assistant");
        body.put("model", model);
        return body;
    }

    static ObjectNode textBlock(String text) {
        ObjectNode block = JsonFields.MAPPER.createObjectNode();
        block.put("type", "text");
        block.put("text", text);
        return block;
    }

    /** The signature stays empty: nothing here needs to know its own reasoning again. */
    static ObjectNode thinkingBlock(String text) {
        ObjectNode block = JsonFields.MAPPER.createObjectNode();
        block.put("type", "thinking");
        block.put("thinking", text);
        block.put("signature", "");
        return block;
    }

    static ObjectNode toolUseBlock(String id, String name) {
        ObjectNode block = JsonFields.MAPPER.createObjectNode();
        block.put("type", "tool_use");
        block.put("id", id);
        block.put("name", name);
        block.putObject("input");
        return block;
    }

    static void stop(ObjectNode target, FinishReason reason, Optional<String> stopSequence) {
        target.put(
                "stop_reason",
                switch (reason) {
                    case END_OF_TURN -> "end_turn";
                    case STOP_SEQUENCE -> "stop_sequence";
                    case MAXIMUM_TOKENS -> "max_tokens";
                    case TOOL_CALL -> "tool_use";
                    case CONTENT_FILTERED -> "refusal";
                });
        target.put("stop_sequence", stopSequence.orElse(null));
    }

    /** Anthropic counts what the cache read and wrote apart from the rest of the prompt. */
    static ObjectNode usage(Usage usage) {
        ObjectNode node = JsonFields.MAPPER.createObjectNode();
        node.put("input_tokens", usage.inputTokens() - usage.cacheReadTokens() - usage.cacheWriteTokens());
        node.put("cache_creation_input_tokens", usage.cacheWriteTokens());
        node.put("cache_read_input_tokens", usage.cacheReadTokens());
        node.put("output_tokens", usage.outputTokens());
        return node;
    }

    /** What a model wrote as a tool's input: JSON, unless the maximum of tokens cut it off. */
    static JsonNode tree(String json) {
        try {
            JsonNode tree = JsonFields.MAPPER.readTree(json);
            return tree.isObject() ? tree : JsonFields.MAPPER.createObjectNode();
        } catch (JsonProcessingException cutOff) {
            return JsonFields.MAPPER.createObjectNode();
        }
    }
}
