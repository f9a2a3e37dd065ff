package dev.outcrop.services.compatible;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.Metering;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.services.bedrockruntime.ModelUse;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import dev.outcrop.services.bedrockruntime.SomeModels;
import dev.outcrop.services.bedrockruntime.WordsEmbeddingModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibleEndpointsTest {
    private static final String CHAT = "/openai/v1/chat/completions";
    private static final String MESSAGES = "/anthropic/v1/messages";
    private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]}";

    private final CallContext call = SomeModels.call();
    private final List<CallRecord> records = new ArrayList<>();
    private Authorization authorization = Authorization.ROOT_ONLY;
    private Throttle throttle = Throttle.unlimited();

    private PlayedExchange call(ScriptedTextModel model, PlayedExchange exchange) throws IOException {
        SomeModels models = SomeModels.of(model, new WordsEmbeddingModel(8));
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
        List<Endpoint> endpoints =
                CompatibleEndpoints.of(new ServedModels(models::routing, models, clock, new Random(1)));
        Endpoint endpoint = endpoints.stream()
                .filter(candidate -> candidate.method().equals(exchange.method()))
                .filter(candidate -> candidate.path().endsWith("/*")
                        ? exchange.path()
                                .startsWith(candidate
                                        .path()
                                        .substring(0, candidate.path().length() - 1))
                        : exchange.path().equals(candidate.path()))
                .findFirst()
                .orElseThrow();
        Corridor corridor = new Corridor(authorization, throttle, records::add);
        try {
            corridor.serve(call, endpoint, exchange);
        } catch (ClientGone gone) {
            throw gone;
        } catch (RuntimeException failure) {
            assertThat(endpoint.fail(exchange, corridor.failure(call, failure))).isTrue();
        }
        return exchange;
    }

    private PlayedExchange post(ScriptedTextModel model, String path, String body) throws IOException {
        return call(model, new PlayedExchange("POST", path, body));
    }

    private static ScriptedTextModel failing(Category category) {
        Function<TextRequest, List<GenerationEvent>> script = _ -> {
            throw new TextModelException(category, "it failed");
        };
        return new ScriptedTextModel(Set.of(), script);
    }

    @Test
    void chatCompletionsAreAnsweredAndMetered() throws IOException {
        PlayedExchange exchange = post(ScriptedTextModel.saying("Hi", "!"), CHAT, "{'model':'scripted'," + HELLO);

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.json().at("/choices/0/message/content").textValue()).isEqualTo("Hi!");
        assertThat(exchange.sentHeader("x-request-id")).contains(call.requestId());
        assertThat(call.responseHeaders()).contains(Map.entry(ModelUse.HEADER, "scripted"));
        assertThat(call.metering().amounts())
                .containsEntry(Metering.INPUT_TOKENS, 11.0)
                .containsEntry(Metering.OUTPUT_TOKENS, 2.0);
    }

    @Test
    void chatCompletionsStreamUntilDone() throws IOException {
        PlayedExchange exchange = post(
                ScriptedTextModel.saying("Hi", "!"),
                CHAT,
                "{'model':'scripted','stream':true,'stream_options':{'include_usage':true}," + HELLO);

        assertThat(exchange.sentHeader("content-type")).contains("text/event-stream");
        assertThat(exchange.text()).endsWith("data: [DONE]\n\n");
        assertThat(exchange.events()).hasSize(5);
        assertThat(exchange.events().getLast().at("/usage/completion_tokens").intValue())
                .isEqualTo(2);
        assertThat(exchange.events().getLast().has("amazon-bedrock-invocationMetrics"))
                .isFalse();
        assertThat(exchange.ended()).isTrue();
        assertThat(call.metering().amounts()).containsEntry(Metering.OUTPUT_TOKENS, 2.0);
    }

    @Test
    void messagesAreAnsweredByAnthropicsOwnNames() throws IOException {
        PlayedExchange exchange = post(
                ScriptedTextModel.saying("Hi"), MESSAGES, "{'model':'claude-3-haiku-20240307','max_tokens':9," + HELLO);

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.json().path("model").textValue()).isEqualTo("claude-3-haiku-20240307");
        assertThat(exchange.json().at("/content/0/text").textValue()).isEqualTo("Hi");
        assertThat(exchange.sentHeader("request-id")).contains(call.requestId());
    }

    @Test
    void messagesStreamNamedEvents() throws IOException {
        PlayedExchange exchange = post(
                ScriptedTextModel.playing(
                        new GenerationEvent.Text("Hi"),
                        new Finished(
                                FinishReason.END_OF_TURN,
                                Optional.empty(),
                                new Usage(50, 1, 30, 10),
                                ScriptedTextModel.TIMINGS)),
                MESSAGES,
                "{'model':'scripted','max_tokens':9,'stream':true," + HELLO);

        assertThat(exchange.text().lines().filter(line -> line.startsWith("event: ")))
                .containsExactly(
                        "event: message_start",
                        "event: ping",
                        "event: content_block_start",
                        "event: content_block_delta",
                        "event: content_block_stop",
                        "event: message_delta",
                        "event: message_stop");
        JsonNode usage = exchange.events().get(5).path("usage");
        assertThat(usage.path("input_tokens").intValue()).isEqualTo(10);
        assertThat(usage.path("cache_read_input_tokens").intValue()).isEqualTo(30);
        assertThat(usage.path("cache_creation_input_tokens").intValue()).isEqualTo(10);
    }

    @Test
    void messageTokensAreCounted() throws IOException {
        PlayedExchange exchange = post(
                ScriptedTextModel.saying("x"),
                MESSAGES + "/count_tokens",
                "{'model':'scripted','system':'Be brief','messages':[{'role':'user','content':'one two three'}]}");

        assertThat(exchange.text()).isEqualTo("{\"input_tokens\":5}");
    }

    @Test
    void embeddingsComeAsNumbersOrBase64() throws IOException {
        ScriptedTextModel model = ScriptedTextModel.saying("x");
        String path = "/openai/v1/embeddings";

        JsonNode numbers =
                post(model, path, "{'model':'words','input':['red','blue']}").json();
        JsonNode base64 = post(
                        model, path, "{'model':'words','input':'red','encoding_format':'base64','dimensions':16}")
                .json();

        assertThat(numbers.path("data")).hasSize(2);
        assertThat(numbers.at("/data/1/index").intValue()).isEqualTo(1);
        assertThat(numbers.at("/data/0/embedding")).hasSize(8);
        assertThat(numbers.at("/usage/prompt_tokens").intValue()).isEqualTo(2);
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(base64.at("/data/0/embedding").textValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(16 * Float.BYTES);
        assertThat(bytes.getFloat()).isEqualTo(numbers.at("/data/0/embedding/0").floatValue());
    }

    @Test
    void installedModelsAreListed() throws IOException {
        ScriptedTextModel model = ScriptedTextModel.saying("x");

        JsonNode openAi =
                call(model, new PlayedExchange("GET", "/openai/v1/models", "")).json();
        JsonNode anthropic = call(model, new PlayedExchange("GET", "/anthropic/v1/models", ""))
                .json();
        JsonNode one = call(model, new PlayedExchange("GET", "/openai/v1/models/amazon.nova-lite-v1:0", ""))
                .json();

        assertThat(openAi.path("data").findValuesAsText("id")).containsExactly("scripted", "words");
        assertThat(anthropic.path("data").findValuesAsText("id")).containsExactly("scripted");
        assertThat(anthropic.path("has_more").booleanValue()).isFalse();
        assertThat(one.path("owned_by").textValue()).isEqualTo("amazon");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID, 400, invalid_request_error, , 400, invalid_request_error",
        "TOO_LONG, 400, invalid_request_error, context_length_exceeded, 400, invalid_request_error",
        "NOT_FOUND, 404, invalid_request_error, model_not_found, 404, not_found_error",
        "OVERLOADED, 429, rate_limit_error, rate_limit_exceeded, 529, overloaded_error",
        "TIMED_OUT, 504, server_error, timeout, 504, timeout_error",
        "NOT_READY, 503, server_error, service_unavailable, 529, overloaded_error",
        "FAILED, 500, server_error, , 500, api_error",
    })
    void failuresAreSaidInTheWordsOfEither(
            Category category, int status, String type, String code, int anthropicStatus, String anthropicType)
            throws IOException {
        PlayedExchange openAi = post(failing(category), CHAT, "{'model':'scripted'," + HELLO);
        PlayedExchange anthropic = post(failing(category), MESSAGES, "{'model':'scripted','max_tokens':9," + HELLO);

        assertThat(openAi.status()).isEqualTo(status);
        assertThat(openAi.json().at("/error/type").textValue()).isEqualTo(type);
        assertThat(openAi.json().at("/error/code").textValue()).isEqualTo(code);
        assertThat(anthropic.status()).isEqualTo(anthropicStatus);
        assertThat(anthropic.json().path("type").textValue()).isEqualTo("error");
        assertThat(anthropic.json().at("/error/type").textValue()).isEqualTo(anthropicType);
    }

    @Test
    void wrongBodiesAreRefusedInTheWordsOfEither() throws IOException {
        ScriptedTextModel model = ScriptedTextModel.saying("x");

        JsonNode openAi =
                post(model, CHAT, "{'messages':[{'role':'user','content':3}]}").json();
        PlayedExchange anthropic = post(model, MESSAGES, "{'model':'scripted'," + HELLO);

        assertThat(openAi.at("/error/message").textValue()).isEqualTo("Missing required parameter: 'model'.");
        assertThat(openAi.at("/error/param").textValue()).isEqualTo("model");
        assertThat(anthropic.status()).isEqualTo(400);
        assertThat(anthropic.json().at("/error/message").textValue()).isEqualTo("max_tokens: Field required");
    }

    @Test
    void modelsThatThereAreNotAreNotFound() throws IOException {
        ScriptedTextModel model = ScriptedTextModel.saying("x");

        PlayedExchange openAi = post(model, CHAT, "{'model':'gpt-9'," + HELLO);
        PlayedExchange anthropic = post(model, MESSAGES, "{'model':'gpt-9','max_tokens':9," + HELLO);

        assertThat(openAi.status()).isEqualTo(404);
        assertThat(openAi.json().at("/error/code").textValue()).isEqualTo("model_not_found");
        assertThat(anthropic.status()).isEqualTo(404);
        assertThat(anthropic.json().at("/error/type").textValue()).isEqualTo("not_found_error");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /openai/v1/chat/completions, bedrock:InvokeModel",
        "POST, /openai/v1/chat/completions, bedrock:InvokeModelWithResponseStream",
        "POST, /openai/v1/embeddings, bedrock:InvokeModel",
        "GET, /openai/v1/models, bedrock:ListFoundationModels",
        "GET, /openai/v1/models/scripted, bedrock:ListFoundationModels",
        "POST, /anthropic/v1/messages, bedrock:InvokeModel",
        "POST, /anthropic/v1/messages, bedrock:InvokeModelWithResponseStream",
        "POST, /anthropic/v1/messages/count_tokens, bedrock:CountTokens",
        "GET, /anthropic/v1/models, bedrock:ListFoundationModels",
    })
    void whoMayNotDoWhatTheSameCallOfAmazonBedrockNeedsIsRefused(String method, String path, String action)
            throws IOException {
        ScriptedTextModel model = ScriptedTextModel.saying("x");
        authorization = request -> request.accesses().getFirst().action().equals(action)
                ? new AuthorizationDecision.Denied(request.accesses().getFirst(), "because nothing allows it")
                : AuthorizationDecision.ALLOWED;

        boolean streams = action.endsWith("Stream");
        String resource = method.equals("GET") ? "*" : "arn:aws:bedrock:us-east-1::foundation-model/scripted";

        PlayedExchange exchange = call(
                model,
                new PlayedExchange(
                        method, path, "{'model':'scripted','stream':" + streams + ",'max_tokens':9," + HELLO));

        assertThat(exchange.status()).isEqualTo(403);
        assertThat(exchange.json().at("/error/type").textValue()).isEqualTo("permission_error");
        assertThat(exchange.json().at("/error/message").textValue())
                .isEqualTo("User: arn:aws:iam::000000000000:root is not authorized to perform: " + action
                        + " on resource: " + resource + " because nothing allows it");
        assertThat(model.requests()).isEmpty();
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.service()).isEqualTo("bedrock");
            assertThat(record.failure().orElseThrow().code()).isEqualTo("AccessDeniedException");
        });
    }

    @Test
    void wholeAnswersDoNotNeedThePermissionToStream() throws IOException {
        authorization = request -> request.accesses().getFirst().action().equals("bedrock:InvokeModel")
                ? AuthorizationDecision.ALLOWED
                : new AuthorizationDecision.Denied(request.accesses().getFirst(), "because nothing allows it");

        PlayedExchange exchange = post(ScriptedTextModel.saying("Hi"), CHAT, "{'model':'scripted'," + HELLO);

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(records)
                .singleElement()
                .satisfies(record -> assertThat(record.failure()).isEmpty());
    }

    @Test
    void whoeverIsTooFastIsToldInTheWordsOfEither() throws IOException {
        throttle = new Throttle(
                (_, _, service, _) ->
                        service.equals("bedrock") ? Optional.of(new Throttle.Rate(0, 1)) : Optional.empty(),
                InstantSource.fixed(Instant.EPOCH));
        ScriptedTextModel model = ScriptedTextModel.saying("Hi");
        String body = "{'model':'scripted','max_tokens':9," + HELLO;

        PlayedExchange first = post(model, CHAT, body);
        PlayedExchange openAi = post(model, CHAT, body);
        post(model, MESSAGES, body);
        PlayedExchange anthropic = post(model, MESSAGES, body);

        assertThat(first.status()).isEqualTo(200);
        assertThat(openAi.status()).isEqualTo(429);
        assertThat(openAi.json().at("/error/type").textValue()).isEqualTo("rate_limit_error");
        assertThat(openAi.json().at("/error/code").textValue()).isEqualTo("rate_limit_exceeded");
        assertThat(anthropic.status()).isEqualTo(429);
        assertThat(anthropic.json().at("/error/type").textValue()).isEqualTo("rate_limit_error");
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void whatNobodyForesawIsSaidInTheWordsOfEither() throws IOException {
        ScriptedTextModel broken = new ScriptedTextModel(Set.of(), _ -> {
            throw new IllegalStateException("the password is 1234");
        });

        PlayedExchange openAi = post(broken, CHAT, "{'model':'scripted'," + HELLO);
        PlayedExchange anthropic = post(broken, MESSAGES, "{'model':'scripted','max_tokens':9," + HELLO);

        assertThat(openAi.status()).isEqualTo(500);
        assertThat(openAi.json().at("/error/type").textValue()).isEqualTo("server_error");
        assertThat(anthropic.status()).isEqualTo(500);
        assertThat(anthropic.json().at("/error/type").textValue()).isEqualTo("api_error");
        assertThat(openAi.text() + anthropic.text()).doesNotContain("1234");
    }

    @Test
    void whatWasWrongWithABodyIsRecorded() throws IOException {
        post(ScriptedTextModel.saying("x"), CHAT, "{'messages':[]}");

        assertThat(records)
                .singleElement()
                .satisfies(record ->
                        assertThat(record.failure().orElseThrow().code()).isEqualTo("ValidationException"));
    }

    @Test
    void aFailureWithinAStreamIsItsLastEvent() throws IOException {
        Function<TextRequest, List<GenerationEvent>> dying = _ -> new AbstractList<>() {
            @Override
            public GenerationEvent get(int index) {
                if (index == 0) {
                    return new GenerationEvent.Text("Hi");
                }
                throw new TextModelException(Category.UNAVAILABLE, "it died");
            }

            @Override
            public int size() {
                return 2;
            }
        };
        ScriptedTextModel model = new ScriptedTextModel(Set.of(), dying);

        PlayedExchange openAi = post(model, CHAT, "{'model':'scripted','stream':true," + HELLO);
        PlayedExchange anthropic = post(model, MESSAGES, "{'model':'scripted','max_tokens':9,'stream':true," + HELLO);

        assertThat(openAi.status()).isEqualTo(200);
        assertThat(openAi.events().getLast().at("/error/code").textValue()).isEqualTo("service_unavailable");
        assertThat(anthropic.events().getLast().at("/error/type").textValue()).isEqualTo("overloaded_error");
        assertThat(anthropic.text()).contains("event: error\n");
    }

    @Test
    void aReaderThatLeavesEndsTheGeneration() {
        ScriptedTextModel model = ScriptedTextModel.saying("a", "b", "c", "d");
        PlayedExchange leaving = new PlayedExchange("POST", CHAT, "{'model':'scripted','stream':true," + HELLO, 2);

        assertThatThrownBy(() -> call(model, leaving)).isInstanceOf(ClientGone.class);

        assertThat(model.cancelled()).isEqualTo(1);
    }
}
