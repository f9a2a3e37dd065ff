package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.server.Assembly;
import dev.outcrop.server.Configuration;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class VanishingClientsTest {
    private static final String MODEL = "smollm2-135m-instruct";

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void leavesNothingBehindOfClientsThatVanishMidStream() throws Exception {
        ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get(MODEL), Progress.NONE);
        Path file = folder.resolve("outcrop.yaml");
        Files.writeString(
                file,
                "port: 0\ndata: " + folder.resolve("data") + "\nmodels: {slots: 8, context: 2048, preload: [" + MODEL
                        + "]}\n");
        try (Assembly assembly = Assembly.start(Configuration.of(file))) {

            VanishingClients.Result result =
                    new VanishingClients(assembly.port(), MODEL).run(20, Duration.ofSeconds(30));

            assertThat(result.began()).isEqualTo(20);
            assertThat(result.leaked()).isZero();
            ChatLoad load = new ChatLoad(
                    URI.create("http://127.0.0.1:" + assembly.port() + "/openai/v1/chat/completions"), MODEL);
            assertThat(load.one("Say hello.", 4).completionTokens()).isPositive();
        }
    }
}
