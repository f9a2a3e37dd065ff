package dev.outcrop.services.bedrockruntime.families;

import static dev.outcrop.services.bedrockruntime.families.Calls.embed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.embedding.Truncation;
import dev.outcrop.services.bedrockruntime.WordsEmbeddingModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class EmbeddingFamiliesTest {
    private static final String TITAN_G1 = "amazon.titan-embed-text-v1";
    private static final String TITAN_V2 = "amazon.titan-embed-text-v2:0";
    private static final String COHERE_V3 = "cohere.embed-english-v3";
    private static final String COHERE_V4 = "cohere.embed-v4:0";

    private final WordsEmbeddingModel model = new WordsEmbeddingModel(8);

    @Test
    void titanGivesTheLengthsOfItsVersions() {
        JsonNode first = embed(model, TITAN_G1, "{'inputText':'red car'}");
        JsonNode second = embed(model, TITAN_V2, "{'inputText':'red car'}");
        JsonNode shorter = embed(model, TITAN_V2, "{'inputText':'red car','dimensions':256,'normalize':true}");
        JsonNode installed = embed(model, "words", "{'inputText':'red car'}");

        assertThat(first.path("embedding")).hasSize(1536);
        assertThat(first.has("embeddingsByType")).isFalse();
        assertThat(first.path("inputTextTokenCount").intValue()).isEqualTo(2);
        assertThat(second.path("embedding")).hasSize(1024);
        assertThat(second.at("/embeddingsByType/float")).isEqualTo(second.path("embedding"));
        assertThat(shorter.path("embedding")).hasSize(256);
        assertThat(installed.path("embedding")).hasSize(8);
    }

    @Test
    void titanGivesABitANumber() {
        JsonNode answer = embed(model, TITAN_V2, "{'inputText':'red car','embeddingTypes':['binary']}");

        float[] vector = model.vector("red car");
        assertThat(answer.has("embedding")).isFalse();
        assertThat(answer.at("/embeddingsByType/binary")).hasSize(1024);
        assertThat(IntStream.range(0, 8)
                        .map(i -> answer.at("/embeddingsByType/binary/" + i).intValue()))
                .containsExactly(IntStream.range(0, 8)
                        .mapToObj(i -> vector[i] > 0 ? 1 : 0)
                        .toArray(Integer[]::new));
    }

    @Test
    void cohereAnswersInTheOrderOfTheTexts() {
        JsonNode answer = embed(model, COHERE_V3, "{'input_type':'search_query','texts':['red','blue sky']}");

        assertThat(answer.path("response_type").textValue()).isEqualTo("embeddings_floats");
        assertThat(answer.path("texts")).isEqualTo(Calls.json("['red','blue sky']"));
        assertThat(answer.path("embeddings")).hasSize(2);
        assertThat(answer.at("/embeddings/1")).hasSize(1024);
        assertThat(answer.at("/embeddings/1/0").floatValue()).isCloseTo(model.vector("blue sky")[0], within(1e-6f));
    }

    @Test
    void cohereGivesEveryType() {
        JsonNode answer = embed(
                model,
                COHERE_V4,
                "{'input_type':'search_document','texts':['red car'],'output_dimension':256,"
                        + "'embedding_types':['float','int8','uint8','binary','ubinary','base64']}");

        JsonNode types = answer.path("embeddings");
        float[] vector = model.vector("red car");
        assertThat(answer.path("response_type").textValue()).isEqualTo("embeddings_by_type");
        assertThat(types.at("/float/0")).hasSize(256);
        assertThat(types.at("/int8/0/0").intValue())
                .isEqualTo(Math.clamp(Math.round(vector[0] * 127 * Math.sqrt(8) / 4), -128, 127));
        assertThat(types.at("/uint8/0/0").intValue())
                .isEqualTo(types.at("/int8/0/0").intValue() + 128);
        assertThat(types.at("/ubinary/0")).hasSize(32);
        int bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 1 | (vector[i] > 0 ? 1 : 0);
        }
        assertThat(types.at("/ubinary/0/0").intValue()).isEqualTo(bits);
        assertThat(types.at("/binary/0/0").intValue()).isEqualTo(bits - 128);
        float first = ByteBuffer.wrap(
                        Base64.getDecoder().decode(types.at("/base64/0").textValue()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getFloat();
        assertThat(first).isEqualTo(vector[0]);
    }

    @Test
    void cohereTruncatesWhereItMay() {
        embed(model, COHERE_V3, "{'input_type':'clustering','texts':['a'],'truncate':'START'}");
        assertThat(model.truncation()).isEqualTo(Truncation.START);

        embed(
                model,
                COHERE_V4,
                "{'input_type':'clustering','truncate':'RIGHT','inputs':[{'content':[{'type':'text','text':'a'}]}]}");
        assertThat(model.truncation()).isEqualTo(Truncation.END);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    cohere.embed-english-v3 | {'inputText':'x'} | #: required key [input_type] not found#: required key [texts] not found#: extraneous key [inputText] is not permitted
                    cohere.embed-english-v3 | {'input_type':'x','texts':['a']} | #/input_type: x is not a valid enum value
                    cohere.embed-english-v3 | {'input_type':'clustering','texts':['a',3]} | #/texts/1: expected type: String, found: Integer
                    cohere.embed-v4:0 | {'input_type':'clustering','texts':['a'],'output_dimension':300} | #/output_dimension: 300 is not a valid enum value
                    amazon.titan-embed-text-v1 | {'inputText':'x','dimensions':256} | #: extraneous key [dimensions] is not permitted
                    amazon.titan-embed-text-v2:0 | {'inputText':'x','dimensions':300} | #/dimensions: 300 is not a valid enum value
                    amazon.titan-embed-text-v2:0 | {'inputText':'x','embeddingTypes':['int8']} | #/embeddingTypes/0: int8 is not a valid enum value
                    """)
    void wrongBodiesAreRefusedInAwsWords(String modelId, String body, String violations) {
        assertThatThrownBy(() -> embed(model, modelId, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "Malformed input request: " + violations + ", please reformat your input and try again.");
    }

    @Test
    void titanRefusesWhatIsTooLong() {
        String words = "word ".repeat(WordsEmbeddingModel.MAXIMUM_TOKENS + 1);

        assertThatThrownBy(() -> embed(model, TITAN_V2, "{'inputText':'" + words + "'}"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "400 Bad Request: Too many input tokens. Max input tokens: 16, request input token"
                                + " count: 17");
    }

    @Test
    void cohereRefusesImages() {
        assertThatThrownBy(
                        () -> embed(model, COHERE_V3, "{'input_type':'image','images':['data:image/png;base64,aGk=']}"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("does not embed images");
    }
}
