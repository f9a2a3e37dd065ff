package dev.outcrop.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.conformance.RunningOutcrop;
import dev.outcrop.conformance.shapes.SampleHouse;
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
    void keysAndSecretsAreKeptAsByAws() throws Exception {
        assertThat(pytest("test_keys_and_secrets.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void theAwsCommandLineIsAnsweredAsByAws() throws Exception {
        assertThat(pytest("test_cli.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineKeepObjects() throws Exception {
        assertThat(pytest("test_s3.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AdministersIdentities() throws Exception {
        assertThat(pytest("test_iam.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3LetsInWhoMayReachBuckets() throws Exception {
        assertThat(pytest("test_s3_access.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3LocksReplicatesAndServesObjects() throws Exception {
        assertThat(pytest("test_s3_life.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void s3MeansWhatItsApiSays() throws Exception {
        assertThat(pytest("s3_semantics")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineReadBackWhatWasCalled() throws Exception {
        assertThat(pytest("test_cloudtrail.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndKombuSendAndReceive() throws Exception {
        assertThat(pytest("test_messaging.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineSendEventsThatArrive() throws Exception {
        assertThat(pytest("test_events.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineMeasureAndAreAlarmed() throws Exception {
        assertThat(pytest("test_cloudwatch.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineReadFollowAndQueryLogs() throws Exception {
        assertThat(pytest("test_logs.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTextractsLibrariesReadDocuments() throws Exception {
        assertThat(pytest("test_textract.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void whatStandsAroundACallOfBedrock() throws Exception {
        assertThat(pytest("test_bedrock_around.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndLangChainAskKnowledgeBases() throws Exception {
        assertThat(pytest("test_knowledge_bases.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3RanksAsksAndKeepsSessions() throws Exception {
        assertThat(pytest("test_answers.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndTheCommandLineReadWhatTextsSay() throws Exception {
        assertThat(pytest("test_comprehend.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3TrainsModelsAndRunsJobsOfComprehend() throws Exception {
        assertThat(pytest("test_comprehend_jobs.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3FindsVectorsByNearness() throws Exception {
        assertThat(pytest("test_s3vectors.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3AndAmazonTranscribeReadWhatIsSaid() throws Exception {
        assertThat(pytest("test_transcribe.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3HearsSpeech() throws Exception {
        assertThat(pytest("test_polly.py")).contains(" passed").doesNotContain("skipped");
    }

    @Test
    void boto3GuardsTextsConversationsAndInvocations() throws Exception {
        assertThat(pytest("test_guardrails.py")).contains(" passed").doesNotContain("skipped");
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
    void boto3IsAnsweredInCborAsInJson() throws Exception {
        try (SampleHouse samples = SampleHouse.open(0)) {
            assertThat(pytest("test_cbor.py", "http://127.0.0.1:" + samples.port()))
                    .contains(" passed")
                    .doesNotContain("skipped");
        }
    }

    @Test
    void servicesTellEachOtherWhatHappens() throws Exception {
        assertThat(pytest("test_joined.py")).contains(" passed").doesNotContain("skipped");
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

    @Test
    void aBrowserWorksInTheConsole() throws Exception {
        String told = ClientEnvironments.run(
                // Two files at a time: while one waits for the server, the other works.
                List.of("node", "--test", "--test-concurrency=2", "tests/"),
                Path.of("..", "console", "web").toAbsolutePath().normalize(),
                Map.of("OUTCROP_ENDPOINT", outcrop.endpoint()),
                LIMIT);

        assertThat(told).contains("fail 0").doesNotContain("tests 0");
    }

    private static String pytest(String file) throws Exception {
        return pytest(file, outcrop.endpoint());
    }

    private static String pytest(String file, String endpoint) throws Exception {
        Path python = ClientEnvironments.python();
        return ClientEnvironments.run(
                List.of(python.toString(), "-m", "pytest", "-q", "-p", "no:cacheprovider", file),
                ClientEnvironments.pythonScenarios(),
                Map.of("OUTCROP_ENDPOINT", endpoint, "PYTHONDONTWRITEBYTECODE", "1"),
                LIMIT);
    }
}
