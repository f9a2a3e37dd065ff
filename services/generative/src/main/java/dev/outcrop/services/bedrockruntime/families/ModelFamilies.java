package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.services.bedrockruntime.EmbeddingRoute;
import dev.outcrop.services.bedrockruntime.ModelErrors;
import dev.outcrop.services.bedrockruntime.TextRoute;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * The families of models, by the ids that AWS gave them. Installed models under their own ids speak chat completions, and
 * where they embed, Titan's V2. Safe for concurrent use if its source of randomness is.
 */
public final class ModelFamilies {
    private static final TextFamily CHAT_COMPLETIONS =
            (body, invocation) -> ChatCompletionsReader.invoked(body, invocation, ChatDialect.OPENAI);

    /** The first part of an id that fits tells the family; who speaks chat completions as OpenAI does needs no line. */
    private static final List<Map.Entry<String, TextFamily>> TEXT = List.of(
            Map.entry("amazon.titan-", new TitanTextFamily()),
            Map.entry("amazon.nova-", new NovaFamily()),
            Map.entry("anthropic.", AnthropicMessagesReader::invoked),
            Map.entry("meta.llama", new LlamaFamily()),
            Map.entry(
                    "mistral.",
                    either(
                            new MistralTextFamily(),
                            (body, invocation) ->
                                    ChatCompletionsReader.invoked(body, invocation, mistral(invocation.modelId())))),
            Map.entry("cohere.command-r", new CommandRFamily()),
            Map.entry("cohere.command", new CommandFamily()),
            Map.entry(
                    "ai21.jamba",
                    (body, invocation) -> ChatCompletionsReader.invoked(body, invocation, ChatDialect.JAMBA)),
            Map.entry("deepseek.", either(new DeepSeekTextFamily(), CHAT_COMPLETIONS)),
            Map.entry(
                    "openai.gpt-oss",
                    (body, invocation) -> ChatCompletionsReader.invoked(body, invocation, ChatDialect.GPT_OSS)));

    private static final List<Map.Entry<String, EmbeddingFamily>> EMBEDDING = List.of(
            Map.entry("amazon.titan-embed-text-v2", new TitanEmbedFamily(TitanEmbedFamily.Version.V2)),
            Map.entry("amazon.titan-embed", new TitanEmbedFamily(TitanEmbedFamily.Version.G1)),
            Map.entry("cohere.embed-v4", new CohereEmbedFamily(4)),
            Map.entry("cohere.embed", new CohereEmbedFamily(3)));

    private final InstantSource clock;
    private final RandomGenerator random;

    public ModelFamilies(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * Reads the body of an invocation of a text model.
     *
     * @param streaming whether the operation streams
     * @throws ValidationException if the body breaks its family's rules
     */
    public TextInvocation text(TextRoute route, byte[] body, boolean streaming) {
        TextFamily family = of(TEXT, route.modelId(), CHAT_COMPLETIONS);
        Invocation invocation = new Invocation(route.modelId(), streaming, clock, random);
        try {
            return new TextInvocation(route, family.read(body, invocation));
        } catch (BodyException wrong) {
            throw ModelErrors.invalid(wrong.getMessage());
        }
    }

    /**
     * Answers the body of an invocation of an embedding model.
     *
     * @throws ValidationException if the body breaks its family's rules
     * @throws EmbeddingException if the model does not answer
     */
    public InvokedBody embedding(EmbeddingRoute route, byte[] body) {
        EmbeddingFamily family =
                of(EMBEDDING, route.modelId(), new TitanEmbedFamily(TitanEmbedFamily.Version.INSTALLED));
        try {
            return family.invoke(body, route.model(), new Invocation(route.modelId(), false, clock, random));
        } catch (BodyException wrong) {
            throw ModelErrors.invalid(wrong.getMessage());
        }
    }

    private static <F> F of(List<Map.Entry<String, F>> families, String modelId, F otherwise) {
        for (Map.Entry<String, F> family : families) {
            if (modelId.startsWith(family.getKey())) {
                return family.getValue();
            }
        }
        return otherwise;
    }

    /** A family that takes prompts and turns: a body with a prompt is the one, all others the other. */
    private static TextFamily either(TextFamily prompts, TextFamily turns) {
        return (body, invocation) ->
                JsonFields.strict(body).has("prompt") ? prompts.read(body, invocation) : turns.read(body, invocation);
    }

    /** Mistral's models of 2024 have a shape of their own; Pixtral and all later ones speak OpenAI's. */
    private static ChatDialect mistral(String modelId) {
        return modelId.contains("-240") || modelId.contains("7b") ? ChatDialect.MISTRAL : ChatDialect.OPENAI;
    }
}
