package dev.outcrop.services.bedrockruntime.families;

import static dev.outcrop.services.bedrockruntime.families.Calls.chat;
import static dev.outcrop.services.bedrockruntime.families.Calls.invoke;
import static dev.outcrop.services.bedrockruntime.families.Calls.json;
import static dev.outcrop.services.bedrockruntime.families.Calls.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.TokenProbability;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.TextRequest.Constraint;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class ChatCompletionsTest {
    private static final String QWEN = "qwen.qwen3-32b-v1:0";
    private static final String GPT_OSS = "openai.gpt-oss-20b-1:0";
    private static final String MISTRAL_LARGE = "mistral.mistral-large-2402-v1:0";
    private static final String JAMBA = "ai21.jamba-1-5-mini-v1:0";
    private static final String HELLO = "{'messages':[{'role':'user','content':'Hello'}]}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                QWEN,
                GPT_OSS,
                JAMBA,
                "deepseek.v3-v1:0",
                "mistral.pixtral-large-2502-v1:0",
                "smollm2-135m-instruct"
            })
    void answersAsOpenAiDoes(String modelId) {
        JsonNode answer = invoke(ScriptedTextModel.saying("Hi", "!"), modelId, HELLO);

        assertThat(answer.path("id").textValue()).startsWith("chatcmpl-");
        assertThat(answer.path("object").textValue()).isEqualTo("chat.completion");
        assertThat(answer.path("created").longValue()).isEqualTo(1_700_000_000);
        assertThat(answer.path("model").textValue()).isEqualTo(modelId);
        assertThat(answer.path("choices"))
                .isEqualTo(json("[{'index':0,'message':{'role':'assistant','content':'Hi!','refusal':null},"
                        + "'logprobs':null,'finish_reason':'stop'}]"));
        assertThat(answer.path("usage"))
                .isEqualTo(json("{'prompt_tokens':11,'completion_tokens':2,'total_tokens':13,"
                        + "'prompt_tokens_details':{'cached_tokens':0}}"));
    }

    @Test
    void streamsDeltasAndTheUsageWhereAsked() {
        List<JsonNode> chunks = stream(
                ScriptedTextModel.saying("Hi", "!"),
                QWEN,
                "{'stream':true,'stream_options':{'include_usage':true},"
                        + "'messages':[{'role':'user','content':'Hello'}]}");

        assertThat(chunks.stream().map(chunk -> chunk.at("/choices/0/delta")))
                .startsWith(
                        json("{'role':'assistant','content':''}"),
                        json("{'content':'Hi'}"),
                        json("{'content':'!'}"),
                        json("{}"));
        assertThat(chunks.get(3).at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
        assertThat(chunks.get(3).get("usage").isNull()).isTrue();
        assertThat(chunks).hasSize(5);
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.getLast().at("/usage/total_tokens").intValue()).isEqualTo(13);
        assertThat(chunks.getLast().has("amazon-bedrock-invocationMetrics")).isTrue();
    }

    @Test
    void mistralsFirstChatModelsAnswerInTheirOwnShape() {
        ScriptedTextModel model = ScriptedTextModel.saying("Hi", "!");

        JsonNode answer = invoke(model, MISTRAL_LARGE, HELLO);
        List<JsonNode> chunks = stream(model, MISTRAL_LARGE, HELLO);

        assertThat(model.request().sampling().temperature()).hasValue(0.7);
        assertThat(model.request().maximumTokens()).hasValue(8192);
        assertThat(answer)
                .isEqualTo(json("{'choices':[{'index':0,'message':{'role':'assistant','content':'Hi!'},"
                        + "'stop_reason':'stop'}]}"));
        assertThat(chunks.getFirst())
                .isEqualTo(json("{'choices':[{'index':0,'message':{'role':'assistant','content':'Hi'},"
                        + "'stop_reason':null}]}"));
        assertThat(chunks.getLast().at("/choices/0/stop_reason").textValue()).isEqualTo("stop");
    }

    @Test
    void gptOssReasonsInTagsAndOthersInAField() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Reasoning("Hm"),
                new GenerationEvent.Reasoning("."),
                new GenerationEvent.Text("42"),
                ScriptedTextModel.finished(FinishReason.END_OF_TURN, 3, 3));

        JsonNode tagged = invoke(model, GPT_OSS, HELLO);
        boolean reasonsUnasked = chat(model).reasoning();
        List<JsonNode> taggedChunks = stream(model, GPT_OSS, HELLO);
        JsonNode plain = invoke(model, QWEN, HELLO);

        assertThat(reasonsUnasked).isTrue();
        assertThat(chat(model).reasoning()).isFalse();
        assertThat(tagged.at("/choices/0/message/content").textValue()).isEqualTo("<reasoning>Hm.</reasoning>42");
        assertThat(taggedChunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asText("")))
                .containsExactly("", "<reasoning>Hm", ".", "</reasoning>42", "");
        assertThat(plain.at("/choices/0/message/content").textValue()).isEqualTo("42");
        assertThat(plain.at("/choices/0/message/reasoning_content").textValue()).isEqualTo("Hm.");
    }

    @Test
    void callsTools() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.ToolCallStarted(0, "call_1", "f"),
                new GenerationEvent.ToolCallInput(0, "{\"a\""),
                new GenerationEvent.ToolCallInput(0, ":1}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 3, 3));
        String body = "{'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}}],"
                + "'tool_choice':{'type':'function','function':{'name':'f'}},"
                + "'messages':[{'role':'user','content':'x'}]}";

        JsonNode answer = invoke(model, QWEN, body);
        List<JsonNode> chunks = stream(model, QWEN, body);

        assertThat(chat(model).toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
        assertThat(answer.at("/choices/0/message/tool_calls/0/id").textValue()).isEqualTo("call_1");
        assertThat(answer.at("/choices/0/message/tool_calls/0/function/arguments")
                        .textValue())
                .isEqualTo("{\"a\":1}");
        assertThat(answer.at("/choices/0/finish_reason").textValue()).isEqualTo("tool_calls");
        assertThat(chunks.get(1).at("/choices/0/delta/tool_calls"))
                .isEqualTo(
                        json("[{'id':'call_1','type':'function','function':{'name':'f','arguments':''},'index':0}]"));
        assertThat(chunks.get(2)
                        .at("/choices/0/delta/tool_calls/0/function/arguments")
                        .textValue())
                .isEqualTo("{\"a\"");
    }

    @Test
    void readsInstructionsTurnsAndToolResults() {
        ScriptedTextModel model = ScriptedTextModel.saying("ok");

        invoke(
                model,
                QWEN,
                "{'max_completion_tokens':5,'max_tokens':9,'stop':'E','seed':7,'frequency_penalty':-1,"
                        + "'presence_penalty':1,'temperature':2,'top_p':0,'user':'me','n':1,'logit_bias':{},"
                        + "'messages':[{'role':'system','content':'A'},{'role':'user','content':"
                        + "[{'type':'text','text':'x'},{'type':'text','text':'y'}]},"
                        + "{'role':'developer','content':'B'},"
                        + "{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function',"
                        + "'function':{'name':'f','arguments':'{}'}}]},"
                        + "{'role':'tool','tool_call_id':'1','content':'r'}]}");

        assertThat(chat(model).messages())
                .containsExactly(
                        Message.of(Role.SYSTEM, "A\n\nB"),
                        new Message(Role.USER, List.of(new Content.Text("x"), new Content.Text("y"))),
                        new Message(Role.ASSISTANT, List.of(new Content.ToolCall("1", "f", "{}"))),
                        new Message(Role.USER, List.of(new Content.ToolResult("1", "r", false))));
        assertThat(model.request().maximumTokens()).hasValue(5);
        assertThat(model.request().stopSequences()).containsExactly("E");
        assertThat(model.request().sampling().seed()).hasValue(7);
        assertThat(model.request().sampling().frequencyPenalty()).hasValue(-1);
    }

    @Test
    void constrainsByASchema() {
        ScriptedTextModel model = ScriptedTextModel.saying("{}");

        invoke(
                model,
                QWEN,
                "{'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'array'}}},"
                        + "'messages':[{'role':'user','content':'x'}]}");

        assertThat(model.request().constraint()).isEqualTo(new Constraint.JsonSchema("{\"type\":\"array\"}"));
    }

    @Test
    void tellsProbabilities() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("a"),
                new GenerationEvent.Probabilities(
                        List.of(new TokenProbability("a", -0.25, List.of(new TokenProbability("b", -1.5, List.of()))))),
                ScriptedTextModel.finished(FinishReason.END_OF_TURN, 3, 1));
        String body = "{'logprobs':true,'top_logprobs':1,'messages':[{'role':'user','content':'x'}]}";
        JsonNode expected = json("{'content':[{'token':'a','logprob':-0.25,'bytes':[97],"
                + "'top_logprobs':[{'token':'b','logprob':-1.5,'bytes':[98]}]}],'refusal':null}");

        JsonNode answer = invoke(model, QWEN, body);
        List<JsonNode> chunks = stream(model, QWEN, body);

        assertThat(model.request().logProbabilities()).isEqualTo(OptionalInt.of(1));
        assertThat(answer.at("/choices/0/logprobs")).isEqualTo(expected);
        assertThat(chunks.stream().map(chunk -> chunk.at("/choices/0/logprobs")))
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {} | Missing required parameter: 'messages'. | messages | missing_required_parameter
                    {'messages':[]} | Invalid 'messages': array too short. Expected an array with minimum length 1, but got an array with length 0 instead. | messages | empty_array
                    {'messages':'x'} | Invalid type for 'messages': expected an array, but got a string instead. | messages | invalid_type
                    {'messages':[{'role':'x','content':'y'}]} | Invalid value: 'x'. Supported values are: 'user', 'system', 'developer', 'assistant' and 'tool'. | messages[0].role | invalid_value
                    {'temperature':3,'messages':[{'role':'user','content':'y'}]} | Invalid 'temperature': integer above maximum value. Expected a value <= 2, but got 3 instead. | temperature | integer_above_max_value
                    {'foo':3,'messages':[{'role':'user','content':'y'}]} | Unknown parameter: 'foo'. | foo | unknown_parameter
                    """)
    void saysWhatIsWrongInOpenAiWords(String body, String message, String parameter, String code) {
        JsonFields fields = JsonFields.lenient(Calls.bytes(body));
        Invocation invocation = new Invocation("m", false, InstantSource.system(), new Random(1));

        assertThatThrownBy(() -> ChatCompletionsReader.posted(fields, invocation))
                .isInstanceOfSatisfying(
                        BodyException.class,
                        wrong -> assertThat(wrong.violations().getFirst().inOpenAiWords())
                                .isEqualTo(new Violation.OpenAiError(message, parameter, code)));
    }

    @Test
    void refusesWhatContradictsTheOperation() {
        assertThatThrownBy(() -> invoke(
                        ScriptedTextModel.saying("x"),
                        QWEN,
                        "{'stream':true,'messages':[{'role':'user','content':'x'}]}"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("#/stream: stream is true, which is not what the operation does");
    }
}
