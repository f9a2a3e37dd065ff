package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.embedding.EmbeddingException.Category;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An embedding model behind OpenAI's {@code POST /embeddings}, as vLLM, Ollama, llama-server and OpenAI have it.
 *
 * <p>Such a server says how many tokens a request had, not each text: where several texts go in one request, each gets
 * its share by length, and the shares add up to what the server said. It has no way to count tokens without embedding,
 * so {@link #countTokens} embeds. It cuts nothing either: a text that may be cut is halved at its end or start until
 * the server takes it.
 *
 * <p>Source: OpenAI API reference, "Create embeddings".
 */
public final class EndpointEmbeddingModel implements EmbeddingModel {
    private static final int LONGEST_ANSWER = 64 << 20;
    private static final int LONGEST_REASON = 500;

    private final Settings settings;
    private final Description description;
    private final HttpClient client;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Where the model is and how it is asked.
     *
     * @param id            the model's name here
     * @param url           what comes before {@code /embeddings}
     * @param remoteModel   the model's name there
     * @param key           the bearer key, empty to send none
     * @param dimension     values of a vector; 0 to ask the server by embedding a word
     * @param maximumTokens the longest text that it reads
     * @param textsPerCall  how many texts it takes in a request
     * @param timeout       how long a request may take
     */
    public record Settings(
            String id,
            URI url,
            String remoteModel,
            String key,
            int dimension,
            int maximumTokens,
            int textsPerCall,
            Duration timeout) {
        public Settings {
            if (dimension < 0 || textsPerCall < 1) {
                throw new EmbeddingException(
                        Category.INVALID,
                        "dimension must not be negative and textsPerCall at least 1, but they are " + dimension
                                + " and " + textsPerCall);
            }
        }

        // The key must not get into a log.
        @Override
        public String toString() {
            return "Settings[id=" + id + ", url=" + url + ", remoteModel=" + remoteModel + "]";
        }
    }

    private EndpointEmbeddingModel(Settings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        int dimension = settings.dimension() > 0
                ? settings.dimension()
                : ask(List.of("dimension")).vectors().getFirst().length;
        this.description = new Description(settings.id(), dimension, settings.maximumTokens());
    }

    /**
     * Opens the model; asks the server only if the dimension is not given.
     *
     * @throws EmbeddingException as the server answers
     */
    public static EndpointEmbeddingModel open(Settings settings) {
        return new EndpointEmbeddingModel(settings);
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public int countTokens(String text) {
        return ask(List.of(text)).tokens();
    }

    @Override
    public List<Embedding> embed(List<String> texts, Truncation truncation) {
        List<Embedding> embeddings = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += settings.textsPerCall()) {
            List<String> some = texts.subList(from, Math.min(texts.size(), from + settings.textsPerCall()));
            try {
                embeddings.addAll(share(some, ask(some)));
            } catch (EmbeddingException e) {
                if (e.category() != Category.TOO_LONG || truncation == Truncation.NONE) {
                    throw e;
                }
                some.forEach(text -> embeddings.add(embedCut(text, truncation)));
            }
        }
        return embeddings;
    }

    private Embedding embedCut(String text, Truncation truncation) {
        String cut = text;
        while (true) {
            try {
                Answer answer = ask(List.of(cut));
                return new Embedding(checked(answer.vectors().getFirst()), answer.tokens());
            } catch (EmbeddingException e) {
                int half = cut.length() / 2;
                if (e.category() != Category.TOO_LONG || half == 0) {
                    throw e;
                }
                // Not between the two halves of one character.
                int at = Character.isLowSurrogate(cut.charAt(half)) ? half + 1 : half;
                cut = truncation == Truncation.END ? cut.substring(0, at) : cut.substring(at);
            }
        }
    }

    private List<Embedding> share(List<String> texts, Answer answer) {
        long total = texts.stream().mapToLong(String::length).sum();
        List<Embedding> embeddings = new ArrayList<>(texts.size());
        long length = 0;
        int given = 0;
        for (int i = 0; i < texts.size(); i++) {
            length += texts.get(i).length();
            int upToHere = (int) (total == 0 ? 0 : answer.tokens() * length / total);
            embeddings.add(new Embedding(checked(answer.vectors().get(i)), upToHere - given));
            given = upToHere;
        }
        return embeddings;
    }

    private float[] checked(float[] vector) {
        if (vector.length != description.dimension()) {
            throw new EmbeddingException(
                    Category.FAILED,
                    settings.id() + " answers " + vector.length + " values, but was configured with "
                            + description.dimension());
        }
        return vector;
    }

    private record Answer(List<float[]> vectors, int tokens) {}

    private Answer ask(List<String> texts) {
        ObjectNode body = json.createObjectNode();
        body.put("model", settings.remoteModel());
        body.put("encoding_format", "float");
        ArrayNode input = body.putArray("input");
        texts.forEach(input::add);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + "/embeddings"))
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!settings.key().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.key());
        }
        return read(send(request.build()), texts.size());
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        try {
            // The client's own time limit ends with the headers; this one holds for the body too.
            return answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw timedOut(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddingException(Category.UNAVAILABLE, "the call to " + settings.id() + " was cancelled", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case HttpConnectTimeoutException unreachable -> nothingAnswers(unreachable);
                case ConnectException refused -> nothingAnswers(refused);
                case HttpTimeoutException timeout -> timedOut(timeout);
                case Throwable other ->
                    new EmbeddingException(
                            Category.UNAVAILABLE, "the connection to " + settings.url() + " broke: " + other, other);
            };
        } finally {
            answer.cancel(true);
        }
    }

    private EmbeddingException nothingAnswers(Throwable cause) {
        return new EmbeddingException(
                Category.UNAVAILABLE, "nothing answers at " + settings.url() + " for " + settings.id(), cause);
    }

    private EmbeddingException timedOut(Throwable cause) {
        return new EmbeddingException(
                Category.TIMED_OUT,
                settings.id() + " did not answer within " + settings.timeout().toMillis() + " ms",
                cause);
    }

    private Answer read(HttpResponse<byte[]> response, int texts) {
        if (response.statusCode() != 200) {
            throw refusal(response);
        }
        JsonNode root;
        try {
            root = json.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw malformed("no JSON", e);
        } catch (IOException e) {
            throw malformed("unreadable", e);
        }
        float[][] vectors = new float[texts][];
        int position = 0;
        for (JsonNode item : root.path("data")) {
            int index = item.path("index").asInt(position++);
            JsonNode values = item.path("embedding");
            if (index < 0 || index >= texts || !values.isArray() || values.isEmpty()) {
                throw malformed("an item that is no vector of a text asked for", null);
            }
            double[] vector = new double[values.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = values.get(i).asDouble();
            }
            vectors[index] = Vectors.unit(vector);
        }
        for (float[] vector : vectors) {
            if (vector == null) {
                throw malformed("fewer vectors than texts", null);
            }
        }
        return new Answer(
                Arrays.asList(vectors), root.path("usage").path("prompt_tokens").asInt());
    }

    private EmbeddingException malformed(String what, Exception cause) {
        return new EmbeddingException(
                Category.FAILED, settings.url() + " answers what is no list of embeddings: " + what, cause);
    }

    private EmbeddingException refusal(HttpResponse<byte[]> response) {
        String reason = reason(response.body()).orElse("HTTP status " + response.statusCode());
        String lower = reason.toLowerCase(Locale.ROOT);
        boolean length = lower.contains("maximum context length")
                || lower.contains("context length")
                || lower.contains("too long")
                || lower.contains("too large to process")
                || lower.contains("maximum input length");
        Category category = switch (response.statusCode()) {
            case 400, 422 -> length ? Category.TOO_LONG : Category.INVALID;
            case 401, 403 -> Category.DENIED;
            case 404 -> Category.NOT_FOUND;
            case 408, 504 -> Category.TIMED_OUT;
            case 413 -> Category.TOO_LONG;
            case 429 -> Category.OVERLOADED;
            case 500 -> length ? Category.TOO_LONG : Category.FAILED;
            case 502, 503 -> Category.UNAVAILABLE;
            default -> Category.FAILED;
        };
        return new EmbeddingException(category, settings.id() + " at " + settings.url() + ": " + reason);
    }

    /** The message in an error's body: OpenAI's {@code error.message}, others' {@code error} or {@code message}. */
    private Optional<String> reason(byte[] body) {
        try {
            JsonNode root = json.readTree(body);
            for (JsonNode candidate : List.of(
                    root.path("error").path("message"),
                    root.path("message"),
                    root.path("error"),
                    root.path("detail"))) {
                if (candidate.isTextual()) {
                    String message = candidate.textValue();
                    return Optional.of(
                            message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) : message);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
