package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import java.util.Map;

/**
 * What an invocation answers.
 *
 * @param body    JSON
 * @param headers such as {@code x-amzn-bedrock-input-token-count}
 * @param usage   what is to be metered
 */
public record InvokedBody(byte[] body, Map<String, String> headers, Usage usage) {
    public InvokedBody {
        headers = Map.copyOf(headers);
    }

    /** What an embedding model answers. */
    static InvokedBody embedded(ObjectNode body, int inputTokens) {
        return new InvokedBody(
                TextInvocation.bytes(body),
                Map.of("x-amzn-bedrock-input-token-count", Integer.toString(inputTokens)),
                new Usage(inputTokens, 0, 0, 0));
    }
}
