package dev.outcrop.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.models.Progress.Phase;
import dev.outcrop.engines.models.Progress.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
    private static final byte[] WEIGHTS = new byte[3_000_000];

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    private static final String RESUMED = "store GET model.gguf bytes=[1-9]\\d*- if \"store-1\"";

    @TempDir
    Path folder;

    private final List<Step> steps = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        server = new HubServer();
        server.large.put("model.gguf", WEIGHTS);
        server.small.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        environment.put("HF_ENDPOINT", server.address());
        environment.put("HF_HOME", folder.resolve("huggingface").toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ModelSources sources() {
        Hub.Limits limits = new Hub.Limits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                3,
                Duration.ofMillis(10),
                Duration.ofMinutes(1));
        return new ModelSources(environment, limits, Duration.ofMinutes(1));
    }

    private ModelSources.Fetched fetch(String path, String sha256, long size) {
        return fetch(new Source.Hub("owner/name", "main", path), sha256, size);
    }

    private ModelSources.Fetched fetch(Source source, String sha256, long size) {
        return sources().fetch("id", new ModelFile("model", size, sha256, List.of(source)), folder, steps::add);
    }

    @Test
    void followsTheRedirectAndTakesTheSumThatTheHubAnnounces() throws IOException {
        ModelSources.Fetched fetched = fetch("model.gguf", "", 0);

        assertThat(fetched.sha256()).isEqualTo(HubServer.sha256(WEIGHTS));
        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
        assertThat(steps).extracting(Step::phase).startsWith(Phase.CONNECTING, Phase.DOWNLOADING);
        assertThat(steps.getLast().bytesDone()).isEqualTo(WEIGHTS.length);
        assertThat(steps.getLast().bytesTotal()).isEqualTo(WEIGHTS.length);
    }

    @Test
    void goesOnWhereTheConnectionBrokeAsLongAsTheFileIsTheSame() throws IOException {
        server.breaks.add(1_000_000);
        server.breaks.add(500_000);

        fetch("model.gguf", HubServer.sha256(WEIGHTS), WEIGHTS.length);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
        // How many of the last bytes before a break arrive is the network's affair.
        assertThat(server.log)
                .filteredOn(line -> line.startsWith("store"))
                .hasSize(3)
                .startsWith("store GET model.gguf")
                .last()
                .asString()
                .matches(RESUMED);
    }

    @Test
    void goesOnWhereTheStoreWentSilent() throws IOException {
        server.silent = true;
        server.breaks.add(1_000_000);

        fetch("model.gguf", "", 0);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
        assertThat(server.log.getLast()).matches(RESUMED);
    }

    @Test
    void goesOnInALaterProcess() throws IOException {
        server.breaks.addAll(List.of(1_000_000, 0, 0, 0));
        assertThatThrownBy(() -> fetch("model.gguf", "", 0)).hasMessageContaining("broke 3 times after ");
        server.breaks.clear();

        fetch("model.gguf", "", 0);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
        assertThat(server.log.getLast()).matches(RESUMED);
    }

    @Test
    void beginsAnewWhereTheStoreKnowsNoRanges() throws IOException {
        server.breaks.add(1_000_000);
        server.ranges = false;

        fetch("model.gguf", "", 0);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
    }

    @Test
    void beginsAnewWhenTheFileHasChangedMeanwhile() throws IOException {
        server.breaks.addAll(List.of(1_000_000, 0, 0, 0));
        assertThatThrownBy(() -> fetch("model.gguf", "", 0)).isInstanceOf(ModelException.class);
        server.breaks.clear();
        byte[] other = WEIGHTS.clone();
        other[0]++;
        server.large.put("model.gguf", other);
        server.storeTag = "\"store-2\"";

        fetch("model.gguf", "", 0);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(other);
    }

    @Test
    void refusesBytesThatAreNotWhatTheHubAnnounced() {
        server.announced = "0".repeat(64);

        assertThatThrownBy(() -> fetch("model.gguf", "", 0))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the bytes have SHA-256 " + HubServer.sha256(WEIGHTS) + ", expected 000");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void doesNotFetchAFileOfAnotherSumThanWanted() {
        assertThatThrownBy(() -> fetch("model.gguf", "1".repeat(64), 0))
                .hasMessageContaining("the hub has another file: its SHA-256 is " + HubServer.sha256(WEIGHTS));
        assertThat(server.log).containsExactly("hub HEAD /owner/name/resolve/main/model.gguf");
    }

    @Test
    void holdsSmallFilesAgainstGitsSum() throws IOException {
        fetch("config.json", "", 0);

        assertThat(folder.resolve("model")).hasContent("{}");
    }

    @Test
    void followsARenamedRepository() throws IOException {
        fetch(new Source.Hub("old/name", "main", "model.gguf"), "", 0);

        assertThat(Files.readAllBytes(folder.resolve("model"))).isEqualTo(WEIGHTS);
    }

    @Test
    void givesTheTokenToTheHubAndToNobodyElse() {
        server.token = "hf_secret";
        environment.put("HF_TOKEN", "hf_secret");

        fetch("model.gguf", "", 0);

        assertThat(server.log)
                .filteredOn(line -> line.startsWith("hub"))
                .allMatch(line -> line.endsWith(" with Bearer hf_secret"));
        assertThat(server.log).filteredOn(line -> line.startsWith("store")).containsExactly("store GET model.gguf");
    }

    @Test
    void readsTheTokenThatTheHubsOwnClientKeeps() throws IOException {
        server.token = "hf_kept";
        Files.createDirectories(folder.resolve("huggingface"));
        Files.writeString(folder.resolve("huggingface/token"), "hf_kept\n");

        assertThat(fetch("config.json", "", 0).size()).isEqualTo(2);
    }

    @Test
    void saysWhatToDoAboutAGatedRepository() {
        server.token = "hf_other";

        assertThatThrownBy(() -> fetch("model.gguf", "", 0))
                .hasMessageContaining("owner/name is gated: accept its terms at " + server.address() + "/owner/name")
                .hasMessageContaining("HF_TOKEN");
    }

    @Test
    void tellsAMissingFileFromAMissingRevisionAndAMissingRepository() {
        assertThatThrownBy(() -> fetch("other.gguf", "", 0)).hasMessageContaining("owner/name has no file other.gguf");
        assertThatThrownBy(() -> fetch(new Source.Hub("owner/name", "v9", "model.gguf"), "", 0))
                .hasMessageContaining("owner/name has no revision v9");
        assertThatThrownBy(() -> fetch(new Source.Hub("nobody/none", "main", "model.gguf"), "", 0))
                .hasMessageContaining("there is no repository nobody/none");
    }

    @Test
    void asksNobodyWhenOffline() {
        environment.put("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(() -> fetch("model.gguf", "", 0)).hasMessageContaining("HF_HUB_OFFLINE is set");
        assertThat(server.log).isEmpty();
    }

    @Test
    void takesAFileFromTheHubsOwnCacheWhenOffline() throws IOException {
        environment.put("HF_HUB_OFFLINE", "1");
        Path repository = folder.resolve("huggingface/hub/models--owner--name");
        Path blob = repository.resolve("blobs").resolve(HubServer.sha256(WEIGHTS));
        Path snapshot = repository.resolve("snapshots").resolve("a".repeat(40));
        Files.createDirectories(blob.getParent());
        Files.createDirectories(snapshot);
        Files.createDirectories(repository.resolve("refs"));
        Files.write(blob, WEIGHTS);
        Files.createSymbolicLink(snapshot.resolve("model.gguf"), blob);
        Files.writeString(repository.resolve("refs/main"), "a".repeat(40));

        assertThat(fetch("model.gguf", "", 0).sha256()).isEqualTo(HubServer.sha256(WEIGHTS));
        assertThat(fetch("model.gguf", HubServer.sha256(WEIGHTS), WEIGHTS.length)
                        .size())
                .isEqualTo(WEIGHTS.length);
    }

    @Test
    void turnsAPatternIntoTheFilesThatMatchOverSeveralPages() {
        server.large.put("model-q4-00001-of-00002.gguf", new byte[] {1});
        server.large.put("model-q4-00002-of-00002.gguf", new byte[] {2});
        server.large.put("deeper/model-q4.gguf", new byte[] {3});
        Source pattern = new Source.Hub("owner/name", "main", "*Q4*.gguf");

        List<ModelFile> files =
                sources().files(new Origin.Download(List.of(new ModelFile("m", 0, "", List.of(pattern))), ""));

        assertThat(files)
                .extracting(ModelFile::name)
                .containsExactly("model-q4-00001-of-00002.gguf", "model-q4-00002-of-00002.gguf");
        assertThat(files).extracting(ModelFile::sha256).contains(HubServer.sha256(new byte[] {2}));
    }

    @Test
    void knowsWithinThreeSecondsThatNoHubAnswersAndDoesNotAskAgain() throws IOException {
        CatalogEntry entry = Catalog.builtIn().recommended(Task.TEXT);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "http://localhost:" + silent.getLocalPort();
            environment.put("HF_ENDPOINT", address);
            ModelSources sources = new ModelSources(environment);
            long before = System.nanoTime();

            assertThat(sources.hubAnswers(entry)).isFalse();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(3_900));
            assertThatThrownBy(() -> sources.files((Origin.Download) entry.origin()))
                    .hasMessageContaining(address + " did not answer within 2700 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void recommendsTheBetterModelOnlyWhereTheHubHasIt() {
        assertThat(Catalog.builtIn().defaultFor(Task.TEXT, sources()).id()).isEqualTo("smollm2-135m-instruct");
        assertThat(Catalog.builtIn().defaultFor(Task.EMBEDDING, sources()).id()).isEqualTo("all-minilm-l6-v2");
    }
}
