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
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class NovaFamilyTest {
    private static final String LITE = "amazon.nova-lite-v1:0";

    @Test
    void answersWithTheMessageAndItsUsage() {
        JsonNode answer = invoke(
                ScriptedTextModel.saying("Hi", "!"),
                LITE,
                "{'schemaVersion':'messages-v1','messages':[{'role':'user','content':[{'text':'Hello'}]}]}");

        assertThat(answer)
                .isEqualTo(json("{'output':{'message':{'content':[{'text':'Hi!'}],'role':'assistant'}},"
                        + "'stopReason':'end_turn','usage':{'inputTokens':11,'outputTokens':2,'totalTokens':13,"
                        + "'cacheReadInputTokenCount':0,'cacheWriteInputTokenCount':0}}"));
    }

    @Test
    void readsTheWholeSchema() {
        ScriptedTextModel model = ScriptedTextModel.saying("ok");

        invoke(
                model,
                LITE,
                "{'system':[{'text':'Be brief.'},{'cachePoint':{'type':'default'}}],"
                        + "'inferenceConfig':{'maxTokens':9,'temperature':0.1,'topP':0.2,'topK':3,'stopSequences':['E']},"
                        + "'toolConfig':{'tools':[{'toolSpec':{'name':'f','description':'d',"
                        + "'inputSchema':{'json':{'type':'object'}}}}],'toolChoice':{'any':{}}},"
                        + "'messages':[{'role':'user','content':[{'text':'x'}]},"
                        + "{'role':'assistant','content':[{'toolUse':{'toolUseId':'1','name':'f','input':{'a':2}}}]},"
                        + "{'role':'user','content':[{'toolResult':{'toolUseId':'1','status':'success',"
                        + "'content':[{'json':{'b':3}}]}}]}]}");

        assertThat(chat(model).messages())
                .containsExactly(
                        new Message(Role.SYSTEM, List.of(new Content.Text("Be brief."), new Content.CachePoint())),
                        Message.of(Role.USER, "x"),
                        new Message(Role.ASSISTANT, List.of(new Content.ToolCall("1", "f", "{\"a\":2}"))),
                        new Message(Role.USER, List.of(new Content.ToolResult("1", "{\"b\":3}", false))));
        assertThat(chat(model).toolChoice()).isEqualTo(new ToolChoice.Any());
        assertThat(model.request().maximumTokens()).hasValue(9);
        assertThat(model.request().sampling().topK()).hasValue(3);
        assertThat(model.request().stopSequences()).containsExactly("E");
    }

    @Test
    void streamsNamedEventsAndMetricsLast() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("Hm"),
                new GenerationEvent.ToolCallStarted(0, "t1", "f"),
                new GenerationEvent.ToolCallInput(0, "{}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 7, 3));

        List<JsonNode> chunks = stream(model, LITE, "{'messages':[{'role':'user','content':[{'text':'Hello'}]}]}");

        assertThat(chunks.subList(0, 8))
                .containsExactly(
                        json("{'messageStart':{'role':'assistant'}}"),
                        json("{'contentBlockDelta':{'delta':{'text':'Hm'},'contentBlockIndex':0}}"),
                        json("{'contentBlockStop':{'contentBlockIndex':0}}"),
                        json("{'contentBlockStart':{'start':{'toolUse':{'toolUseId':'t1','name':'f'}},"
                                + "'contentBlockIndex':1}}"),
                        json("{'contentBlockDelta':{'delta':{'toolUse':{'input':'{}'}},'contentBlockIndex':1}}"),
                        json("{'contentBlockStop':{'contentBlockIndex':1}}"),
                        json("{'messageStop':{'stopReason':'tool_use'}}"),
                        chunks.get(7));
        assertThat(chunks).hasSize(8);
        assertThat(chunks.getLast().at("/metadata/usage/outputTokens").intValue())
                .isEqualTo(3);
        assertThat(chunks.getLast()
                        .at("/amazon-bedrock-invocationMetrics/inputTokenCount")
                        .intValue())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {} | #: required key [messages] not found
                    {'messages':[{'role':'user','content':'x'}]} | #/messages/0/content: expected type: JSONArray, found: String
                    {'messages':[{'role':'user','content':[{'type':'text','text':'x'}]}]} | #/messages/0/content/0: extraneous key [type] is not permitted
                    {'messages':[{'role':'user','content':[{'text':'x'}]}],'inferenceConfig':{'topP':1.5}} | #/inferenceConfig/topP: 1.5 is not less or equal to 1
                    {'schemaVersion':'messages-v2','messages':[{'role':'user','content':[{'text':'x'}]}]} | #/schemaVersion: messages-v2 is not a valid enum value
                    """)
    void wrongBodiesAreRefusedInAwsWords(String body, String violations) {
        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), LITE, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "Malformed input request: " + violations + ", please reformat your input and try again.");
    }
}
