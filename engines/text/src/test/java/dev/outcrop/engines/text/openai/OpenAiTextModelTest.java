package dev.outcrop.engines.text.openai;

import static dev.outcrop.engines.text.Answers.GREEDY;
import static dev.outcrop.engines.text.Answers.finished;
import static dev.outcrop.engines.text.Answers.raw;
import static dev.outcrop.engines.text.Answers.read;
import static dev.outcrop.engines.text.Answers.request;
import static dev.outcrop.engines.text.Answers.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.TextRequest.Constraint;
import dev.outcrop.engines.text.openai.OpenAiSettings.Dialect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiTextModelTest {
    private ChatCompletionsServer server;
    private OpenAiTextModel model;

    @BeforeEach
    void start() throws Exception {
        server = new ChatCompletionsServer();
        model = new OpenAiTextModel(settings().withKey("secret"));
    }

    @AfterEach
    void stop() {
        model.close();
        server.close();
    }

    private OpenAiSettings settings() {
        return OpenAiSettings.of("remote", server.base(), "served-model");
    }

    @Test
    void streamsTextReasoningUsageAndTheEnd() {
        server.streams(
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"Let me see.\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"Gr\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"üße 🐈\"}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":8}}}");

        List<GenerationEvent> events = read(model, chat("Hello"));

        assertThat(text(events)).isEqualTo("Grüße 🐈");
        assertThat(events).contains(new GenerationEvent.Reasoning("Let me see."));
        assertThat(finished(events).reason()).isEqualTo(FinishReason.MAXIMUM_TOKENS);
        assertThat(finished(events).usage()).isEqualTo(new GenerationEvent.Usage(12, 5, 8, 0));
        assertThat(server.lastHeader("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void writesConversationsToolsAndSamplingAsTheProtocolHasThem() {
        server.streams("{\"choices\":[{\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}");
        Prompt.Chat chat = new Prompt.Chat(
                List.of(
                        Message.of(Role.SYSTEM, "Be brief."),
                        new Message(
                                Role.USER,
                                List.of(
                                        new Content.Text("What is this?"),
                                        new Content.Image("image/png", new byte[] {1, 2}))),
                        new Message(Role.ASSISTANT, List.of(new Content.ToolCall("c1", "look", "{\"at\":1}"))),
                        new Message(
                                Role.USER,
                                List.of(
                                        new Content.ToolResult("c1", "a cat", false),
                                        new Content.CachePoint(),
                                        new Content.Text("And now?")))),
                List.of(new Prompt.Tool("look", "Looks.", "{\"type\":\"object\"}")),
                new Prompt.ToolChoice.Named("look"),
                false);

        read(model, request(chat, 7, GREEDY, new Constraint.JsonSchema("{\"type\":\"array\"}"), List.of("END")));

        JsonNode body = server.lastBody();
        assertThat(server.lastPath()).isEqualTo("/v1/chat/completions");
        assertThat(body.path("model").asText()).isEqualTo("served-model");
        assertThat(body.path("messages").findValuesAsText("role"))
                .containsExactly("system", "user", "assistant", "tool", "user");
        assertThat(body.at("/messages/1/content/1/image_url/url").asText()).isEqualTo("data:image/png;base64,AQI=");
        assertThat(body.at("/messages/2/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"at\":1}");
        assertThat(body.at("/messages/3/tool_call_id").asText()).isEqualTo("c1");
        assertThat(body.at("/tools/0/function/parameters/type").asText()).isEqualTo("object");
        assertThat(body.at("/tool_choice/function/name").asText()).isEqualTo("look");
        assertThat(body.at("/response_format/json_schema/schema/type").asText()).isEqualTo("array");
        assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(7);
        assertThat(body.at("/stop/0").asText()).isEqualTo("END");
        assertThat(body.path("temperature").asDouble()).isZero();
        assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
    }

    @Test
    void readsToolCallsThatComeInPieces() {
        server.streams(
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"first\",\"arguments\":\"\"}}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}},"
                        + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"second\",\"arguments\":\"{}\"}}]}}]}",
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}");

        List<GenerationEvent> events = read(model, chat("Call them."));

        assertThat(events.subList(0, events.size() - 1))
                .containsExactly(
                        new GenerationEvent.ToolCallStarted(0, "a", "first"),
                        new GenerationEvent.ToolCallInput(0, "{\"x\""),
                        new GenerationEvent.ToolCallInput(0, ":1}"),
                        new GenerationEvent.ToolCallStarted(1, "b", "second"),
                        new GenerationEvent.ToolCallInput(1, "{}"));
        assertThat(finished(events).reason()).isEqualTo(FinishReason.TOOL_CALL);
    }

    @Test
    void continuesRawTextWithProbabilities() {
        server.streams(
                "{\"choices\":[{\"text\":\" Paris\",\"logprobs\":{\"tokens\":[\" Paris\"],\"token_logprobs\":[-0.25],"
                        + "\"top_logprobs\":[{\" Paris\":-0.25}]}}]}",
                "{\"choices\":[{\"text\":\"\",\"finish_reason\":\"stop\",\"stop_reason\":\".\"}]}");
        TextRequest request = new TextRequest(
                new Prompt.Raw("The capital of France is"),
                GREEDY,
                OptionalInt.of(4),
                List.of("."),
                new Constraint.None(),
                OptionalInt.of(1),
                false,
                Duration.ofSeconds(20),
                Map.of("best_of", 1));

        List<GenerationEvent> events = read(model, request);

        assertThat(server.lastPath()).isEqualTo("/v1/completions");
        assertThat(server.lastBody().path("best_of").asInt()).isEqualTo(1);
        assertThat(events)
                .contains(new GenerationEvent.Probabilities(List.of(new GenerationEvent.TokenProbability(
                        " Paris", -0.25, List.of(new GenerationEvent.TokenProbability(" Paris", -0.25, List.of()))))));
        assertThat(finished(events).reason()).isEqualTo(FinishReason.STOP_SEQUENCE);
        assertThat(finished(events).stopSequence()).contains(".");
    }

    @Test
    void translatesTheEndpointsErrors() {
        Map<Integer, Category> expected = Map.of(
                400, Category.INVALID,
                401, Category.DENIED,
                404, Category.NOT_FOUND,
                429, Category.OVERLOADED,
                500, Category.FAILED,
                503, Category.UNAVAILABLE,
                504, Category.TIMED_OUT);
        expected.forEach((status, category) -> {
            server.fails(status, "{\"error\":{\"message\":\"the reason\",\"type\":\"some\"}}");

            TextModelException failure = failure(chat("Hello"));

            assertThat(failure.category()).as("status %d", status).isEqualTo(category);
            assertThat(failure).hasMessageContaining("the reason");
        });
        server.fails(400, "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"too many tokens\"}}");
        assertThat(failure(chat("Hello")).category()).isEqualTo(Category.TOO_LONG);
        server.fails(503, "{\"error\":{\"message\":\"Loading model\"}}");
        assertThat(failure(chat("Hello")).category()).isEqualTo(Category.NOT_READY);
    }

    @Test
    void anAnswerThatBreaksOffIsAnErrorAndNotAnEnd() {
        server.breaksOffAfter("{\"choices\":[{\"delta\":{\"content\":\"half a\"}}]}");

        assertThat(failure(chat("Hello")).category()).isEqualTo(Category.UNAVAILABLE);
    }

    @Test
    void anErrorInTheMiddleOfTheStreamIsAnError() {
        server.streams(
                "{\"choices\":[{\"delta\":{\"content\":\"half a\"}}]}", "{\"error\":{\"message\":\"out of memory\"}}");

        TextModelException failure = failure(chat("Hello"));

        assertThat(failure.category()).isEqualTo(Category.FAILED);
        assertThat(failure).hasMessageContaining("out of memory");
    }

    @Test
    void saysThatNobodyListens() {
        OpenAiTextModel nowhere =
                new OpenAiTextModel(OpenAiSettings.of("nowhere", URI.create("http://127.0.0.1:1/v1"), "m"));

        TextModelException failure = catchThrowableOfType(TextModelException.class, () -> read(nowhere, chat("Hello")));

        assertThat(failure.category()).isEqualTo(Category.UNAVAILABLE);
        nowhere.close();
    }

    @Test
    void timesOutWhenTheEndpointFallsSilent() {
        server.hangsAfter("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
        TextRequest impatient = new TextRequest(
                chat("Hello").prompt(),
                GREEDY,
                OptionalInt.empty(),
                List.of(),
                new Constraint.None(),
                OptionalInt.empty(),
                false,
                Duration.ofMillis(700),
                Map.of());

        assertThat(failure(impatient).category()).isEqualTo(Category.TIMED_OUT);
    }

    @Test
    void closingClosesTheConnection() throws Exception {
        server.hangsAfter("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
        Generation generation = model.generate(chat("Hello"));
        generation.next();

        generation.close();

        assertThat(server.clientLeft().await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(catchThrowableOfType(TextModelException.class, generation::next)
                        .category())
                .isEqualTo(Category.CANCELLED);
    }

    @Test
    void closingFromAnotherThreadClosesTheConnectionBeforeTheAnswerHasBegun() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                OpenAiTextModel slow = new OpenAiTextModel(OpenAiSettings.of(
                        "slow", URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/v1"), "m"))) {
            Generation generation = slow.generate(chat("Hello"));
            try (Socket connection = silent.accept()) {
                connection.setSoTimeout(1000);
                assertThat(connection.getInputStream().read()).isEqualTo('P');
                CompletableFuture<TextModelException> outcome = CompletableFuture.supplyAsync(
                        () -> catchThrowableOfType(TextModelException.class, generation::next));

                generation.close();

                assertThat(outcome.get(1, TimeUnit.SECONDS).category()).isEqualTo(Category.CANCELLED);
                // The rest of the request, and then the end of the connection, before the socket's time is over.
                assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    void closingFromAnotherThreadWakesTheReader() throws Exception {
        server.hangsAfter("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
        Generation generation = model.generate(chat("Hello"));
        generation.next();
        CompletableFuture<TextModelException> outcome =
                CompletableFuture.supplyAsync(() -> catchThrowableOfType(TextModelException.class, generation::next));

        generation.close();

        assertThat(outcome.get(1, TimeUnit.SECONDS).category()).isEqualTo(Category.CANCELLED);
    }

    @Test
    void refusesWhatTheDialectHasNoWordsFor() {
        Constraint grammar = new Constraint.Grammar("root ::= \"a\"");
        TextRequest request = request(chat("Hello").prompt(), 5, GREEDY, grammar, List.of());

        assertThat(failure(request).category()).isEqualTo(Category.UNSUPPORTED);
        assertThat(catchThrowableOfType(TextModelException.class, () -> model.countTokens(request.prompt()))
                        .category())
                .isEqualTo(Category.UNSUPPORTED);

        server.streams("{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}");
        try (OpenAiTextModel llama = new OpenAiTextModel(settings().withDialect(Dialect.LLAMA_SERVER))) {
            assertThat(text(read(llama, request))).isEqualTo("a");
            assertThat(server.lastBody().path("grammar").asText()).isEqualTo("root ::= \"a\"");
        }
    }

    @Test
    void countsTokensWhereTheServerDoes() {
        server.answers("{\"count\":42,\"max_model_len\":4096,\"tokens\":[]}");
        try (OpenAiTextModel vllm = new OpenAiTextModel(settings().withDialect(Dialect.VLLM))) {
            assertThat(vllm.countTokens(chat("Hello").prompt())).isEqualTo(42);
            assertThat(server.lastPath()).isEqualTo("/tokenize");
        }
    }

    private TextModelException failure(TextRequest request) {
        TextModelException failure = catchThrowableOfType(TextModelException.class, () -> read(model, request));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static TextRequest chat(String text) {
        TextRequest any = raw("", 10);
        return new TextRequest(
                Prompt.Chat.of(List.of(Message.of(Role.USER, text))),
                any.sampling(),
                any.maximumTokens(),
                any.stopSequences(),
                any.constraint(),
                any.logProbabilities(),
                false,
                Duration.ofSeconds(20),
                Map.of());
    }
}
