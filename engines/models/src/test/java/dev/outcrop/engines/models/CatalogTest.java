package dev.outcrop.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    private static final String ENTRY = """
            models:
              - id: mine
                provider: me
                task: text
                parameters: 1.5B
                contextLength: 4096
                licence: MIT
                memory: 1.2 GB
                files:
                  - name: mine.gguf
                    sources:
                      - file: /models/mine.gguf
            """;

    @TempDir
    Path folder;

    private Catalog load(String yaml) throws IOException {
        return Catalog.load(Files.writeString(folder.resolve("models.yaml"), yaml));
    }

    @Test
    void namesModelsFromATenthOfABillionToSeventyBillionParameters() {
        assertThat(Catalog.builtIn().entries())
                .filteredOn(entry -> entry.task() == Task.TEXT)
                .hasSizeGreaterThan(25)
                .anyMatch(entry -> entry.parameters() < 200_000_000)
                .anyMatch(entry -> entry.parameters() > 70_000_000_000L)
                .allMatch(entry -> entry.memoryBytes() > 0 && entry.contextLength() >= 4096);
    }

    @Test
    void recommendsAnApacheLicensedInstructModelOfHalfToSeventeenTenthsBillionThatFitsTwoGigabytes() {
        CatalogEntry recommended = Catalog.builtIn().recommended(Task.TEXT);

        assertThat(recommended.licence()).isEqualTo("Apache-2.0");
        assertThat(recommended.parameters()).isBetween(500_000_000L, 1_700_000_000L);
        assertThat(recommended.memoryBytes()).isLessThan(2_000_000_000L);
        assertThat(recommended.chat().template()).isTrue();
    }

    @Test
    void packsDefaultsThatNeedNoHub() {
        for (Task task : Task.USUAL) {
            assertThat(Catalog.builtIn().packaged(task).origin())
                    .isInstanceOfSatisfying(
                            Origin.Download.class,
                            download -> assertThat(download.files())
                                    .allMatch(
                                            file -> file.sources().stream().anyMatch(s -> !(s instanceof Source.Hub))));
        }
    }

    @Test
    void readsBackEveryEntryThatItWrites() {
        for (CatalogEntry entry : Catalog.builtIn().entries()) {
            CatalogFormat.Reader written = new CatalogFormat.Reader("written", CatalogFormat.write(entry));

            assertThat(CatalogFormat.entry(written)).isEqualTo(entry);
        }
    }

    @Test
    void readsAdaptersThatAreAmongTheFiles() throws IOException {
        String adapted = ENTRY + """
                  - name: tuned.gguf
                    sources:
                      - file: /models/tuned.gguf
                adapters:
                  - {file: tuned.gguf, scale: 0.5}
            """;

        CatalogEntry entry = load(adapted).find("mine").orElseThrow();

        assertThat(((Origin.Download) entry.origin()).adapters())
                .containsExactly(new Origin.Adapter("tuned.gguf", 0.5));
        assertThatThrownBy(() -> load(adapted.replace("{file: tuned.gguf", "{file: other.gguf")))
                .hasMessageContaining("adapter other.gguf must be one of the files");
        assertThatThrownBy(() -> load(adapted.replace("0.5", "much"))).hasMessageContaining("scale must be a number");
    }

    @Test
    void putsTheUsersEntriesOverItsOwn() throws IOException {
        Catalog catalog = load(ENTRY.replace("id: mine", "id: qwen3-4b") + """
              - id: remote
                task: text
                contextLength: 131072
                endpoint: {url: "http://localhost:8000/v1/", model: gpt-oss-120b, keyEnvironment: KEY}
            defaults:
              text: {recommended: remote, packaged: qwen3-4b}
            """);

        assertThat(catalog.get("qwen3-4b").provider()).isEqualTo("me");
        assertThat(catalog.get("qwen3-4b").parameters()).isEqualTo(1_500_000_000);
        assertThat(catalog.get("qwen3-4b").memoryBytes()).isEqualTo(1_200_000_000);
        assertThat(catalog.recommended(Task.TEXT).origin())
                .isEqualTo(new Origin.Endpoint(
                        URI.create("http://localhost:8000/v1"), "gpt-oss-120b", new Origin.Key.FromEnvironment("KEY")));
        assertThat(catalog.find("all-minilm-l6-v2")).isPresent();
    }

    @Test
    void standsAloneWhereTheUserHasNoFileOrAnEmptyOne() throws IOException {
        int builtIn = Catalog.builtIn().entries().size();

        assertThat(Catalog.load(folder.resolve("none.yaml")).entries()).hasSize(builtIn);
        assertThat(load("# nothing yet\n").entries()).hasSize(builtIn);
    }

    @Test
    void saysWhereTheUsersFileIsWrong() {
        assertThatThrownBy(() -> load(ENTRY.replace("licence", "licnse")))
                .hasMessageContaining("models.yaml, model mine: unknown key licnse; known are id, name");
        assertThatThrownBy(() -> load(ENTRY.replace("licence: MIT", ""))).hasMessageContaining("licence is missing");
        assertThatThrownBy(() -> load(ENTRY.replace("1.5B", "many")))
                .hasMessageContaining("parameters must be a number");
        assertThatThrownBy(() -> load(ENTRY.replace("task: text", "task: chess")))
                .hasMessageContaining(
                        "task must be one of [text, embedding, reranking, ocr, speech_recognition, speech_synthesis,"
                                + " speaker_recognition], but is chess");
        assertThatThrownBy(() -> load(ENTRY.replace("id: mine", "id: ../mine"))).hasMessageContaining("id must match");
        assertThatThrownBy(() -> load(ENTRY.replace("name: mine.gguf", "name: ../mine.gguf")))
                .hasMessageContaining("name must match");
        assertThatThrownBy(
                        () -> load(ENTRY.replace("file: /models/mine.gguf", "npm: {name: a, version: 1.0, member: b}")))
                .hasMessageContaining("version must be text");
        assertThatThrownBy(() ->
                        load(ENTRY.replace("file: /models/mine.gguf", "npm: {name: a, version: \"1.0\", member: b}")))
                .hasMessageContaining("needs sha256 and size");
        assertThatThrownBy(() -> load(
                        ENTRY.replace("file: /models/mine.gguf", "npm: {name: \"-x\", version: \"1\", member: b}")))
                .as("no argument that a client could take for an option")
                .hasMessageContaining("name must match");
        assertThatThrownBy(() -> load("models: [")).hasMessageContaining("models.yaml is not YAML");
        assertThatThrownBy(() -> load(ENTRY + "models: []\n")).hasMessageContaining("is not YAML");
        assertThatThrownBy(() -> load("defaults: {text: {recommended: none, packaged: none}}"))
                .hasMessageContaining("the default text model none is not in the catalog");
    }

    @Test
    void asksBackWhereAnIdIsMisspelt() {
        assertThatThrownBy(() -> Catalog.builtIn().get("qwen3-4c"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("there is no model qwen3-4c in the catalog; did you mean")
                .hasMessageContaining("qwen3-4b");
    }

    @Test
    void readsAKeyFromTheEnvironmentOrAFileAndSaysWhichIsMissing() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "from file\n");

        assertThat(new Origin.Key.FromFile(file).read(Map.of())).contains("from file");
        assertThat(new Origin.Key.FromEnvironment("KEY").read(Map.of("KEY", "secret")))
                .contains("secret");
        assertThat(new Origin.Key.None().read(Map.of())).isEmpty();
        assertThatThrownBy(() -> new Origin.Key.FromEnvironment("KEY").read(Map.of()))
                .hasMessageContaining("the environment variable KEY");
    }
}
