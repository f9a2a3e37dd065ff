package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;

/**
 * A model behind an OpenAI-compatible endpoint.
 *
 * <p>What the endpoint's dialect has no words for is refused as UNSUPPORTED, never dropped: grammars, top-k, scoring of
 * prompts. {@link TextRequest#options} go to the endpoint as they are. Cache points are left to the endpoint, which keeps
 * prefixes by itself; what it says it has reused is reported. Where it tells no usage, all counts are 0.
 */
public final class OpenAiTextModel implements TextModel {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Duration CONTROL_LIMIT = Duration.ofSeconds(30);

    private final OpenAiSettings settings;
    private final HttpClient client;

    public OpenAiTextModel(OpenAiSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                // A closed HTTP/1.1 connection is the cancellation that every server understands.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectLimit())
                .build();
    }

    @Override
    public TextModelDescription description() {
        return new TextModelDescription(settings.id(), settings.contextLength(), settings.capabilities());
    }

    @Override
    public Generation generate(TextRequest request) {
        long startedAt = System.nanoTime();
        boolean chat = request.prompt() instanceof Prompt.Chat;
        ObjectNode body = new OpenAiRequest(settings).body(request);
        return new OpenAiGeneration(
                settings.id(),
                exchange(settings.base(), chat ? "/chat/completions" : "/completions", body, request.timeout()),
                startedAt,
                startedAt + request.timeout().toNanos());
    }

    @Override
    public int countTokens(Prompt prompt) {
        return switch (settings.dialect()) {
            case VLLM -> {
                ObjectNode body = new OpenAiRequest(settings).prompt(prompt);
                yield ask("/tokenize", body).path("count").asInt();
            }
            case LLAMA_SERVER -> {
                ObjectNode body = MAPPER.createObjectNode();
                switch (prompt) {
                    case Prompt.Raw raw -> body.put("content", raw.text()).put("add_special", true);
                    case Prompt.Chat chat -> {
                        JsonNode written = ask("/apply-template", new OpenAiRequest(settings).prompt(chat));
                        body.put("content", written.path("prompt").asText()).put("add_special", false);
                    }
                }
                yield ask("/tokenize", body.put("parse_special", true))
                        .path("tokens")
                        .size();
            }
            case OPENAI, OLLAMA ->
                throw new TextModelException(
                        Category.UNSUPPORTED, "the endpoint of model " + settings.id() + " does not count tokens");
        };
    }

    /** Asks one of the functions that servers have beside OpenAI's: they are not below {@code /v1}. */
    private JsonNode ask(String path, ObjectNode body) {
        String base = settings.base().toString().replaceFirst("/v1/?$", "");
        try (OpenAiExchange exchange = exchange(URI.create(base), path, body, CONTROL_LIMIT);
                InputStream in = exchange.body()) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new TextModelException(Category.UNAVAILABLE, "the endpoint of model " + settings.id() + ": " + e, e);
        }
    }

    private OpenAiExchange exchange(URI base, String path, ObjectNode body, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base.toString().replaceFirst("/$", "") + path))
                .timeout(limit)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        settings.headers().forEach(request::setHeader);
        return new OpenAiExchange(settings, client, request.build());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
