package dev.outcrop.services.bedrockruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.Truncation;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Metering;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.CountTokensRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class InvokeModelTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";
    private static final String HELLO = """
            {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10,
             "messages": [{"role": "user", "content": "Hello there"}]}""";

    private final CallContext call = SomeModels.call();
    private final BedrockRuntimeService service = new BedrockRuntimeService(
            SomeModels.of(ScriptedTextModel.saying("Hello", " you"), new Words())
                    .routing(),
            SomeModels.FAMILIES,
            SomeModels.UNGUARDED,
            new Random(1));

    private InvokeModelResponse invoke(String modelId, String body) {
        return call.call(
                () -> service.invokeModel(request -> request.modelId(modelId).body(SdkBytes.fromUtf8String(body))));
    }

    @Test
    void answersInTheFamilysOwnBodyWithTokenHeaders() {
        InvokeModelResponse response = invoke("us." + HAIKU, HELLO);

        assertThat(response.contentType()).isEqualTo("application/json");
        assertThat(response.body().asUtf8String())
                .contains("\"type\":\"text\",\"text\":\"Hello you\"", "\"output_tokens\":2");
        assertThat(call.responseHeaders())
                .contains(
                        Map.entry("x-outcrop-model", "scripted"),
                        Map.entry("x-amzn-bedrock-input-token-count", "11"),
                        Map.entry("x-amzn-bedrock-output-token-count", "2"));
        assertThat(call.metering().amounts()).containsEntry(Metering.INPUT_TOKENS, 11.0);
        assertThat(call.metering().model()).contains(HAIKU);
    }

    @Test
    void embedsForAnEmbeddingModelsId() {
        InvokeModelResponse response =
                invoke("amazon.titan-embed-text-v2:0", "{\"inputText\": \"two words\", \"dimensions\": 256}");

        assertThat(response.body().asUtf8String()).contains("\"inputTextTokenCount\":2");
        assertThat(call.responseHeaders()).contains(Map.entry("x-outcrop-model", "words"));
        assertThat(call.metering().amounts()).containsEntry(Metering.INPUT_TOKENS, 2.0);
    }

    @Test
    void refusesAMalformedBody() {
        assertThatThrownBy(() -> invoke(HAIKU, "{"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Malformed input request");
        assertThatThrownBy(() -> call.call(() -> service.invokeModel(request -> request.modelId(HAIKU))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Malformed input request");
    }

    @Test
    void refusesWhatNoModelHereAnswers() {
        assertThatThrownBy(() -> invoke("stability.sd3-5-large-v1:0", "{}"))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> call.call(() -> service.invokeModel(request ->
                        request.modelId(HAIKU).guardrailIdentifier("abc").body(SdkBytes.fromUtf8String(HELLO)))))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void countsTheTokensOfABody() {
        int tokens = call.call(() -> service.countTokens(CountTokensRequest.builder()
                        .modelId(HAIKU)
                        .input(input -> input.invokeModel(invoked -> invoked.body(SdkBytes.fromUtf8String(HELLO))))
                        .build())
                .inputTokens());

        assertThat(tokens).isEqualTo(2);
    }

    /** Embeds a text as its number of words, in four directions. */
    private static final class Words implements EmbeddingModel {
        @Override
        public Description description() {
            return new Description("words", 256, 100);
        }

        @Override
        public List<Embedding> embed(List<String> texts, Truncation truncation) {
            return texts.stream()
                    .map(text -> {
                        float[] vector = new float[256];
                        vector[countTokens(text)] = 1;
                        return new Embedding(vector, countTokens(text));
                    })
                    .toList();
        }

        @Override
        public int countTokens(String text) {
            return text.split(" ", -1).length;
        }

        @Override
        public void close() {}
    }
}
