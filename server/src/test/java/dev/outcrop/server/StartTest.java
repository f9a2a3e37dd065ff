package dev.outcrop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StartTest {
    @TempDir
    private Path data;

    @TempDir
    private Path otherData;

    @Test
    void aStartedHouseSaysThatItIsWell() throws Exception {
        try (Assembly assembly = Assembly.start(configuration(0, data));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> health = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + assembly.port() + "/_outcrop/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"UP\"").contains(Version.current());
        }
    }

    @Test
    void aSecondStartInTheSameDataFolderSaysSo() {
        try (Assembly _ = Assembly.start(configuration(0, data))) {
            assertThatThrownBy(() -> Assembly.start(configuration(0, data)))
                    .isInstanceOfSatisfying(
                            StartException.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.IN_USE))
                    .hasMessageContaining("is in use")
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void aStartOnAUsedPortSaysSoAndLeavesItsDataFolderFree() {
        try (Assembly first = Assembly.start(configuration(0, data))) {
            Configuration second = configuration(first.port(), otherData);

            assertThatThrownBy(() -> Assembly.start(second))
                    .isInstanceOfSatisfying(
                            StartException.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.IN_USE))
                    .hasMessageContaining("port " + first.port())
                    .hasMessageContaining("--port");

            Assembly.start(configuration(0, otherData)).close();
        }
    }

    @Test
    void theRootKeyOutlivesTheServer() {
        String first;
        try (Assembly assembly = Assembly.start(configuration(0, data))) {
            first = assembly.rootKey().accessKeyId();
        }

        try (Assembly assembly = Assembly.start(configuration(0, data))) {
            assertThat(assembly.rootKey().accessKeyId()).isEqualTo(first);
        }
    }

    @Test
    void beyondLoopbackDevelopmentKeysAreRefused() {
        Configuration open =
                Configuration.defaults().with(Optional.of("0.0.0.0"), Optional.of(0), Optional.of(data), true);

        assertThatThrownBy(() -> Assembly.start(open))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("development keys");
    }

    @Test
    void everyCommandHasHelp() {
        CommandLine outcrop = Outcrop.commandLine();

        assertThat(outcrop.getSubcommands())
                .containsKeys("up", "ask", "models", "version", "services", "test", "bench", "generate-completion");
        outcrop.getSubcommands().forEach((name, command) -> {
            StringWriter out = new StringWriter();
            assertThat(Outcrop.commandLine(name)
                            .setOut(new PrintWriter(out, true))
                            .execute(name, "--help"))
                    .as(name)
                    .isEqualTo(ExitCode.DONE);
            assertThat(out.toString()).as(name).contains("Usage:");
        });
    }

    @Test
    void onlyTheCommandNamedIsDescribed() {
        assertThat(Outcrop.commandLine("up", "--port", "1").getSubcommands()).containsOnlyKeys("up");
        assertThat(Outcrop.commandLine("help", "up").getSubcommands()).containsKeys("help", "up", "ask");
    }

    @Test
    void aWrongCommandLineEndsWithTheCodeForIt() {
        StringWriter errors = new StringWriter();

        int code = Outcrop.commandLine().setErr(new PrintWriter(errors, true)).execute("up", "--prot", "1");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).contains("--prot");
    }

    @Test
    void askingWhereNobodyListensSaysHowToStart() {
        StringWriter errors = new StringWriter();

        int code = Outcrop.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute("ask", "--endpoint", "http://127.0.0.1:1", "Hello?");

        assertThat(code).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(errors.toString()).contains("outcrop up");
    }

    @Test
    void anUnknownModelEndsWithTheCodeForIt() {
        StringWriter errors = new StringWriter();

        int code =
                Outcrop.commandLine().setErr(new PrintWriter(errors, true)).execute("models", "pull", "no-such-model");

        assertThat(code).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(errors.toString()).contains("there is no model no-such-model");
    }

    private static Configuration configuration(int port, Path data) {
        return Configuration.defaults().with(Optional.empty(), Optional.of(port), Optional.of(data), false);
    }
}
