package dev.outcrop.engines.text.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A request to an endpoint that is under way. Any thread may close it, at any time; its connection is closed then, by
 * which the endpoint sees that nobody waits for its answer.
 */
final class OpenAiExchange implements AutoCloseable {
    private static final int LONGEST_ERROR = 64 << 10;

    private final OpenAiSettings settings;
    private final HttpRequest request;
    private final CompletableFuture<HttpResponse<InputStream>> response;

    /** Sends {@code request}, which says for how long to wait. */
    OpenAiExchange(OpenAiSettings settings, HttpClient client, HttpRequest request) {
        this.settings = settings;
        this.request = request;
        response = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /**
     * The body of the answer, once it begins.
     *
     * @throws TextModelException if there is no answer, or it says that the request failed
     */
    InputStream body() {
        try {
            HttpResponse<InputStream> answer = response.get();
            if (answer.statusCode() != 200) {
                throw failure(answer);
            }
            return answer.body();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (IOException e) {
            throw failure(e);
        } catch (CancellationException e) {
            throw new TextModelException(Category.CANCELLED, "the request was given up", e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new TextModelException(Category.CANCELLED, "interrupted while calling " + settings.base(), e);
        }
    }

    private TextModelException failure(Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException e -> unreachable(e);
            case ConnectException e -> unreachable(e);
            case HttpTimeoutException e ->
                new TextModelException(
                        Category.TIMED_OUT,
                        "the endpoint of model " + settings.id() + " did not answer within "
                                + request.timeout().orElseThrow(),
                        e);
            default ->
                new TextModelException(
                        Category.UNAVAILABLE, "the endpoint of model " + settings.id() + ": " + cause, cause);
        };
    }

    private TextModelException unreachable(IOException cause) {
        return new TextModelException(
                Category.UNAVAILABLE,
                "the endpoint of model " + settings.id() + " cannot be reached at " + settings.base(),
                cause);
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
            JsonNode error = OpenAiTextModel.MAPPER.readTree(body);
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
        if (!response.cancel(true)) {
            // It has begun: giving up its body closes the connection.
            CompletableFuture<Void> _ = response.thenAccept(OpenAiExchange::giveUp);
        }
    }

    private static void giveUp(HttpResponse<InputStream> answer) {
        try {
            answer.body().close();
        } catch (IOException e) {
            // What cannot be closed is broken already.
        }
    }
}
