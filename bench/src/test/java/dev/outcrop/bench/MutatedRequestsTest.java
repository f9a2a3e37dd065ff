package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.shapes.SampleHouse;
import dev.outcrop.server.Assembly;
import dev.outcrop.server.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MutatedRequestsTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void reachTheDecoderOfEveryProtocolAndAreAnsweredWithModeledErrors() throws Exception {
        try (SampleHouse house = SampleHouse.open(0)) {

            MutatedRequests.Result result = new MutatedRequests(house.port()).send(3000, System.nanoTime());

            assertThat(result.samples()).isEmpty();
            assertThat(result.sent()).isEqualTo(3000);
            assertThat(result.statuses()).containsKeys(200, 400, 403).doesNotContainKey(501);
        }
    }

    @Test
    @Timeout(300)
    void areAnsweredWithModeledErrorsByTheWholeServer() throws Exception {
        Path file = folder.resolve("outcrop.yaml");
        Files.writeString(
                file,
                "port: 0\ndata: " + folder.resolve("data") + "\nmodels: {folder: " + folder.resolve("models") + "}\n");
        try (Assembly assembly = Assembly.start(Configuration.of(file))) {

            MutatedRequests.Result result = new MutatedRequests(assembly.port()).send(500, System.nanoTime());

            assertThat(result.samples()).isEmpty();
            assertThat(result.sent()).isEqualTo(500);
            assertThat(result.statuses()).containsKeys(400, 403, 501);
        }
    }
}
