package dev.outcrop.services.bedrockruntime.families;

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
}
