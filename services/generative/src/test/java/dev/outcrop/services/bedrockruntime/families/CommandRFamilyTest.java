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
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class CommandRFamilyTest {
    private static final String COMMAND_R = "cohere.command-r-v1:0";

    @Test
    void answersWithTheConversationSoFar() {
        ScriptedTextModel model = ScriptedTextModel.saying("Newton", ".");

        JsonNode answer = invoke(
                model,
                COMMAND_R,
                "{'message':'Who?','preamble':'Be brief.','documents':[{'title':'T','snippet':'S'}],'k':3,"
                        + "'chat_history':[{'role':'USER','message':'a'},{'role':'CHATBOT','message':'b'}]}");

        assertThat(chat(model).messages().getFirst().role()).isEqualTo(Role.SYSTEM);
        assertThat(chat(model).messages().getFirst().content().toString())
                .contains("Be brief.", "title: T", "snippet: S");
        assertThat(chat(model).messages().subList(1, 4))
                .containsExactly(
                        Message.of(Role.USER, "a"), Message.of(Role.ASSISTANT, "b"), Message.of(Role.USER, "Who?"));
        assertThat(answer.path("text").textValue()).isEqualTo("Newton.");
        assertThat(answer.path("finish_reason").textValue()).isEqualTo("COMPLETE");
        assertThat(answer.path("chat_history"))
                .isEqualTo(json("[{'role':'USER','message':'a'},{'role':'CHATBOT','message':'b'},"
                        + "{'role':'USER','message':'Who?'},{'role':'CHATBOT','message':'Newton.'}]"));
    }

    @Test
    void streamsEventsAndTheWholeResponseLast() {
        List<JsonNode> events = stream(ScriptedTextModel.saying("Hi", "!"), COMMAND_R, "{'message':'Greet'}");

        assertThat(events.subList(0, 2))
                .containsExactly(
                        json("{'event_type':'text-generation','is_finished':false,'text':'Hi'}"),
                        json("{'event_type':'text-generation','is_finished':false,'text':'!'}"));
        assertThat(events).hasSize(3);
        assertThat(events.getLast().path("event_type").textValue()).isEqualTo("stream-end");
        assertThat(events.getLast().path("is_finished").booleanValue()).isTrue();
        assertThat(events.getLast().at("/response/text").textValue()).isEqualTo("Hi!");
        assertThat(events.getLast().has("amazon-bedrock-invocationMetrics")).isTrue();
    }

    @Test
    void callsToolsAndReadsTheirResults() {
        ScriptedTextModel model = ScriptedTextModel.playing(
                new GenerationEvent.ToolCallStarted(0, "c", "sales"),
                new GenerationEvent.ToolCallInput(0, "{\"day\":\"today\"}"),
                ScriptedTextModel.finished(FinishReason.TOOL_CALL, 3, 3));

        JsonNode answer = invoke(
                model,
                COMMAND_R,
                "{'message':'Sales?','tools':[{'name':'sales','description':'d','parameter_definitions':"
                        + "{'day':{'type':'str','description':'e','required':true}}}],"
                        + "'tool_results':[{'call':{'name':'sales','parameters':{'day':'x'}},'outputs':[{'text':'5'}]}]}");

        assertThat(chat(model).tools().getFirst().inputSchema())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"day\":{\"type\":\"string\",\"description\":\"e\"}},"
                        + "\"required\":[\"day\"]}");
        assertThat(chat(model).messages())
                .containsExactly(
                        Message.of(Role.USER, "Sales?"),
                        new Message(
                                Role.ASSISTANT, List.of(new Content.ToolCall("call_0", "sales", "{\"day\":\"x\"}"))),
                        new Message(Role.USER, List.of(new Content.ToolResult("call_0", "[{\"text\":\"5\"}]", false))));
        assertThat(answer.path("tool_calls")).isEqualTo(json("[{'name':'sales','parameters':{'day':'today'}}]"));
    }

    @Test
    void refusesWhatOnlyCoheresModelCan() {
        assertThatThrownBy(() ->
                        invoke(ScriptedTextModel.saying("x"), COMMAND_R, "{'message':'a','search_queries_only':true}"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("#/search_queries_only");
    }
}
