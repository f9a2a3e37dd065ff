package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Metering;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.PerformanceConfigLatency;
import software.amazon.awssdk.services.bedrockruntime.model.PromptVariableValues;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceTierType;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ConverseTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};

    private static BedrockRuntimeClient service(ScriptedTextModel model) {
        return new BedrockRuntimeService(
                SomeModels.of(model).routing(), SomeModels.FAMILIES, SomeModels.UNGUARDED, new Random(1));
    }

    private static ConverseResponse converse(ScriptedTextModel model, Consumer<ConverseRequest.Builder> request) {
        return SomeModels.call()
                .call(() -> service(model)
                        .converse(ConverseRequest.builder()
                                .modelId(HAIKU)
                                .messages(Turns.user(ContentBlock.fromText("Hi")))
                                .applyMutation(request)
                                .build()));
    }

    /** What the model was asked for a request. */
    private static TextRequest asked(Consumer<ConverseRequest.Builder> request) {
        ScriptedTextModel model = ScriptedTextModel.saying("Hello");
        converse(model, request);
        return model.request();
    }

    private static List<Prompt.Message> turns(TextRequest request) {
        return ((Prompt.Chat) request.prompt()).messages();
    }

    @Test
    void answersWithTheTextThatTheModelWrote() {
        ConverseResponse response = converse(ScriptedTextModel.saying("Hello", ", ", "world"), _ -> {});

        assertThat(response.output().message().role()).isEqualTo(ConversationRole.ASSISTANT);
        assertThat(response.output().message().content()).containsExactly(ContentBlock.fromText("Hello, world"));
        assertThat(response.stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(response.usage().inputTokens()).isEqualTo(11);
        assertThat(response.usage().outputTokens()).isEqualTo(3);
        assertThat(response.usage().totalTokens()).isEqualTo(14);
        assertThat(response.metrics().latencyMs()).isEqualTo(50);
    }

    @Test
    void metersWhatTheModelUsedAndNamesIt() {
        CallContext call = SomeModels.call();
        Finished finished = new Finished(
                FinishReason.END_OF_TURN, Optional.empty(), new Usage(100, 5, 60, 30), ScriptedTextModel.TIMINGS);
        ScriptedTextModel model = ScriptedTextModel.playing(new GenerationEvent.Text("Yes"), finished);

        ConverseResponse response = call.call(() -> service(model)
                .converse(request -> request.modelId(HAIKU).messages(Turns.user(ContentBlock.fromText("Hi")))));

        assertThat(response.usage().inputTokens()).isEqualTo(10);
        assertThat(response.usage().cacheReadInputTokens()).isEqualTo(60);
        assertThat(response.usage().cacheWriteInputTokens()).isEqualTo(30);
        assertThat(response.usage().totalTokens()).isEqualTo(105);
        assertThat(call.metering().amounts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Metering.INPUT_TOKENS, 10.0,
                        Metering.OUTPUT_TOKENS, 5.0,
                        Metering.CACHE_READ_INPUT_TOKENS, 60.0,
                        Metering.CACHE_WRITE_INPUT_TOKENS, 30.0));
        assertThat(call.responseHeaders()).contains(Map.entry("x-outcrop-model", "scripted"));
    }

    @ParameterizedTest
    @CsvSource({
        "END_OF_TURN, END_TURN",
        "STOP_SEQUENCE, STOP_SEQUENCE",
        "TOOL_CALL, TOOL_USE",
        "CONTENT_FILTERED, CONTENT_FILTERED"
    })
    void saysWhyTheModelStopped(FinishReason reason, StopReason expected) {
        ConverseResponse response =
                converse(ScriptedTextModel.playing(ScriptedTextModel.finished(reason, 3, 4)), _ -> {});

        assertThat(response.stopReason()).isEqualTo(expected);
        assertThat(response.output().message().content()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4, MAX_TOKENS", "5, MODEL_CONTEXT_WINDOW_EXCEEDED"})
    void tellsTheCallersLimitFromTheModels(int maxTokens, StopReason expected) {
        ConverseResponse response = converse(
                ScriptedTextModel.playing(ScriptedTextModel.finished(FinishReason.MAXIMUM_TOKENS, 3, 4)),
                request -> request.inferenceConfig(inference -> inference.maxTokens(maxTokens)));

        assertThat(response.stopReason()).isEqualTo(expected);
    }

    @Test
    void passesInferenceParametersOn() {
        TextRequest request = asked(builder -> builder.inferenceConfig(inference ->
                        inference.maxTokens(64).temperature(0.7f).topP(0.9f).stopSequences("###"))
                .additionalModelRequestFields(
                        Document.mapBuilder().putNumber("top_k", 40).build()));

        assertThat(request.maximumTokens()).hasValue(64);
        assertThat(request.stopSequences()).containsExactly("###");
        assertThat(request.sampling().temperature()).hasValue(0.7);
        assertThat(request.sampling().topP()).hasValue(0.9);
        assertThat(request.sampling().topK()).hasValue(40);
    }

    @Test
    void leavesToTheModelWhatIsNotSaid() {
        TextRequest request = asked(_ -> {});

        assertThat(request).isEqualTo(TextRequest.of(Prompt.Chat.of(List.of(Prompt.Message.of(Role.USER, "Hi")))));
    }

    @Test
    void keepsSystemPromptsTurnsAndCachePointsInOrder() {
        TextRequest request = asked(builder -> builder.system(
                        SystemContentBlock.fromText("Be brief."),
                        SystemContentBlock.fromText("Be kind."),
                        SystemContentBlock.fromCachePoint(point -> point.type(CachePointType.DEFAULT)))
                .messages(
                        Turns.user(
                                ContentBlock.fromText("One?"),
                                ContentBlock.fromCachePoint(point -> point.type(CachePointType.DEFAULT))),
                        Turns.assistant(
                                ContentBlock.fromReasoningContent(reasoning -> reasoning.reasoningText(
                                        text -> text.text("Easy.").signature("x"))),
                                ContentBlock.fromText("Two.")),
                        Turns.user(ContentBlock.fromText("Three?"))));

        assertThat(turns(request))
                .containsExactly(
                        new Prompt.Message(
                                Role.SYSTEM,
                                List.of(
                                        new Content.Text("Be brief."),
                                        new Content.Text("Be kind."),
                                        new Content.CachePoint())),
                        new Prompt.Message(Role.USER, List.of(new Content.Text("One?"), new Content.CachePoint())),
                        new Prompt.Message(
                                Role.ASSISTANT, List.of(new Content.Reasoning("Easy."), new Content.Text("Two."))),
                        Prompt.Message.of(Role.USER, "Three?"));
    }

    @Test
    void offersTools() {
        Prompt.Chat chat = (Prompt.Chat) asked(builder -> builder.toolConfig(Turns.WEATHER_ONLY.toBuilder()
                        .toolChoice(choice -> choice.any(any -> {}))
                        .build()))
                .prompt();

        assertThat(chat.tools())
                .containsExactly(new Prompt.Tool(
                        "weather",
                        "The weather of a city",
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"));
        assertThat(chat.toolChoice()).isEqualTo(new Prompt.ToolChoice.Any());
    }

    @Test
    void answersWithToolUses() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("Let me look."),
                new GenerationEvent.ToolCallStarted(0, "call_0", "weather"),
                new GenerationEvent.ToolCallInput(0, "{\"city\":"),
                new GenerationEvent.ToolCallInput(0, "\"Oslo\",\"days\":3}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 20, 9));

        ConverseResponse response = converse(model, request -> request.toolConfig(Turns.WEATHER_ONLY));

        assertThat(response.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(response.output().message().content()).hasSize(2);
        ToolUseBlock use = response.output().message().content().get(1).toolUse();
        assertThat(use.toolUseId()).matches("tooluse_[A-Za-z0-9]{22}");
        assertThat(use.name()).isEqualTo("weather");
        assertThat(use.input().asMap().get("city").asString()).isEqualTo("Oslo");
        assertThat(use.input().asMap().get("days").asNumber().intValue()).isEqualTo(3);
    }

    @Test
    void takesToolResults() {
        TextRequest request = asked(builder -> builder.toolConfig(Turns.WEATHER_ONLY)
                .messages(
                        Turns.user(ContentBlock.fromText("Oslo?")),
                        Turns.assistant(ContentBlock.fromToolUse(use -> use.toolUseId("tooluse_1")
                                .name("weather")
                                .input(Document.mapBuilder()
                                        .putString("city", "Oslo")
                                        .build()))),
                        Turns.user(ContentBlock.fromToolResult(result -> result.toolUseId("tooluse_1")
                                .status("error")
                                .content(
                                        ToolResultContentBlock.fromText("No such city:"),
                                        ToolResultContentBlock.fromJson(Document.mapBuilder()
                                                .putNumber("code", 404)
                                                .build()))))));

        assertThat(turns(request).get(1).content())
                .containsExactly(new Content.ToolCall("tooluse_1", "weather", "{\"city\":\"Oslo\"}"));
        assertThat(turns(request).get(2).content())
                .containsExactly(new Content.ToolResult("tooluse_1", "No such city:\n{\"code\":404}", true));
    }

    @Test
    void aToolUseThatIsNoJsonIsTheModelsFault() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.ToolCallStarted(0, "call_0", "weather"),
                new GenerationEvent.ToolCallInput(0, "{\"city\":"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 20, 9));

        assertThatThrownBy(() -> converse(model, request -> request.toolConfig(Turns.WEATHER_ONLY)))
                .isInstanceOf(ModelErrorException.class)
                .hasMessageContaining("Model produced invalid sequence as part of ToolUse");
    }

    @Test
    void aToolUseThatTheLimitCutOffIsLeftOut() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("Let me look."),
                new GenerationEvent.ToolCallStarted(0, "call_0", "weather"),
                new GenerationEvent.ToolCallInput(0, "{\"city\":"),
                ScriptedTextModel.finished(FinishReason.MAXIMUM_TOKENS, 20, 9));

        ConverseResponse response = converse(
                model,
                request -> request.toolConfig(Turns.WEATHER_ONLY).inferenceConfig(inference -> inference.maxTokens(9)));

        assertThat(response.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(response.output().message().content()).containsExactly(ContentBlock.fromText("Let me look."));
    }

    @Test
    void reasonsWhereTheModelCanAndTheCallerAsks() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Reasoning("Two and two"),
                new GenerationEvent.Text("\n\n"),
                new GenerationEvent.Text("Four."),
                ScriptedTextModel.finished(FinishReason.END_OF_TURN, 9, 9));

        ConverseResponse response = converse(
                model,
                request -> request.additionalModelRequestFields(Document.mapBuilder()
                        .putMap(
                                "thinking",
                                thinking ->
                                        thinking.putString("type", "enabled").putNumber("budget_tokens", 1024))
                        .build()));

        assertThat(((Prompt.Chat) model.request().prompt()).reasoning()).isTrue();
        assertThat(response.output()
                        .message()
                        .content()
                        .get(0)
                        .reasoningContent()
                        .reasoningText()
                        .text())
                .isEqualTo("Two and two");
        assertThat(response.output().message().content().get(1).text()).isEqualTo("\n\nFour.");
    }

    @Test
    void namesTheModelThatCannotReason() {
        ScriptedTextModel model = new ScriptedTextModel(Set.of(Capability.CHAT), _ -> List.of());

        assertThatThrownBy(() -> converse(
                        model,
                        request -> request.additionalModelRequestFields(Document.mapBuilder()
                                .putMap("thinking", thinking -> thinking.putString("type", "enabled"))
                                .build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The model scripted, which answers for " + HAIKU + ", does not reason.");
    }

    @Test
    void namesTheModelThatDoesNotSeeImages() {
        assertThatThrownBy(() -> asked(ConverseTest::withImage))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The model scripted, which answers for " + HAIKU + ", does not see images.");
    }

    @Test
    void showsImagesToAModelThatSeesThem() {
        ScriptedTextModel model = new ScriptedTextModel(
                Set.of(Capability.CHAT, Capability.IMAGES),
                _ -> List.of(ScriptedTextModel.finished(FinishReason.END_OF_TURN, 1, 1)));

        converse(model, ConverseTest::withImage);

        Content.Image image =
                (Content.Image) turns(model.request()).getFirst().content().getFirst();
        assertThat(image.mediaType()).isEqualTo("image/png");
        assertThat(image.bytes()).isEqualTo(PNG);
    }

    private static void withImage(ConverseRequest.Builder request) {
        request.messages(Turns.user(
                ContentBlock.fromImage(image ->
                        image.format(ImageFormat.PNG).source(source -> source.bytes(SdkBytes.fromByteArray(PNG)))),
                ContentBlock.fromText("What is it?")));
    }

    @Test
    void placesDocumentsIntoThePrompt() {
        TextRequest request = asked(builder -> builder.messages(Turns.user(
                ContentBlock.fromDocument(document -> document.name("Price list")
                        .format("csv")
                        .source(source -> source.bytes(SdkBytes.fromUtf8String("item,price\nslate,4\n")))),
                ContentBlock.fromText("What does slate cost?"))));

        assertThat(turns(request).getFirst().content())
                .containsExactly(
                        new Content.Text("<document name=\"Price list\">\nitem,price\nslate,4\n</document>\n"),
                        new Content.Text("What does slate cost?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.pdf", "a  b", "a/b", "r\u00e9sum\u00e9"})
    void refusesDocumentNamesThatAwsRefuses(String name) {
        assertThatThrownBy(() -> asked(builder -> builder.messages(Turns.user(
                        ContentBlock.fromDocument(
                                document -> document.name(name).format("txt").source(source -> source.text("x"))),
                        ContentBlock.fromText("?")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The document file name can only contain alphanumeric characters");
    }

    @Test
    void refusesFieldsThatTheFamilyDoesNotKnow() {
        assertThatThrownBy(() -> asked(builder -> builder.additionalModelRequestFields(
                        Document.mapBuilder().putNumber("topk", 3).build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "Malformed input request: #: extraneous key [topk] is not permitted, please reformat"
                                + " your input and try again.");
    }

    @Test
    void refusesFieldsWithValuesOutOfRange() {
        assertThatThrownBy(() -> asked(builder -> builder.additionalModelRequestFields(
                        Document.mapBuilder().putNumber("top_k", 501).build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("#/top_k: 501 is not less or equal to 500");
    }

    @Test
    void readsNovasOwnInferenceConfiguration() {
        TextRequest request = asked(builder -> builder.modelId("amazon.nova-lite-v1:0")
                .additionalModelRequestFields(Document.mapBuilder()
                        .putMap("inferenceConfig", inference -> inference.putNumber("topK", 20))
                        .build()));

        assertThat(request.sampling().topK()).hasValue(20);
    }

    @Test
    void constrainsTheAnswerToASchema() {
        TextRequest request = asked(builder -> builder.modelId("openai.gpt-oss-20b-1:0")
                .additionalModelRequestFields(Document.mapBuilder()
                        .putMap(
                                "response_format",
                                format -> format.putString("type", "json_schema")
                                        .putMap(
                                                "json_schema",
                                                json -> json.putMap(
                                                        "schema", schema -> schema.putString("type", "array"))))
                        .build()));

        assertThat(request.constraint()).isEqualTo(new Constraint.JsonSchema("{\"type\":\"array\"}"));
    }

    @Test
    void passesWhatAnInstalledModelMayKnowOn() {
        TextRequest request = asked(builder -> builder.modelId("scripted")
                .additionalModelRequestFields(
                        Document.mapBuilder().putNumber("mirostat", 2).build()));

        assertThat(request.options()).containsOnlyKeys("mirostat");
    }

    @Test
    void givesTheFieldsOfTheAnswerThatAreAskedFor() {
        ScriptedTextModel model = ScriptedTextModel.playing(new Finished(
                FinishReason.STOP_SEQUENCE, Optional.of("###"), new Usage(7, 2, 0, 0), ScriptedTextModel.TIMINGS));

        ConverseResponse response = converse(
                model,
                request -> request.additionalModelResponseFieldPaths(
                        "/stop_sequence", "/usage/output_tokens", "/nothing/here"));

        assertThat(JsonDocuments.text(response.additionalModelResponseFields()))
                .isEqualTo("{\"stop_sequence\":\"###\",\"usage\":{\"output_tokens\":2}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "stop_sequence"})
    void refusesPathsThatAreNoPointers(String path) {
        assertThatThrownBy(() -> asked(builder -> builder.additionalModelResponseFieldPaths(path)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("is not a JSON Pointer");
    }

    @Test
    void hasOneServiceTierAndOneLatency() {
        ConverseResponse response = converse(
                ScriptedTextModel.saying("Hello"),
                request -> request.serviceTier(tier -> tier.type(ServiceTierType.PRIORITY))
                        .performanceConfig(performance -> performance.latency(PerformanceConfigLatency.STANDARD)));

        assertThat(response.serviceTier().type()).isEqualTo(ServiceTierType.DEFAULT);
        assertThat(response.performanceConfig().latency()).isEqualTo(PerformanceConfigLatency.STANDARD);
        assertThatThrownBy(() -> asked(builder -> builder.performanceConfig(
                        performance -> performance.latency(PerformanceConfigLatency.OPTIMIZED))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Latency performance configuration is not supported for " + HAIKU);
    }

    @Test
    void variablesNeedAPrompt() {
        assertThatThrownBy(() -> asked(builder -> builder.promptVariables(Map.of("city", variable("Oslo")))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("can only be used with a prompt");
    }

    @Test
    void objectsAreNotImplementedYet() {
        assertThatThrownBy(() -> asked(builder ->
                        builder.messages(Turns.user(ContentBlock.fromImage(image -> image.format(ImageFormat.PNG)
                                .source(source -> source.s3Location(location -> location.uri("s3://b/k"))))))))
                .isInstanceOf(AwsError.class)
                .hasMessageContaining("Amazon S3");
    }

    private static PromptVariableValues variable(String text) {
        return PromptVariableValues.fromText(text);
    }

    @ParameterizedTest
    @CsvSource({
        "OVERLOADED, ThrottlingException",
        "TIMED_OUT, ModelTimeoutException",
        "NOT_READY, ModelNotReadyException",
        "UNAVAILABLE, ServiceUnavailableException",
        "DENIED, AccessDeniedException",
        "NOT_FOUND, ResourceNotFoundException",
        "FAILED, ModelErrorException",
        "INVALID, ValidationException",
        "UNSUPPORTED, ValidationException",
        "TOO_LONG, ValidationException"
    })
    void translatesWhatTheModelThrows(TextModelException.Category category, String expected) {
        ScriptedTextModel model = new ScriptedTextModel(Set.of(Capability.CHAT), _ -> {
            throw new TextModelException(category, "because");
        });

        assertThatThrownBy(() -> converse(model, _ -> {}))
                .extracting(failure -> failure.getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    void countsTheTokensOfAConversation() {
        int tokens = SomeModels.call()
                .call(() -> service(ScriptedTextModel.saying("Hello"))
                        .countTokens(CountTokensRequest.builder()
                                .modelId(HAIKU)
                                .input(input -> input.converse(conversation -> conversation
                                        .system(SystemContentBlock.fromText("Be brief and kind."))
                                        .messages(Turns.user(ContentBlock.fromText("Hello there, friend")))))
                                .build())
                        .inputTokens());

        assertThat(tokens).isEqualTo(7);
    }
}
