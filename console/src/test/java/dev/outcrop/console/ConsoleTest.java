package dev.outcrop.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.SqliteJournal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "111122223333";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Console console;
    private SqliteJournal journal;

    @BeforeEach
    void open() throws IOException {
        journal = SqliteJournal.open(folder.resolve("journal.db"));
        Path weights = Files.writeString(folder.resolve("weights.gguf"), "not really weights");
        Path catalog = Files.writeString(
                folder.resolve("models.yaml"), """
                models:
                  - {id: here, provider: Me, task: text, contextLength: 8, licence: MIT,
                     files: [{name: here.gguf, sources: [{file: %s}]}]}
                  - {id: gone, provider: Me, task: text, contextLength: 8, licence: MIT,
                     files: [{name: gone.gguf, sources: [{file: %s}]}]}
                  - {id: elsewhere, task: text, contextLength: 8, endpoint: {url: "http://127.0.0.1:1", model: m}}
                """.formatted(weights, folder.resolve("missing.gguf")));
        console = console(catalog, true);
    }

    @AfterEach
    void close() {
        console.close();
        journal.close();
    }

    private Console console(Path catalog, boolean developmentSessions) {
        return new Console(
                new Console.Settings("1.2.3", "eu-west-1", developmentSessions),
                new ServedServices(new ServiceTables()),
                Catalog.load(catalog),
                ModelStore.open(folder.resolve("store")),
                journal,
                Prices.aws(),
                InstantSource.fixed(Instant.parse("2026-03-31T12:00:00Z")));
    }

    @Test
    void fetchesAModelWhileTheServerRuns() throws Exception {
        assertThat(model("here").path("state").asText()).isEqualTo("available");

        call("POST", "/_outcrop/models/here/pull");

        await("here", "installed");
        assertThat(model("here").path("diskBytes").asLong()).isEqualTo("not really weights".length());
    }

    @Test
    void saysWhyAModelWasNotFetched() throws Exception {
        call("POST", "/_outcrop/models/gone/pull");

        await("gone", "failed");
        assertThat(model("gone").path("failure").asText()).contains("missing.gguf");
    }

    @Test
    void fetchesNothingThatIsServedElsewhereOrUnknown() {
        assertThatThrownBy(() -> call("POST", "/_outcrop/models/elsewhere/pull"))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.status()).isEqualTo(400));
        assertThatThrownBy(() -> call("POST", "/_outcrop/models/her/pull"))
                .isInstanceOfSatisfying(
                        AwsError.class, error -> assertThat(error.status()).isEqualTo(404))
                .hasMessageContaining("did you mean here");
        assertThatThrownBy(() -> call("POST", "/_outcrop/models/pull")).isInstanceOf(AwsError.class);
    }

    @Test
    void asksForARightWhereverSomethingIsShownOrDone() {
        for (Endpoint endpoint : console.endpoints()) {
            boolean open =
                    endpoint.path().startsWith("/console") || endpoint.path().startsWith("/_outcrop/console");

            assertThat(endpoint.action().isPresent()).as(endpoint.path()).isEqualTo(!open);
            assertThat(endpoint.authentication() == Endpoint.Authentication.NONE)
                    .as(endpoint.path())
                    .isEqualTo(open);
        }
    }

    @Test
    void givesDevelopmentKeysOnlyWhereTheyAreTaken() throws Exception {
        JsonNode session = call("POST", "/_outcrop/console/session").json();
        try (Console closed = console(folder.resolve("models.yaml"), false)) {
            Exchange exchange = new Exchange("POST", "/_outcrop/console/session", Map.of());

            assertThat(session.path("accessKeyId").asText()).isEqualTo("test");
            assertThatThrownBy(() -> answering(closed, exchange).handle(exchange))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.status()).isEqualTo(403));
        }
    }

    @Test
    void servesThePageForEveryAddressAndFilesByTheirNames() throws Exception {
        Exchange page = call("GET", "/console/s3/some/bucket");
        String html = page.body.toString(UTF_8);
        String script = html.replaceAll("(?s).*src=\"/console/(assets/[^\"]+\\.js)\".*", "$1");
        Exchange plain = call("GET", "/console/" + script);
        Exchange compressed =
                call(new Exchange("GET", "/console/" + script, Map.of("accept-encoding", "gzip, deflate")));

        assertThat(page.status).isEqualTo(200);
        assertThat(page.headers.get("content-security-policy"))
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
        assertThat(page.headers).containsEntry("cache-control", "no-cache");
        assertThat(plain.headers.get("cache-control")).contains("immutable");
        assertThat(call(new Exchange("GET", "/console/", Map.of("if-none-match", page.headers.get("etag")))).status)
                .isEqualTo(304);
        assertThat(compressed.headers).containsEntry("content-encoding", "gzip");
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body.toByteArray()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain.body.toByteArray());
        }
    }

    @Test
    void servesNothingFromElsewhere() throws Exception {
        assertThat(call("GET", "/console").status).isEqualTo(308);
        assertThat(call("GET", "/console/assets/missing.js").status).isEqualTo(404);
        for (String path : new String[] {
            "/console/../Console.class",
            "/console/assets/../../Console.class",
            "/console/assets/..%2fx",
            "/console//etc/passwd"
        }) {
            assertThat(call("GET", path).body.toString(UTF_8))
                    .as(path)
                    .doesNotContain("root:")
                    .doesNotContain("\u0000");
        }
    }

    @Test
    void sumsUpWhatTheCallersAccountHasUsedByDayServiceAndModel() throws Exception {
        UsageEntries prices = new UsageEntries(Prices.aws());
        Instant evening = Instant.parse("2026-03-30T23:59:59Z");
        JournalEntry haiku = charge(prices, OURS, "anthropic.claude-3-haiku-20240307-v1:0", 2_000, evening);
        journal.append(List.of(
                haiku,
                haiku,
                charge(prices, OURS, "anthropic.claude-3-haiku-20240307-v1:0", 4_000, evening.plusSeconds(1)),
                charge(prices, OURS, "smollm2", 10, evening),
                charge(prices, "999999999999", "smollm2", 77, evening),
                charge(prices, OURS, "smollm2", 55, evening.minus(Duration.ofDays(40)))));
        assertThat(usage("").path("lines")).hasSize(3);
        journal.append(List.of(charge(prices, OURS, "smollm2", 5, evening)));

        JsonNode usage = usage("from=2026-03-30&to=2026-03-31");

        assertThat(usage.path("complete").asBoolean()).isTrue();
        assertThat(usage.path("lines"))
                .extracting(
                        line -> line.path("day").asText(),
                        line -> line.path("model").asText(),
                        line -> line.path("amounts").path("InputTokens").asDouble(),
                        line -> line.path("price").asText())
                .containsExactly(
                        tuple("2026-03-30", "anthropic.claude-3-haiku-20240307-v1:0", 4_000.0, "0.001"),
                        tuple("2026-03-30", "smollm2", 15.0, "0"),
                        tuple("2026-03-31", "anthropic.claude-3-haiku-20240307-v1:0", 4_000.0, "0.001"));
    }

    @Test
    void saysWhatAModelCosts() throws Exception {
        JsonNode nova = call(new Exchange("GET", "/_outcrop/prices", Map.of(), "model=amazon.nova-micro-v1:0"))
                .json();
        JsonNode own = call(new Exchange("GET", "/_outcrop/prices", Map.of(), "model=here"))
                .json();

        assertThat(nova.path("currency").asText()).isEqualTo("USD");
        assertThat(nova.path("perMillion").path("InputTokens").asText()).isEqualTo("0.035");
        assertThat(nova.path("perMillion").path("OutputTokens").asText()).isEqualTo("0.14");
        assertThat(own.path("perMillion").path("OutputTokens").asText()).isEqualTo("0");
        assertThatThrownBy(() -> call("GET", "/_outcrop/prices"))
                .isInstanceOf(AwsError.class)
                .hasMessageContaining("model");
    }

    @Test
    void refusesRangesThatAreNone() {
        for (String range : List.of("from=yesterday", "from=2026-03-02&to=2026-03-01", "from=2020-01-01")) {
            assertThatThrownBy(() -> usage(range))
                    .as(range)
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("ValidationException"));
        }
    }

    private static JournalEntry charge(UsageEntries prices, String account, String model, double tokens, Instant time) {
        return prices.charge(
                account,
                "eu-west-1",
                "arn:aws:iam::" + account + ":user/somebody",
                "bedrock-runtime",
                "Converse",
                model,
                Map.of("InputTokens", tokens),
                time);
    }

    private JsonNode usage(String query) throws IOException {
        Exchange exchange = new Exchange("GET", "/_outcrop/usage", Map.of(), query);
        CallContext caller = CallContext.ofService("test", "console", OURS, "eu-west-1", "");
        return caller.call(() -> call(exchange)).json();
    }

    private void await(String id, String state) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (!model(id).path("state").asText().equals(state)) {
            assertThat(Instant.now()).as("%s is %s", id, model(id)).isBefore(end);
            Thread.sleep(20);
        }
    }

    private JsonNode model(String id) throws IOException {
        for (JsonNode model : call("GET", "/_outcrop/models").json().path("models")) {
            if (model.path("id").asText().equals(id)) {
                return model;
            }
        }
        throw new AssertionError("no model " + id);
    }

    private Exchange call(String method, String path) throws IOException {
        return call(new Exchange(method, path, Map.of()));
    }

    private Exchange call(Exchange exchange) throws IOException {
        answering(console, exchange).handle(exchange);
        return exchange;
    }

    private static Endpoint answering(Console console, Exchange exchange) {
        return console.endpoints().stream()
                .filter(endpoint -> endpoint.method().equals(exchange.method())
                        && (endpoint.path().endsWith("/*")
                                ? exchange.path().startsWith(endpoint.path().replace("/*", "/"))
                                : exchange.path().equals(endpoint.path())))
                .findFirst()
                .orElseThrow();
    }

    /** An exchange that is kept to be looked at. */
    private static final class Exchange implements EndpointExchange {
        private final String method;
        private final String path;
        private final Map<String, String> request;
        private final String query;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;
        private Map<String, String> headers = Map.of();

        Exchange(String method, String path, Map<String, String> request) {
            this(method, path, request, "");
        }

        Exchange(String method, String path, Map<String, String> request, String query) {
            this.method = method;
            this.path = path;
            this.request = request;
            this.query = query;
        }

        JsonNode json() throws IOException {
            return JSON.readTree(body.toByteArray());
        }

        @Override
        public String method() {
            return method;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public Optional<String> query(String name) {
            return Stream.of(query.split("&"))
                    .filter(parameter -> parameter.startsWith(name + "="))
                    .map(parameter -> parameter.substring(name.length() + 1))
                    .findFirst();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(request.get(name));
        }

        @Override
        public InputStream body(long maximumBytes) {
            return InputStream.nullInputStream();
        }

        @Override
        public void respond(int status, Map<String, String> headers, byte[] content) {
            this.status = status;
            this.headers = headers;
            body.writeBytes(content);
        }

        @Override
        public OutputStream stream(int status, Map<String, String> headers) {
            this.status = status;
            this.headers = headers;
            return body;
        }
    }
}
