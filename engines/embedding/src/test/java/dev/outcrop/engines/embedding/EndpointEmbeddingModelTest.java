package dev.outcrop.engines.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outcrop.engines.embedding.EmbeddingException.Category;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that speaks OpenAI's protocol: the vector of a text is its length and one. */
class EndpointEmbeddingModelTest {
    private static final int LONGEST = 100;

    private final ObjectMapper json = new ObjectMapper();
    private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/embeddings", this::embeddings);
        server.createContext("/refuses", exchange -> {
            int status = Integer.parseInt(exchange.getRequestURI().getPath().split("/", -1)[2]);
            answer(exchange, status, "{\"error\": {\"message\": \"no, because\"}}");
        });
        server.createContext("/nonsense", exchange -> answer(exchange, 200, "<html>"));
        server.createContext("/fewer", exchange -> answer(exchange, 200, "{\"data\": []}"));
        server.createContext("/silent", exchange -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop(0);
    }

    private void embeddings(HttpExchange exchange) throws IOException {
        JsonNode request = json.readTree(exchange.getRequestBody().readAllBytes());
        requests.add(request);
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        StringBuilder data = new StringBuilder();
        int tokens = 0;
        // Answered from the last to the first: the index counts, not the order.
        for (int i = request.path("input").size() - 1; i >= 0; i--) {
            int length = request.path("input").get(i).asText().length();
            if (length > LONGEST) {
                answer(exchange, 400, "{\"error\": {\"message\": \"This model's maximum context length is 100.\"}}");
                return;
            }
            tokens += length + 2;
            data.append(data.isEmpty() ? "" : ",").append("{\"index\": " + i + ", \"embedding\": [" + length + ", 1]}");
        }
        answer(exchange, 200, "{\"data\": [" + data + "], \"usage\": {\"prompt_tokens\": " + tokens + "}}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private EndpointEmbeddingModel open(String path, int dimension) {
        return EndpointEmbeddingModel.open(new EndpointEmbeddingModel.Settings(
                "remote",
                URI.create("http://localhost:" + server.getAddress().getPort() + path),
                "text-embedding",
                "secret",
                dimension,
                LONGEST,
                3,
                Duration.ofSeconds(2)));
    }

    @Test
    void asksForTheDimensionThatItIsNotTold() {
        try (EmbeddingModel model = open("/v1", 0)) {
            assertThat(model.description()).isEqualTo(new EmbeddingModel.Description("remote", 2, LONGEST));
        }
        assertThat(requests.getFirst().path("model").asText()).isEqualTo("text-embedding");
        assertThat(keys.getFirst()).isEqualTo("Bearer secret");
    }

    @Test
    void embedsInSeveralRequestsAndKeepsTheOrder() {
        try (EmbeddingModel model = open("/v1", 2)) {
            List<Embedding> embeddings = model.embed(List.of("a", "bb", "ccc", "dddd"));

            assertThat(embeddings)
                    .extracting(Embedding::vector)
                    .satisfiesExactly(
                            one -> assertThat(Reference.cosine(one, new float[] {1, 1}))
                                    .isGreaterThan(0.999999),
                            two -> assertThat(Reference.cosine(two, new float[] {2, 1}))
                                    .isGreaterThan(0.999999),
                            three -> assertThat(Reference.cosine(three, new float[] {3, 1}))
                                    .isGreaterThan(0.999999),
                            four -> assertThat(Reference.cosine(four, new float[] {4, 1}))
                                    .isGreaterThan(0.999999));
            assertThat(embeddings.stream().mapToInt(Embedding::tokens).sum()).isEqualTo(10 + 8);
            assertThat(requests).hasSize(2);
        }
    }

    @Test
    void countsTokensAsTheServerDoes() {
        try (EmbeddingModel model = open("/v1", 2)) {
            assertThat(model.countTokens("four")).isEqualTo(6);
        }
    }

    @Test
    void refusesWhatTheServerFindsTooLongUnlessItMayCut() {
        String text = "x".repeat(300);
        try (EmbeddingModel model = open("/v1", 2)) {
            EmbeddingException refusal =
                    catchThrowableOfType(EmbeddingException.class, () -> model.embed(List.of("a", text)));
            List<Embedding> cut = model.embed(List.of("a", text), Truncation.END);

            assertThat(refusal.category()).isEqualTo(Category.TOO_LONG);
            assertThat(cut.get(1).tokens()).isEqualTo(77);
        }
    }

    @Test
    void translatesTheServersErrors() {
        assertThat(category("/refuses/400")).isEqualTo(Category.INVALID);
        assertThat(category("/refuses/401")).isEqualTo(Category.DENIED);
        assertThat(category("/refuses/404")).isEqualTo(Category.NOT_FOUND);
        assertThat(category("/refuses/413")).isEqualTo(Category.TOO_LONG);
        assertThat(category("/refuses/429")).isEqualTo(Category.OVERLOADED);
        assertThat(category("/refuses/500")).isEqualTo(Category.FAILED);
        assertThat(category("/refuses/503")).isEqualTo(Category.UNAVAILABLE);
        assertThat(category("/nonsense")).isEqualTo(Category.FAILED);
        assertThat(category("/fewer")).isEqualTo(Category.FAILED);
    }

    private Category category(String path) {
        try (EmbeddingModel model = open(path, 2)) {
            return catchThrowableOfType(EmbeddingException.class, () -> model.embed(List.of("text")))
                    .category();
        }
    }

    @Test
    void passesOnWhatTheServerSays() {
        try (EmbeddingModel model = open("/refuses/400", 2)) {
            assertThatThrownBy(() -> model.embed(List.of("text"))).hasMessageContaining("no, because");
        }
    }

    @Test
    void givesUpOnASilentServer() {
        assertThat(category("/silent")).isEqualTo(Category.TIMED_OUT);
    }

    @Test
    void saysThatNothingAnswers() {
        server.stop(0);

        assertThat(category("/v1")).isEqualTo(Category.UNAVAILABLE);
    }

    @Test
    void keepsTheKeyOutOfItsDescription() {
        EndpointEmbeddingModel.Settings settings = new EndpointEmbeddingModel.Settings(
                "remote", URI.create("http://localhost"), "model", "secret", 2, 10, 1, Duration.ofSeconds(1));

        assertThat(settings.toString()).doesNotContain("secret");
    }
}
