package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outcrop.engines.embedding.TinyCrossEncoder;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelSources;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.models.Requantizer;
import dev.outcrop.engines.retrieval.CrossEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross-encoder that a user installs from a hub, which is played here and has a model of a few bytes. */
class InstalledRerankerTest {
    private static final String FOLDER = "/cross-encoder/ms-marco-MiniLM-L6-v2/resolve/main/";

    @TempDir
    private Path folder;

    private HttpServer hub;

    @BeforeEach
    void start() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("onnx/model.onnx", TinyCrossEncoder.weights());
        serve("tokenizer.json", TinyCrossEncoder.TOKENIZER.getBytes(StandardCharsets.UTF_8));
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.stop(0);
    }

    private void serve(String name, byte[] content) {
        hub.createContext(FOLDER + name, exchange -> answer(exchange, content));
    }

    private static void answer(HttpExchange exchange, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("X-Repo-Commit", "0123456789012345678901234567890123456789");
        exchange.getResponseHeaders().set("ETag", "\"" + gitBlob(content) + "\"");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : content.length);
        try (OutputStream body = exchange.getResponseBody()) {
            if (!head) {
                body.write(content);
            }
        }
    }

    private static String gitBlob(byte[] content) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reranksFromTheCallAfterItWasPulled() {
        Map<String, String> environment = Map.of(
                "HF_ENDPOINT",
                "http://localhost:" + hub.getAddress().getPort(),
                "HF_HOME",
                folder.resolve("hub").toString());
        ModelStore store = ModelStore.open(folder.resolve("models"), new ModelSources(environment), Requantizer.NONE);
        Catalog catalog = Catalog.builtIn();
        Configuration.Models settings = Configuration.defaults().models();

        try (HouseModels models = new HouseModels(settings, catalog, store, folder)) {
            assertThat(models.crossEncoder()).isEmpty();

            store.install(catalog.get("ms-marco-minilm-l6-v2"), Progress.NONE);

            CrossEncoding reranker =
                    models.crossEncoder().map(CrossEncoding::new).orElseThrow();
            assertThat(reranker.name()).isEqualTo("cross-encoder ms-marco-minilm-l6-v2");
            double[] scores = reranker.scores("ten", List.of("twenty", "hundred"));
            assertThat(scores[0]).isBetween(0.5, 1.0);
            assertThat(scores[1]).isBetween(scores[0], 1.0);
            assertThat(models.crossEncoder()).containsSame(models.crossEncoder().orElseThrow());
        }
    }
}
