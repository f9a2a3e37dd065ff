package dev.outcrop.services.bedrockruntime.families;

import static dev.outcrop.services.bedrockruntime.families.Calls.invoke;
import static dev.outcrop.services.bedrockruntime.families.Calls.json;
import static dev.outcrop.services.bedrockruntime.families.Calls.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class PromptFamiliesTest {
    private static final String TITAN = "amazon.titan-text-express-v1";
    private static final String LLAMA = "meta.llama3-8b-instruct-v1:0";
    private static final String MISTRAL = "mistral.mistral-7b-instruct-v0:2";
    private static final String CLAUDE = "anthropic.claude-v2:1";
    private static final String DEEPSEEK = "deepseek.r1-v1:0";
    private static final String COMMAND = "cohere.command-text-v14";
    private static final String METRICS =
            "'amazon-bedrock-invocationMetrics':{'inputTokenCount':11,'outputTokenCount':2,"
                    + "'invocationLatency':50,'firstByteLatency':20}";

    @Test
    void titanAnswersWithCountsAndReason() {
        ScriptedTextModel model = ScriptedTextModel.saying("Hello", " there");

        JsonNode answer = invoke(model, TITAN, "{'inputText':'User: Hi\\nBot:'}");

        assertThat(answer)
                .isEqualTo(json("{'inputTextTokenCount':11,'results':[{'tokenCount':2,'outputText':'Hello there',"
                        + "'completionReason':'FINISH'}]}"));
    }

    @Test
    void titanTakesItsConfigurationAndElseItsDefaults() {
        ScriptedTextModel model = ScriptedTextModel.saying("Hello");

        invoke(
                model,
                TITAN,
                "{'inputText':'Hi','textGenerationConfig':{'temperature':0,'topP':0.5,'maxTokenCount':7,"
                        + "'stopSequences':['User:']}}");
        invoke(model, TITAN, "{'inputText':'Hi'}");

        TextRequest given = model.requests().getFirst();
        assertThat(given.sampling().temperature()).hasValue(0);
        assertThat(given.sampling().topP()).hasValue(0.5);
        assertThat(given.maximumTokens()).hasValue(7);
        assertThat(given.stopSequences()).containsExactly("User:");
        TextRequest defaults = model.request();
        assertThat(defaults.sampling().temperature()).hasValue(0.7);
        assertThat(defaults.sampling().topP()).hasValue(0.9);
        assertThat(defaults.maximumTokens()).hasValue(512);
    }

    @Test
    void titanStreamsPiecesAndTotalsLast() {
        List<JsonNode> chunks = stream(ScriptedTextModel.saying("Hello", " there"), TITAN, "{'inputText':'one two'}");

        assertThat(chunks)
                .containsExactly(
                        json("{'outputText':'Hello','index':0,'inputTextTokenCount':2,"
                                + "'totalOutputTextTokenCount':null,'completionReason':null}"),
                        json("{'outputText':' there','index':0,'inputTextTokenCount':2,"
                                + "'totalOutputTextTokenCount':null,'completionReason':null}"),
                        json("{'outputText':'','index':0,'inputTextTokenCount':11,'totalOutputTextTokenCount':2,"
                                + "'completionReason':'FINISH'," + METRICS + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "amazon.titan-text-express-v1#{'inputText':'User: one\\nBot: two\\nUser: three\\nBot:'}",
                "meta.llama2-13b-chat-v1#{'prompt':'<s>[INST] one [/INST] two </s><s>[INST] three [/INST]'}",
                "meta.llama3-8b-instruct-v1:0#{'prompt':'<|begin_of_text|><|start_header_id|>user<|end_header_id|>\\n\\none<|eot_id|><|start_header_id|>assistant<|end_header_id|>\\n\\ntwo<|eot_id|><|start_header_id|>user<|end_header_id|>\\n\\nthree<|eot_id|><|start_header_id|>assistant<|end_header_id|>'}",
                "mistral.mistral-7b-instruct-v0:2#{'prompt':'<s>[INST] one [/INST] two</s> [INST] three [/INST]'}",
                "anthropic.claude-v2:1#{'prompt':'\\n\\nHuman: one\\n\\nAssistant: two\\n\\nHuman: three\\n\\nAssistant:','max_tokens_to_sample':9}",
                "deepseek.r1-v1:0#{'prompt':'<｜begin▁of▁sentence｜><｜User｜>one<｜Assistant｜>two<｜end▁of▁sentence｜><｜User｜>three<｜Assistant｜><think>\\n'}"
            })
    void aPromptInTheFamilysTemplateIsReadBackIntoTurns(String modelId, String body) {
        ScriptedTextModel model = ScriptedTextModel.saying("four");

        invoke(model, modelId, body);

        assertThat(Calls.chat(model).messages())
                .containsExactly(
                        Message.of(Role.USER, "one"),
                        Message.of(Role.ASSISTANT, "two"),
                        Message.of(Role.USER, "three"));
    }

    @Test
    void everyAnswerTellsItsTokensInHeaders() {
        InvokedBody answer = Calls.invoked(ScriptedTextModel.saying("a", "b"), TITAN, "{'inputText':'Hi'}");

        assertThat(answer.headers())
                .containsEntry("x-amzn-bedrock-input-token-count", "11")
                .containsEntry("x-amzn-bedrock-output-token-count", "2")
                .containsEntry("x-amzn-bedrock-invocation-latency", "50");
        assertThat(answer.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void llamaAnswersAndStreams() {
        ScriptedTextModel model = ScriptedTextModel.saying("Paris", ".");

        JsonNode answer = invoke(model, LLAMA, "{'prompt':'Capital of France?','max_gen_len':9}");
        List<JsonNode> chunks = stream(model, LLAMA, "{'prompt':'Capital of France?'}");

        assertThat(model.requests().getFirst().maximumTokens()).hasValue(9);
        assertThat(answer)
                .isEqualTo(json("{'generation':'Paris.','prompt_token_count':11,'generation_token_count':2,"
                        + "'stop_reason':'stop'}"));
        assertThat(chunks)
                .containsExactly(
                        json("{'generation':'Paris','prompt_token_count':3,'generation_token_count':1,"
                                + "'stop_reason':null}"),
                        json("{'generation':'.','prompt_token_count':null,'generation_token_count':2,"
                                + "'stop_reason':null}"),
                        json("{'generation':'','prompt_token_count':null,'generation_token_count':2,"
                                + "'stop_reason':'stop'," + METRICS + "}"));
    }

    @Test
    void mistralAnswersAndStreams() {
        ScriptedTextModel model = ScriptedTextModel.saying("Mayo", "!");

        JsonNode answer = invoke(model, MISTRAL, "{'prompt':'<s>[INST] Condiment? [/INST]','top_k':10,'stop':['x']}");
        List<JsonNode> chunks = stream(model, MISTRAL, "{'prompt':'<s>[INST] Condiment? [/INST]'}");

        TextRequest request = model.requests().getFirst();
        assertThat(request.sampling().topK()).hasValue(10);
        assertThat(request.sampling().temperature()).hasValue(0.5);
        assertThat(request.stopSequences()).containsExactly("x");
        assertThat(answer).isEqualTo(json("{'outputs':[{'text':'Mayo!','stop_reason':'stop'}]}"));
        assertThat(chunks)
                .containsExactly(
                        json("{'outputs':[{'text':'Mayo','stop_reason':null}]}"),
                        json("{'outputs':[{'text':'!','stop_reason':null}]}"),
                        json("{'outputs':[{'text':'','stop_reason':'stop'}]," + METRICS + "}"));
    }

    @Test
    void claudeCompletesTextUntilTheNextHumanTurn() {
        ScriptedTextModel model = ScriptedTextModel.saying(" Blue", ".");
        String body = "{'prompt':'\\n\\nHuman: Why?\\n\\nAssistant:','max_tokens_to_sample':300}";

        JsonNode answer = invoke(model, CLAUDE, body);
        List<JsonNode> chunks = stream(model, CLAUDE, body);

        assertThat(model.request().stopSequences()).containsExactly("\n\nHuman:");
        assertThat(answer)
                .isEqualTo(json("{'type':'completion','completion':' Blue.','stop_reason':'stop_sequence',"
                        + "'stop':'\\n\\nHuman:'}"));
        assertThat(chunks)
                .containsExactly(
                        json("{'type':'completion','completion':' Blue','stop_reason':null,'stop':null}"),
                        json("{'type':'completion','completion':'.','stop_reason':null,'stop':null}"),
                        json("{'type':'completion','completion':'','stop_reason':'stop_sequence',"
                                + "'stop':'\\n\\nHuman:'," + METRICS + "}"));
    }

    @Test
    void claudeThreeKnowsNoTextCompletions() {
        assertThatThrownBy(() -> invoke(
                        ScriptedTextModel.saying("x"),
                        "anthropic.claude-3-sonnet-20240229-v1:0",
                        "{'prompt':'\\n\\nHuman: Why?\\n\\nAssistant:','max_tokens_to_sample':300}"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "\"claude-3-sonnet-20240229\" is not supported on this API. Please use the Messages"
                                + " API instead.");
    }

    @Test
    void deepSeekShowsItsReasoningInTheText() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Reasoning("Hm"),
                new GenerationEvent.Text("42"),
                ScriptedTextModel.finished(FinishReason.MAXIMUM_TOKENS, 11, 2));

        JsonNode answer = invoke(model, DEEPSEEK, "{'prompt':'6 x 7','max_tokens':5}");
        List<JsonNode> chunks = stream(model, DEEPSEEK, "{'prompt':'6 x 7','max_tokens':5}");

        assertThat(answer).isEqualTo(json("{'choices':[{'text':'Hm\\n</think>\\n\\n42','stop_reason':'length'}]}"));
        assertThat(chunks.stream().map(chunk -> chunk.at("/choices/0/text").textValue()))
                .containsExactly("Hm", "\n</think>\n\n", "42", "");
        assertThat(chunks.getLast().at("/choices/0/stop_reason").textValue()).isEqualTo("length");
    }

    @Test
    void commandScoresItsTokensWhereAsked() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("Hi"),
                new GenerationEvent.Probabilities(List.of(
                        new TokenProbability("H", -0.5, List.of()), new TokenProbability("i", -1.5, List.of()))),
                ScriptedTextModel.finished(FinishReason.END_OF_TURN, 3, 2));

        JsonNode answer = invoke(model, COMMAND, "{'prompt':'Greet','return_likelihoods':'GENERATION','k':5}");

        assertThat(model.request().logProbabilities()).isEqualTo(OptionalInt.of(0));
        assertThat(model.request().sampling().topP()).isEqualTo(OptionalDouble.of(0.75));
        JsonNode generation = answer.at("/generations/0");
        assertThat(generation.path("text").textValue()).isEqualTo("Hi");
        assertThat(generation.path("finish_reason").textValue()).isEqualTo("COMPLETE");
        assertThat(generation.path("likelihood").doubleValue()).isEqualTo(-1);
        assertThat(generation.path("token_likelihoods"))
                .isEqualTo(json("[{'token':'H','likelihood':-0.5},{'token':'i','likelihood':-1.5}]"));
        assertThat(answer.path("prompt").textValue()).isEqualTo("Greet");
    }

    @Test
    void commandStreamsInPiecesOnlyWhereTheBodySaysSo() {
        ScriptedTextModel model = ScriptedTextModel.saying("Hi", "!");

        List<JsonNode> whole = stream(model, COMMAND, "{'prompt':'Greet'}");
        List<JsonNode> pieces = stream(model, COMMAND, "{'prompt':'Greet','stream':true}");

        assertThat(whole).hasSize(1);
        assertThat(whole.getFirst().at("/generations/0/text").textValue()).isEqualTo("Hi!");
        assertThat(whole.getFirst().has("amazon-bedrock-invocationMetrics")).isTrue();
        assertThat(pieces)
                .containsExactly(
                        json("{'is_finished':false,'text':'Hi'}"),
                        json("{'is_finished':false,'text':'!'}"),
                        json("{'finish_reason':'COMPLETE','is_finished':true," + METRICS + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    amazon.titan-text-lite-v1 | {'inputText':'a','textGenerationConfig':{'maxTokenCount':5000}} | #/textGenerationConfig/maxTokenCount: 5000 is not less or equal to 4096
                    amazon.titan-text-express-v1 | {'prompt':'a'} | #: required key [inputText] not found#: extraneous key [prompt] is not permitted
                    amazon.titan-text-express-v1 | {'inputText':''} | #/inputText: expected minLength: 1, actual: 0
                    meta.llama3-8b-instruct-v1:0 | {'prompt':'a','temperature':1.5} | #/temperature: 1.5 is not less or equal to 1
                    meta.llama3-8b-instruct-v1:0 | {'prompt':3} | #/prompt: expected type: String, found: Integer
                    mistral.mistral-7b-instruct-v0:2 | {'prompt':'a','stop':'x'} | #/stop: expected type: JSONArray, found: String
                    mistral.mixtral-8x7b-instruct-v0:1 | {'prompt':'a','max_tokens':4097} | #/max_tokens: 4097 is not less or equal to 4096
                    anthropic.claude-v2:1 | {'prompt':'\\n\\nHuman:a\\n\\nAssistant:'} | #: required key [max_tokens_to_sample] not found
                    cohere.command-text-v14 | {'prompt':'a','stop_sequences':['a','b','c','d','e']} | #/stop_sequences: expected maximum item count: 4, found: 5
                    cohere.command-text-v14 | {'prompt':'a','return_likelihoods':'SOME'} | #/return_likelihoods: SOME is not a valid enum value
                    deepseek.r1-v1:0 | {'prompt':'a','max_tokens':0} | #/max_tokens: 0 is not greater or equal to 1
                    """)
    void wrongBodiesAreRefusedInAwsWords(String modelId, String body, String violations) {
        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), modelId, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "Malformed input request: " + violations + ", please reformat your input and try again.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "'x", "{", "{} {}", "null", "7"})
    void whatIsNoObjectIsRefused(String body) {
        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), TITAN, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Malformed input request, please reformat your input and try again.");
    }

    @Test
    void bottomlessBodiesAreRefused() {
        String deep = "{'inputText':" + "[".repeat(100_000);

        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), TITAN, deep))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void aReaderThatThrowsEndsTheGeneration() {
        ScriptedTextModel model = ScriptedTextModel.saying("a", "b", "c");

        assertThatThrownBy(() -> Calls.invocation(model, TITAN, "{'inputText':'Hi'}", true).stream(_ -> {
                    throw new IllegalStateException("gone");
                }))
                .hasMessage("gone");

        assertThat(model.cancelled()).isEqualTo(1);
    }
}
