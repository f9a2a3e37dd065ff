package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelSources;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Requantizer;
import dev.outcrop.engines.models.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultModelsTest {
    /** Writes what it was given, in capitals. */
    private static final Requantizer CAPITALS = (original, target, type, progress) -> {
        try {
            Files.writeString(target, Files.readString(original).toUpperCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Requantizer.Outcome(true, "rewritten in " + type);
    };

    @TempDir
    private Path folder;

    private Catalog catalog;
    private final StringWriter said = new StringWriter();

    @BeforeEach
    void writeCatalog() throws IOException {
        Path weights = Files.writeString(folder.resolve("weights"), "weights");
        catalog = Catalog.load(Files.writeString(folder.resolve("models.yaml"), """
                models:
                  - id: smollm2-135m-instruct
                    name: Small
                    provider: us
                    task: text
                    parameters: 1
                    contextLength: 100
                    licence: MIT
                    memory: 1 MB
                    chat: {template: true}
                    quality: Knows little.
                    files:
                      - name: small.gguf
                        sources:
                          - file: %s
                    requantizeTo: Q8_0
                """.formatted(weights)));
    }

    private DefaultModels models(Requantizer requantizer) {
        // A hub that is not there.
        Map<String, String> environment = Map.of("HF_ENDPOINT", "http://127.0.0.1:9");
        return new DefaultModels(
                catalog, ModelStore.open(folder.resolve("models"), new ModelSources(environment), requantizer));
    }

    private void provide(Requantizer requantizer) {
        models(requantizer).provide(Task.TEXT, new PrintWriter(said));
    }

    @Test
    void takesThePackagedModelWhereNoHubAnswersAndSaysHowGoodItIsAndHowToGetABetterOne() {
        provide(CAPITALS);

        InstalledModel model = models(CAPITALS).installed(Task.TEXT).orElseThrow();
        assertThat(model.weights()).hasContent("WEIGHTS");
        assertThat(said.toString())
                .contains("model for text: smollm2-135m-instruct. Knows little.")
                .contains("rewritten in Q8_0")
                .contains("outcrop models pull qwen2.5-1.5b-instruct");
    }

    @Test
    void rewritesAModelThatWasInstalledWhereThatWasNotPossible() {
        provide(Requantizer.NONE);
        Path weights = models(CAPITALS).installed(Task.TEXT).orElseThrow().weights();
        assertThat(weights).hasContent("weights");

        provide(CAPITALS);

        assertThat(weights).hasContent("WEIGHTS");
        assertThat(said.toString()).contains("kept as fetched: nothing here can requantise to Q8_0");
    }

    @Test
    void leavesAModelAloneThatIsAsWished() throws IOException {
        provide(CAPITALS);
        Path weights = models(CAPITALS).installed(Task.TEXT).orElseThrow().weights();
        Files.writeString(weights, "touched");

        provide(CAPITALS);

        assertThat(weights).hasContent("touched");
    }
}
