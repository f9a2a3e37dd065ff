package dev.outcrop.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.RunningOutcrop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A browser in the console of a whole server, which is its own: the other clients' scenarios run meanwhile. */
class ConsoleScenariosTest {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static RunningOutcrop outcrop;

    @BeforeAll
    static void start() {
        outcrop = RunningOutcrop.start();
    }

    @AfterAll
    static void stop() {
        outcrop.close();
    }

    @Test
    void aBrowserWorksInTheConsole() throws Exception {
        String told = ClientEnvironments.run(
                List.of("node", "--test", "tests/"),
                Path.of("..", "console", "web").toAbsolutePath().normalize(),
                Map.of("OUTCROP_ENDPOINT", outcrop.endpoint()),
                LIMIT);

        assertThat(told).contains("fail 0").doesNotContain("tests 0");
    }
}
