package dev.outcrop.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;

/** Servers of which one is a process of its own, so that it can be killed. */
@Timeout(180)
class SeveralServersTest {
    private static final String KIND = "test:work";
    private static final String SHORT = "short-";
    private static final String LONG = "long";

    @TempDir
    private Path folder;

    private EmbeddedPostgres database;

    @BeforeEach
    void startDatabase() throws IOException {
        database = EmbeddedPostgres.builder().start();
    }

    @AfterEach
    void stopDatabase() throws IOException {
        database.close();
    }

    @Test
    void whatOneAcknowledgedTheOtherHasEvenWhenItIsKilled() throws Exception {
        Path diary = folder.resolve("diary");
        Process doomed = server(configuration("doomed"), diary);
        try (BufferedReader said = new BufferedReader(new InputStreamReader(doomed.getInputStream(), UTF_8))) {
            int port = Integer.parseInt(said.readLine());
            assertThat(said.readLine()).isEqualTo("the long job has begun");
            try (Assembly survivor = Assembly.start(
                            Configuration.of(configuration("survivor")), Map.of(KIND, work(diary, () -> {})));
                    BedrockClient here = client(survivor.port(), survivor.rootKey());
                    BedrockClient there = client(port, survivor.rootKey())) {
                String made = there.createInferenceProfile(request -> request.inferenceProfileName("made-there")
                                .modelSource(source -> source.copyFrom(
                                        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0")))
                        .inferenceProfileArn();
                assertThat(profiles(here)).contains(made);
                here.deleteInferenceProfile(request -> request.inferenceProfileIdentifier(made));
                assertThat(profiles(there)).doesNotContain(made);
                String kept = there.createInferenceProfile(request -> request.inferenceProfileName("kept")
                                .modelSource(source -> source.copyFrom(
                                        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0")))
                        .inferenceProfileArn();
                root().run(() -> {
                    for (int i = 0; i < 20; i++) {
                        survivor.jobs().submit(KIND, SHORT + i, new byte[0]);
                    }
                });
                awaitLines(diary, SHORT, 20);

                doomed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

                assertThat(profiles(here)).contains(kept);
                awaitLines(diary, "resumed " + LONG, 1);
                assertThat(Files.readAllLines(diary).stream().filter(line -> line.startsWith(SHORT)))
                        .hasSize(20)
                        .doesNotHaveDuplicates();
            }
        } finally {
            doomed.destroyForcibly();
        }
    }

    @Test
    void aJobGoesOnWhenItsServerIsStartedAgainAfterAKill() throws Exception {
        Path diary = folder.resolve("diary");
        Path embedded = Files.writeString(
                folder.resolve("embedded.yaml"), """
                port: 0
                data: %s
                models: {folder: %s}
                """.formatted(folder.resolve("embedded"), folder.resolve("models")));
        Process doomed = server(embedded, diary);
        try (BufferedReader said = new BufferedReader(new InputStreamReader(doomed.getInputStream(), UTF_8))) {
            said.readLine();
            assertThat(said.readLine()).isEqualTo("the long job has begun");

            doomed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

            try (Assembly _ = Assembly.start(Configuration.of(embedded), Map.of(KIND, work(diary, () -> {})))) {
                awaitLines(diary, "resumed " + LONG, 1);
            }
        } finally {
            doomed.destroyForcibly();
        }
    }

    @Test
    void aServerWithAnotherMasterKeySaysWhatIsWrong() throws IOException {
        Assembly.start(Configuration.of(configuration("first"))).close();
        Path other = Files.writeString(
                folder.resolve("other.yaml"),
                Files.readString(configuration("other")).replace("master.key", "another.key"));

        assertThatThrownBy(() -> Assembly.start(Configuration.of(other)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("masterKey");
    }

    private Path configuration(String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                port: 0
                data: %s
                masterKey: %s
                jobs: {threads: 2, heartbeat: 1s}
                postgres: {url: "%s", user: postgres}
                models: {folder: %s}
                """.formatted(
                        folder.resolve(name),
                        folder.resolve("master.key"),
                        database.getJdbcUrl("postgres", "postgres"),
                        folder.resolve("models")));
    }

    private static Process server(Path configuration, Path diary) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName(),
                        configuration.toString(),
                        diary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A server that begins a long job and is killed before the job ends. */
    static final class Doomed {
        private Doomed() {}

        public static void main(String[] arguments) throws InterruptedException {
            Work work = work(Path.of(arguments[1]), () -> System.out.println("the long job has begun"));
            try (Assembly assembly = Assembly.start(Configuration.of(Path.of(arguments[0])), Map.of(KIND, work))) {
                System.out.println(assembly.port());
                root().run(() -> assembly.jobs().submit(KIND, LONG, new byte[0]));
                TimeUnit.MINUTES.sleep(3);
            }
        }
    }

    /** Short jobs write that they were done; the long one goes on until its server ends, and ends where it is resumed. */
    private static Work work(Path diary, Runnable begun) {
        return run -> {
            if (!run.job().id().equals(LONG)) {
                write(diary, run.job().id());
            } else if (run.checkpoint().isPresent()) {
                write(diary, "resumed " + LONG);
            } else {
                untilTheEnd(run, begun);
            }
        };
    }

    private static void untilTheEnd(JobRun run, Runnable begun) throws InterruptedException {
        run.progress(0.5, new byte[] {42});
        begun.run();
        while (true) {
            run.proceed();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void write(Path diary, String line) {
        try {
            Files.writeString(diary, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void awaitLines(Path diary, String start, int count) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (System.nanoTime() < deadline && lines(diary, start) < count) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(lines(diary, start))
                .as("lines of the diary that begin with " + start)
                .isEqualTo(count);
    }

    private static long lines(Path diary, String start) throws IOException {
        return Files.exists(diary)
                ? Files.readAllLines(diary).stream()
                        .filter(line -> line.startsWith(start))
                        .count()
                : 0;
    }

    private static List<String> profiles(BedrockClient client) {
        return client
                .listInferenceProfiles(request -> request.typeEquals("APPLICATION"))
                .inferenceProfileSummaries()
                .stream()
                .map(InferenceProfileSummary::inferenceProfileArn)
                .toList();
    }

    private static BedrockClient client(int port, AccessKey key) {
        return BedrockClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
                .build();
    }

    private static CallContext root() {
        return CallContext.builder()
                .principal(Principal.root(Assembly.ACCOUNT, Optional.empty()))
                .requestId("1")
                .build();
    }
}
