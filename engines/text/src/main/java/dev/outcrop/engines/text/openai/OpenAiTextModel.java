package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A model behind an OpenAI-compatible endpoint.
 *
 * <p>What the endpoint's dialect has no words for is refused as UNSUPPORTED, never dropped: grammars, top-k, scoring of
 * prompts. {@link TextRequest#options} go to the endpoint as they are. Cache points are left to the endpoint, which keeps
 * prefixes by itself; what it says it has reused is reported. Where it tells no usage, all counts are 0.
 */
public final class OpenAiTextModel implements TextModel {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final int LONGEST_ERROR = 64 << 10;
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
        HttpResponse<InputStream> response =
                send(settings.base(), chat ? "/chat/completions" : "/completions", body, request.timeout());
        return new OpenAiGeneration(
                settings.id(),
                response.body(),
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
        try (InputStream in = send(URI.create(base), path, body, CONTROL_LIMIT).body()) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new TextModelException(Category.UNAVAILABLE, "the endpoint of model " + settings.id() + ": " + e, e);
        }
    }

    private HttpResponse<InputStream> send(URI base, String path, ObjectNode body, Duration limit) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(base.toString().replaceFirst("/$", "") + path))
                    .timeout(limit)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body)));
            settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
            settings.headers().forEach(request::setHeader);
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw failure(response);
            }
            return response;
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw new TextModelException(
                    Category.UNAVAILABLE,
                    "the endpoint of model " + settings.id() + " cannot be reached at " + settings.base(),
                    e);
        } catch (HttpTimeoutException e) {
            throw new TextModelException(
                    Category.TIMED_OUT,
                    "the endpoint of model " + settings.id() + " did not answer within " + limit,
                    e);
        } catch (IOException e) {
            throw new TextModelException(Category.UNAVAILABLE, "the endpoint of model " + settings.id() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TextModelException(Category.CANCELLED, "interrupted while calling " + settings.base(), e);
        }
    }

    private TextModelException failure(HttpResponse<InputStream> response) throws IOException {
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
        }
        String message = message(body);
        Category category = switch (response.statusCode()) {
            case 400, 413, 422 -> isTooLong(body) ? Category.TOO_LONG : Category.INVALID;
            case 401, 403 -> Category.DENIED;
            case 404 -> Category.NOT_FOUND;
            case 408, 504 -> Category.TIMED_OUT;
            case 429 -> Category.OVERLOADED;
            case 501 -> Category.UNSUPPORTED;
            case 502 -> Category.UNAVAILABLE;
            case 503 -> body.toLowerCase(Locale.ROOT).contains("loading") ? Category.NOT_READY : Category.UNAVAILABLE;
            default -> isTooLong(body) ? Category.TOO_LONG : Category.FAILED;
        };
        return new TextModelException(
                category,
                "the endpoint of model " + settings.id() + " answered " + response.statusCode() + ": " + message);
    }

    /** Servers agree on no code for it, but all say it. */
    private static boolean isTooLong(String body) {
        String lower = body.toLowerCase(Locale.ROOT);
        return lower.contains("context_length_exceeded")
                || lower.contains("exceed_context_size")
                || lower.contains("maximum context length")
                || lower.contains("exceeds the available context size");
    }

    /** The message inside an error's body, in the shapes that servers give it. */
    static String message(String body) {
        try {
            JsonNode error = MAPPER.readTree(body);
            JsonNode inner = error.path("error");
            for (JsonNode candidate :
                    new JsonNode[] {inner.path("message"), inner, error.path("message"), error.path("detail")}) {
                if (candidate.isTextual()) {
                    return candidate.asText();
                }
            }
        } catch (JsonProcessingException e) {
            return body; // not JSON: a proxy's page, perhaps
        }
        return body;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
