package dev.outcrop.services.guardrails;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntityConfig;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.GuardrailConverseContentQualifier;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;

class GuardedStreamTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";

    @TempDir
    Path folder;

    private GuardrailHouse house;

    @BeforeEach
    void open() {
        house = new GuardrailHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static void everything(CreateGuardrailRequest.Builder request) {
        request.contentPolicyConfig(policy -> policy.filtersConfig(GuardrailContentFilterConfig.builder()
                        .type("VIOLENCE")
                        .inputStrength("LOW")
                        .outputStrength("LOW")
                        .build()))
                .sensitiveInformationPolicyConfig(policy -> policy.piiEntitiesConfig(
                        GuardrailPiiEntityConfig.builder()
                                .type("EMAIL")
                                .action("ANONYMIZE")
                                .build(),
                        GuardrailPiiEntityConfig.builder()
                                .type("CREDIT_DEBIT_CARD_NUMBER")
                                .action("ANONYMIZE")
                                .build()));
    }

    private List<ConverseStreamOutput> stream(String id, String mode, ContentBlock... content) {
        List<ConverseStreamOutput> events = new ArrayList<>();
        ConverseStreamRequest request = ConverseStreamRequest.builder()
                .modelId(HAIKU)
                .guardrailConfig(guardrail -> guardrail
                        .guardrailIdentifier(id)
                        .guardrailVersion("DRAFT")
                        .trace("enabled")
                        .streamProcessingMode(mode))
                .messages(Message.builder()
                        .role(ConversationRole.USER)
                        .content(content)
                        .build())
                .build();
        house.streams(client -> client.converseStream(
                        request,
                        ConverseStreamResponseHandler.builder()
                                .subscriber(events::add)
                                .build()))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        return events;
    }

    private static ContentBlock text(String text) {
        return ContentBlock.fromText(text);
    }

    private static String said(List<ConverseStreamOutput> events) {
        return events.stream()
                .filter(ContentBlockDeltaEvent.class::isInstance)
                .map(event -> ((ContentBlockDeltaEvent) event).delta().text())
                .filter(text -> text != null)
                .collect(Collectors.joining());
    }

    private static StopReason stopReason(List<ConverseStreamOutput> events) {
        return events.stream()
                .filter(MessageStopEvent.class::isInstance)
                .map(event -> ((MessageStopEvent) event).stopReason())
                .findFirst()
                .orElseThrow();
    }

    private static ConverseStreamMetadataEvent metadata(List<ConverseStreamOutput> events) {
        return (ConverseStreamMetadataEvent) events.getLast();
    }

    private static String filler(int words) {
        return IntStream.range(0, words).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "async"})
    void harmlessTextComesThroughWhole(String mode) {
        String id = house.guardrail(GuardedStreamTest::everything);
        String[] pieces = filler(500).splitWithDelimiters(" ", 0);
        house.answering(ScriptedTextModel.saying(pieces));

        List<ConverseStreamOutput> events = stream(id, mode, text("Hello"));

        assertThat(said(events)).isEqualTo(filler(500));
        assertThat(stopReason(events)).isEqualTo(StopReason.END_TURN);
        assertThat(events.stream()
                        .filter(ContentBlockDeltaEvent.class::isInstance)
                        .count())
                .isGreaterThan(5);
        assertThat(metadata(events)
                        .trace()
                        .guardrail()
                        .outputAssessments()
                        .get(id)
                        .getFirst()
                        .invocationMetrics()
                        .guardrailCoverage()
                        .textCharacters()
                        .guarded())
                .isEqualTo(filler(500).length());
    }

    @Test
    void whatIsWrittenInPiecesIsMaskedBeforeItIsSaid() {
        String id = house.guardrail(GuardedStreamTest::everything);
        List<String> pieces = new ArrayList<>();
        String text = filler(60) + " 4111 1111 1111 1111 " + filler(30) + " a.name@a.host.org";
        for (int at = 0; at < text.length(); at += 3) {
            pieces.add(text.substring(at, Math.min(text.length(), at + 3)));
        }
        house.answering(ScriptedTextModel.saying(pieces.toArray(String[]::new)));

        List<ConverseStreamOutput> events = stream(id, "sync", text("Hello"));

        assertThat(said(events)).isEqualTo(filler(60) + " {CREDIT_DEBIT_CARD_NUMBER} " + filler(30) + " {EMAIL}");
        assertThat(stopReason(events)).isEqualTo(StopReason.GUARDRAIL_INTERVENED);
        assertThat(metadata(events)
                        .trace()
                        .guardrail()
                        .outputAssessments()
                        .get(id)
                        .getFirst()
                        .sensitiveInformationPolicy()
                        .piiEntities())
                .hasSize(2);
    }

    @Test
    void nothingUnsafeIsSaidInTheSynchronousMode() {
        String id = house.guardrail(GuardedStreamTest::everything);
        house.answering(ScriptedTextModel.saying(filler(200), " a mas", "sacre ", filler(200)));

        List<ConverseStreamOutput> events = stream(id, "sync", text("Hello"));

        assertThat(said(events)).doesNotContain("mas").endsWith("No answer.");
        assertThat(stopReason(events)).isEqualTo(StopReason.GUARDRAIL_INTERVENED);
        assertThat(house.model().cancelled()).isEqualTo(1);
        assertThat(metadata(events).usage().outputTokens()).isPositive();
    }

    @Test
    void theAsynchronousModeStopsLaterAndMasksNothing() {
        String id = house.guardrail(GuardedStreamTest::everything);
        house.answering(ScriptedTextModel.saying("Write to a@b.org."));
        List<ConverseStreamOutput> unmasked = stream(id, "async", text("Hello"));
        house.answering(ScriptedTextModel.saying("A massacre. ", filler(300), filler(300)));
        List<ConverseStreamOutput> stopped = stream(id, "async", text("Hello"));

        assertThat(said(unmasked)).isEqualTo("Write to a@b.org.");
        assertThat(stopReason(unmasked)).isEqualTo(StopReason.END_TURN);
        assertThat(metadata(unmasked)
                        .trace()
                        .guardrail()
                        .outputAssessments()
                        .get(id)
                        .getFirst()
                        .sensitiveInformationPolicy()
                        .piiEntities()
                        .getFirst()
                        .actionAsString())
                .isEqualTo("NONE");
        assertThat(said(stopped)).startsWith("A massacre.").endsWith("No answer.");
        assertThat(stopReason(stopped)).isEqualTo(StopReason.GUARDRAIL_INTERVENED);
    }

    @Test
    void aPromptThatIsStoppedIsAStreamOfItsMessage() {
        String id = house.guardrail(GuardedStreamTest::everything);

        List<ConverseStreamOutput> events = stream(id, "sync", text("A massacre."));

        assertThat(said(events)).isEqualTo("No question.");
        assertThat(stopReason(events)).isEqualTo(StopReason.GUARDRAIL_INTERVENED);
        assertThat(metadata(events).usage().totalTokens()).isZero();
        assertThat(metadata(events).trace().guardrail().inputAssessment()).containsKey(id);
        assertThat(house.model().requests()).isEmpty();
    }

    @Test
    void textBeforeAToolCallIsJudgedBeforeIt() {
        String id = house.guardrail(GuardedStreamTest::everything);
        house.answering(ScriptedTextModel.playing(
                new GenerationEvent.Text("I ask a@b.org."),
                new GenerationEvent.ToolCallStarted(0, "1", "ask"),
                new GenerationEvent.ToolCallInput(0, "{}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 3, 3)));

        List<ConverseStreamOutput> events = stream(id, "sync", text("Hello"));

        assertThat(said(events)).isEqualTo("I ask {EMAIL}.");
        int start = events.indexOf(events.stream()
                .filter(ContentBlockStartEvent.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(said(events.subList(0, start))).isEqualTo("I ask {EMAIL}.");
    }

    @Test
    void anAnswerWhoseGroundingIsCheckedIsSaidOnceItIsWhole() {
        String id = house.guardrail(request -> request.contextualGroundingPolicyConfig(
                policy -> policy.filtersConfig(GuardrailContextualGroundingFilterConfig.builder()
                        .type("GROUNDING")
                        .threshold(0.7)
                        .build())));
        ContentBlock source = ContentBlock.fromGuardContent(
                GuardrailConverseContentBlock.fromText(block -> block.text("The library closes at six.")
                        .qualifiers(GuardrailConverseContentQualifier.GROUNDING_SOURCE)));
        ContentBlock query = ContentBlock.fromGuardContent(GuardrailConverseContentBlock.fromText(
                block -> block.text("When?").qualifiers(GuardrailConverseContentQualifier.QUERY)));
        house.answering(ScriptedTextModel.saying("Penguins ", "cannot fly ".repeat(100)));
        List<ConverseStreamOutput> bad = stream(id, "sync", source, query);
        house.answering(ScriptedTextModel.saying("The library ", "closes at six."));
        List<ConverseStreamOutput> good = stream(id, "sync", source, query);

        assertThat(said(bad)).isEqualTo("No answer.");
        assertThat(said(good)).isEqualTo("The library closes at six.");
    }
}
