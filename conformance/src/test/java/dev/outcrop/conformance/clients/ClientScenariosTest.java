package dev.outcrop.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.RunningOutcrop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Unmodified clients against a whole server with the small default models. */
class ClientScenariosTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

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
    void boto3IsAnsweredAsByAws() throws Exception {
        assertThat(pytest("test_boto3.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void theAwsCommandLineIsAnsweredAsByAws() throws Exception {
        assertThat(pytest("test_cli.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void langChainChatsCallsToolsAndEmbeds() throws Exception {
        assertThat(pytest("test_langchain.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void openAiAndAnthropicClientsAreAnswered() throws Exception {
        assertThat(pytest("test_compatible_clients.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void theJavaScriptSdkIsAnsweredAsByAws() throws Exception {
        Path folder = ClientEnvironments.javaScript();
        Files.writeString(
                folder.resolve("bedrock.test.js"), Files.readString(Path.of("javascript", "bedrock.test.js")));

        String output = ClientEnvironments.run(
                List.of("npm", "test", "--silent"), folder, Map.of("OUTCROP_ENDPOINT", outcrop.endpoint()), LIMIT);

        assertThat(output).contains("# fail 0").doesNotContain("# pass 0");
    }

    private static String pytest(String file) throws Exception {
        Path python = ClientEnvironments.python();
        return ClientEnvironments.run(
                List.of(python.toString(), "-m", "pytest", "-q", "-p", "no:cacheprovider", file),
                ClientEnvironments.pythonScenarios(),
                Map.of("OUTCROP_ENDPOINT", outcrop.endpoint(), "PYTHONDONTWRITEBYTECODE", "1"),
                LIMIT);
    }
}
