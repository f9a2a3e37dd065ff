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
import dev.outcrop.engines.text.GenerationEvent.Finished;
import dev.outcrop.engines.text.GenerationEvent.Usage;
import dev.outcrop.engines.text.Prompt.Content;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import dev.outcrop.engines.text.Prompt.Tool;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import dev.outcrop.engines.text.TextRequest.Constraint;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class AnthropicMessagesTest {
    private static final String SONNET = "anthropic.claude-3-5-sonnet-20240620-v1:0";
    private static final String HEAD = "{'anthropic_version':'bedrock-2023-05-31','max_tokens':64,";
    private static final String HELLO = HEAD + "'messages':[{'role':'user','content':'Hello'}]}";

    @Test
    void answersWithOneTextBlock() {
        JsonNode answer = invoke(ScriptedTextModel.saying("Hi", "!"), SONNET, HELLO);

        assertThat(answer.path("id").textValue()).startsWith("msg_bdrk_");
        assertThat(answer.path("type").textValue()).isEqualTo("message");
        assertThat(answer.path("role").textValue()).isEqualTo("assistant");
        assertThat(answer.path("model").textValue()).isEqualTo("claude-3-5-sonnet-20240620");
        assertThat(answer.path("content")).isEqualTo(json("[{'type':'text','text':'Hi!'}]"));
        assertThat(answer.path("stop_reason").textValue()).isEqualTo("end_turn");
        assertThat(answer.get("stop_sequence").isNull()).isTrue();
        assertThat(answer.path("usage"))
                .isEqualTo(json("{'input_tokens':11,'cache_creation_input_tokens':0,'cache_read_input_tokens':0,"
                        + "'output_tokens':2}"));
    }

    @Test
    void streamsItsEventsInTheirOrder() {
        List<JsonNode> events = stream(ScriptedTextModel.saying("Hi", "!"), SONNET, HELLO);

        assertThat(events.stream().map(event -> event.path("type").textValue()))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.getFirst().at("/message/usage/input_tokens").intValue())
                .isEqualTo(1);
        assertThat(events.get(2))
                .isEqualTo(json("{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'Hi'}}"));
        assertThat(events.get(5).path("delta")).isEqualTo(json("{'stop_reason':'end_turn','stop_sequence':null}"));
        assertThat(events.get(5).at("/usage/output_tokens").intValue()).isEqualTo(2);
        assertThat(events.getLast()
                        .at("/amazon-bedrock-invocationMetrics/outputTokenCount")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void thinksAndCallsTools() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Reasoning("Let me see"),
                new GenerationEvent.ToolCallStarted(0, "toolu_1", "weather"),
                new GenerationEvent.ToolCallInput(0, "{\"city\":"),
                new GenerationEvent.ToolCallInput(0, "\"Bonn\"}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 20, 9));
        String body = "{'anthropic_version':'bedrock-2023-05-31','max_tokens':4096,"
                + "'thinking':{'type':'enabled','budget_tokens':1024},"
                + "'tools':[{'name':'weather','description':'Tells the weather','input_schema':{'type':'object'}}],"
                + "'messages':[{'role':'user','content':[{'type':'text','text':'Rain?'}]}]}";

        JsonNode answer = invoke(model, SONNET, body);
        List<JsonNode> events = stream(model, SONNET, body);

        assertThat(chat(model).reasoning()).isTrue();
        assertThat(chat(model).tools())
                .containsExactly(new Tool("weather", "Tells the weather", "{\"type\":\"object\"}"));
        assertThat(answer.path("content"))
                .isEqualTo(json("[{'type':'thinking','thinking':'Let me see','signature':''},"
                        + "{'type':'tool_use','id':'toolu_1','name':'weather','input':{'city':'Bonn'}}]"));
        assertThat(answer.path("stop_reason").textValue()).isEqualTo("tool_use");
        assertThat(events.stream().map(event -> event.path("type").textValue()))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(4))
                .isEqualTo(json("{'type':'content_block_start','index':1,'content_block':{'type':'tool_use',"
                        + "'id':'toolu_1','name':'weather','input':{}}}"));
        assertThat(events.get(5).at("/delta/type").textValue()).isEqualTo("input_json_delta");
        assertThat(events.get(5).at("/delta/partial_json").textValue()).isEqualTo("{\"city\":");
    }

    @Test
    void readsTurnsToolsAndTheirResults() {
        ScriptedTextModel model = ScriptedTextModel.saying("Yes.");

        invoke(
                model,
                SONNET,
                HEAD + "'system':'Be brief.','stop_sequences':['END'],'temperature':0.2,'top_p':0.8,'top_k':40,"
                        + "'tools':[{'name':'weather','input_schema':{'type':'object'}}],"
                        + "'tool_choice':{'type':'tool','name':'weather'},"
                        + "'messages':[{'role':'user','content':'Rain?'},"
                        + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'weather','input':{'a':1}}]},"
                        + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','is_error':true,"
                        + "'content':[{'type':'text','text':'no data'}]},{'type':'text','text':'So?'}]}]}");

        assertThat(chat(model).messages())
                .containsExactly(
                        Message.of(Role.SYSTEM, "Be brief."),
                        Message.of(Role.USER, "Rain?"),
                        new Message(Role.ASSISTANT, List.of(new Content.ToolCall("t1", "weather", "{\"a\":1}"))),
                        new Message(
                                Role.USER,
                                List.of(new Content.ToolResult("t1", "no data", true), new Content.Text("So?"))));
        assertThat(chat(model).toolChoice()).isEqualTo(new ToolChoice.Named("weather"));
        assertThat(model.request().stopSequences()).containsExactly("END");
        assertThat(model.request().sampling().topK()).hasValue(40);
    }

    @Test
    void keepsWhatIsMarkedAndTellsWhatTheCacheHeld() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.Text("ok"),
                new Finished(
                        FinishReason.STOP_SEQUENCE,
                        Optional.of("END"),
                        new Usage(100, 1, 60, 30),
                        ScriptedTextModel.TIMINGS));

        JsonNode answer = invoke(
                model,
                SONNET,
                HEAD + "'system':[{'type':'text','text':'Long','cache_control':{'type':'ephemeral'}}],"
                        + "'messages':[{'role':'user','content':[{'type':'text','text':'a',"
                        + "'cache_control':{'type':'ephemeral'}},{'type':'text','text':'b'}]}]}");

        assertThat(chat(model).messages().getFirst().content())
                .containsExactly(new Content.Text("Long"), new Content.CachePoint());
        assertThat(chat(model).messages().getLast().content())
                .containsExactly(new Content.Text("a"), new Content.CachePoint(), new Content.Text("b"));
        assertThat(answer.path("usage"))
                .isEqualTo(json("{'input_tokens':10,'cache_creation_input_tokens':30,'cache_read_input_tokens':60,"
                        + "'output_tokens':1}"));
        assertThat(answer.path("stop_reason").textValue()).isEqualTo("stop_sequence");
        assertThat(answer.path("stop_sequence").textValue()).isEqualTo("END");
    }

    @Test
    void leavesOutLaterToolCallsWhereOneIsWanted() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.ToolCallStarted(0, "t1", "a"),
                new GenerationEvent.ToolCallInput(0, "{}"),
                new GenerationEvent.ToolCallStarted(1, "t2", "a"),
                new GenerationEvent.ToolCallInput(1, "{}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 5, 5));

        JsonNode answer = invoke(
                model,
                SONNET,
                HEAD + "'tools':[{'name':'a','input_schema':{'type':'object'}}],"
                        + "'tool_choice':{'type':'any','disable_parallel_tool_use':true},"
                        + "'messages':[{'role':'user','content':'x'}]}");

        assertThat(answer.path("content")).hasSize(1);
    }

    @Test
    void takesASchemaForTheOutputAndOneMarkForTheWholeRequest() {
        ScriptedTextModel model = ScriptedTextModel.saying("{}");

        invoke(
                model,
                SONNET,
                HEAD + "'cache_control':{'type':'ephemeral'},'thinking':{'type':'adaptive'},"
                        + "'output_config':{'effort':'low','format':{'type':'json_schema','schema':{'type':'object'}}},"
                        + "'messages':[{'role':'user','content':'x'}]}");

        assertThat(model.request().constraint()).isEqualTo(new Constraint.JsonSchema("{\"type\":\"object\"}"));
        assertThat(chat(model).reasoning()).isTrue();
        assertThat(chat(model).messages().getLast().content())
                .containsExactly(new Content.Text("x"), new Content.CachePoint());
    }

    @Test
    void refusesImagesThatTheModelDoesNotSee() {
        String body = HEAD + "'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64',"
                + "'media_type':'image/png','data':'aGk='}}]}]}";

        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), SONNET, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(SONNET)
                .hasMessageContaining("does not see images");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1} | #: required key [messages] not found
                    {'max_tokens':1,'messages':[{'role':'user','content':'x'}]} | #: required key [anthropic_version] not found
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1,'messages':[]} | #/messages: expected minimum item count: 1, found: 0
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1,'stream':true,'messages':[{'role':'user','content':'x'}]} | #: extraneous key [stream] is not permitted
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1,'messages':[{'role':'system','content':'x'}]} | #/messages/0/role: system is not a valid enum value
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1,'messages':[{'role':'user','content':[{'type':'text'}]}]} | #/messages/0/content/0: required key [text] not found
                    {'anthropic_version':'bedrock-2023-05-31','max_tokens':1,'temperature':2,'messages':[{'role':'user','content':'x'}]} | #/temperature: 2 is not less or equal to 1
                    """)
    void wrongBodiesAreRefusedInAwsWords(String body, String violations) {
        assertThatThrownBy(() -> invoke(ScriptedTextModel.saying("x"), SONNET, body))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(
                        "Malformed input request: " + violations + ", please reformat your input and try again.");
    }
}
