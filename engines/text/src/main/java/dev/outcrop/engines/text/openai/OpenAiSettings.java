package dev.outcrop.engines.text.openai;

import dev.outcrop.engines.text.TextModelDescription.Capability;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where an endpoint is and what it can do.
 *
 * @param id             what the model is called here
 * @param base           the address before {@code /chat/completions}, such as {@code http://localhost:8000/v1}
 * @param model          what the endpoint calls the model
 * @param key            bearer key
 * @param headers        sent with every request
 * @param contextLength  tokens of prompt and answer together: endpoints do not say it in a common way
 * @param capabilities   what the model can do: nor that
 * @param dialect        how grammars are asked for
 * @param connectLimit   how long connecting may take
 */
public record OpenAiSettings(
        String id,
        URI base,
        String model,
        Optional<String> key,
        Map<String, String> headers,
        int contextLength,
        Set<Capability> capabilities,
        Dialect dialect,
        Duration connectLimit) {
    public OpenAiSettings {
        headers = Map.copyOf(headers);
        capabilities = Set.copyOf(capabilities);
    }

    /** A chat model with tools and schemas, without a key. */
    public static OpenAiSettings of(String id, URI base, String model) {
        return new OpenAiSettings(
                id,
                base,
                model,
                Optional.empty(),
                Map.of(),
                8192,
                Set.of(Capability.CHAT, Capability.TOOLS, Capability.CONSTRAINTS),
                Dialect.OPENAI,
                Duration.ofSeconds(10));
    }

    public OpenAiSettings withKey(String bearer) {
        return new OpenAiSettings(
                id, base, model, Optional.of(bearer), headers, contextLength, capabilities, dialect, connectLimit);
    }

    public OpenAiSettings withCapabilities(Set<Capability> some) {
        return new OpenAiSettings(id, base, model, key, headers, contextLength, some, dialect, connectLimit);
    }

    public OpenAiSettings withDialect(Dialect other) {
        return new OpenAiSettings(id, base, model, key, headers, contextLength, capabilities, other, connectLimit);
    }

    /** What servers have beyond OpenAI's own interface. */
    public enum Dialect {
        /** OpenAI's interface and nothing else: JSON Schema, but no grammars, no top-k. */
        OPENAI,
        /** llama-server: {@code grammar}, {@code top_k}, {@code min_p}, {@code repeat_penalty}; {@code /tokenize}. */
        LLAMA_SERVER,
        /** vLLM: {@code structured_outputs}, {@code top_k}, {@code min_p}, {@code repetition_penalty}. */
        VLLM,
        /** Ollama: OpenAI's interface, JSON Schema included. */
        OLLAMA
    }
}
