package dev.outcrop.services.bedrockagentruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.services.KnowledgeHouse;
import dev.outcrop.wire.WireServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.AnalyzePromptEvent;
import software.amazon.awssdk.services.bedrockagentruntime.model.CitationEvent;
import software.amazon.awssdk.services.bedrockagentruntime.model.DependencyFailedException;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizePromptResponseHandler;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizedPromptEvent;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizedPromptStream;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateOutputEvent;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponseHandler;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponseOutput;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveResponse;
import software.amazon.awssdk.services.bedrockagentruntime.model.Span;
import software.amazon.awssdk.services.bedrockagentruntime.model.ValidationException;

/** Streams of answers over the network. */
class AnswerStreamTest {
    private static final String QUESTION = "How hard is quartz and who sells the pump?";

    @TempDir
    private static Path folder;

    private static AnsweringHouse house;
    private static KnowledgeBase base;
    private static WireServer server;
    private static BedrockAgentRuntimeAsyncClient client;

    /** What came. */
    private record Received(
            List<RetrieveAndGenerateStreamResponseOutput> events, CopyOnWriteArrayList<String> sessions) {
        Received() {
            this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (RetrieveAndGenerateStreamResponseOutput event : events) {
                if (event instanceof RetrieveAndGenerateOutputEvent output) {
                    text.append(output.text());
                }
            }
            return text.toString();
        }

        List<CitationEvent> citations() {
            return events.stream()
                    .filter(CitationEvent.class::isInstance)
                    .map(CitationEvent.class::cast)
                    .toList();
        }
    }

    @BeforeAll
    static void open() {
        house = new AnsweringHouse(folder);
        base = house.base();
        house.fill(
                base,
                "Quartz has a hardness of seven on the scale of Mohs.",
                "The pump is sold by Miller and Sons in Leipzig.");
        AccessKey key = new AccessKey("AKIAROOT", "secret", KnowledgeHouse.ROOT, Optional.empty(), Optional.empty());
        server = house.knowledge().listen(id -> Optional.of(key).filter(_ -> id.equals("AKIAROOT")));
        client = BedrockAgentRuntimeAsyncClient.builder()
                .endpointOverride(URI.create("http://localhost:" + server.port()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAROOT", "secret")))
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
    }

    @AfterAll
    static void close() {
        client.close();
        server.stop(Duration.ofSeconds(5));
        house.close();
    }

    private Received ask(String question) throws Exception {
        Received received = new Received();
        client.retrieveAndGenerateStream(
                        request -> request.input(input -> input.text(question))
                                .retrieveAndGenerateConfiguration(AnsweringHouse.from(base)),
                        RetrieveAndGenerateStreamResponseHandler.builder()
                                .onResponse(response -> received.sessions().add(response.sessionId()))
                                .subscriber(event -> received.events().add(event))
                                .build())
                .get(60, TimeUnit.SECONDS);
        return received;
    }

    @Test
    void sendsSentencesAsTheyAreWrittenEachWithItsCitation() throws Exception {
        house.models()
                .answering(
                        "Quartz has a hardness of seven on the Mohs scale [1]. It is my favourite rock. The pump is sold"
                                + " by Miller and Sons in Leipzig. [2]");

        Received received = ask(QUESTION);

        String answer = received.text();
        assertThat(answer)
                .isEqualTo(
                        "Quartz has a hardness of seven on the Mohs scale. It is my favourite rock. The pump is sold by"
                                + " Miller and Sons in Leipzig.");
        assertThat(received.citations()).hasSize(2).allSatisfy(event -> {
            Span span = event.generatedResponsePart().textResponsePart().span();
            assertThat(answer.substring(span.start(), span.end() + 1))
                    .isEqualTo(event.generatedResponsePart().textResponsePart().text());
            assertThat(event.retrievedReferences()).hasSize(1);
        });
        assertThat(received.events().get(1)).as("behind its sentence").isInstanceOf(CitationEvent.class);
        assertThat(received.sessions())
                .singleElement()
                .satisfies(id -> assertThat(id).hasSize(36));
    }

    @Test
    void saysThatNothingFits() throws Exception {
        Received received = ask("Which football club won yesterday?");

        assertThat(received.text()).isEqualTo("Sorry, I am unable to assist you with this request.");
        assertThat(received.citations()).isEmpty();
    }

    @Test
    void whatTheModelRefusesIsAnErrorBeforeTheStream() {
        house.models().answering("refuse");

        assertThatThrownBy(() -> ask(QUESTION))
                .hasCauseInstanceOf(ValidationException.class)
                .hasMessageContaining("Input is too long");
    }

    @Test
    void aPromptIsAnalyzedAndThenWrittenBetterByTheModelItIsFor() throws Exception {
        AtomicInteger rewrites = new AtomicInteger();
        house.models().answering(request -> {
            String asked = request.messages().getFirst().content().getFirst().text();
            if (!asked.contains("<analysis>")) {
                return "It asks for a summary.";
            }
            assertThat(asked).contains("It asks for a summary.");
            return rewrites.incrementAndGet() == 1
                    ? "Summarize it."
                    : "<prompt>Summarize {{document}} in three sentences.</prompt>";
        });

        List<OptimizedPromptStream> events = optimized("Sum up {{document}}");

        assertThat(events).hasSize(2);
        assertThat(((AnalyzePromptEvent) events.getFirst()).message()).isEqualTo("It asks for a summary.");
        assertThat(((OptimizedPromptEvent) events.getLast())
                        .optimizedPrompt()
                        .textPrompt()
                        .text())
                .isEqualTo("Summarize {{document}} in three sentences.");
    }

    @Test
    void aPromptThatWouldLoseWhatIsFilledInIsNoBetterOne() {
        house.models().answering("Write a poem.");

        assertThatThrownBy(() -> optimized("Sum up {{document}}"))
                .hasCauseInstanceOf(DependencyFailedException.class)
                .hasMessageContaining("{{document}}");
    }

    private static List<OptimizedPromptStream> optimized(String prompt) throws Exception {
        List<OptimizedPromptStream> events = new CopyOnWriteArrayList<>();
        client.optimizePrompt(
                        request -> request.targetModelId("anthropic.claude-3-haiku-20240307-v1:0")
                                .input(input -> input.textPrompt(text -> text.text(prompt))),
                        OptimizePromptResponseHandler.builder()
                                .subscriber(event -> events.add(event))
                                .build())
                .get(60, TimeUnit.SECONDS);
        return events;
    }

    @Test
    void plainCallsGoOverTheNetworkToo() throws Exception {
        RetrieveResponse response = client.retrieve(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .retrievalQuery(query -> query.text("quartz"))
                        .retrievalConfiguration(
                                settings -> settings.vectorSearchConfiguration(search -> search.numberOfResults(1))))
                .get(60, TimeUnit.SECONDS);

        assertThat(response.retrievalResults())
                .singleElement()
                .satisfies(result -> assertThat(result.content().text()).startsWith("Quartz has a hardness"));
    }
}
