package dev.outcrop.engines.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputParserTest {
    private static final Prompt.Tool WEATHER = new Prompt.Tool(
            "get_weather",
            "Tells the weather",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}},"
                    + "\"required\":[\"city\"]}");
    private static final String CALL = "get_weather{\"city\": \"Zürich\", \"days\": 2}";

    private static Prompt.Chat chat(boolean withTools) {
        return new Prompt.Chat(
                List.of(Message.of(Role.USER, "Hi")),
                withTools ? List.of(WEATHER) : List.of(),
                new Prompt.ToolChoice.Auto(),
                true);
    }

    /** What was read, as one text: reasoning in brackets, calls in angle brackets. */
    private static String read(OutputParser parser, List<String> pieces) {
        List<GenerationEvent> events = new ArrayList<>();
        pieces.forEach(piece -> events.addAll(parser.accept(piece)));
        events.addAll(parser.finish());
        StringBuilder text = new StringBuilder();
        boolean inCall = false;
        for (GenerationEvent event : events) {
            if (inCall && !(event instanceof GenerationEvent.ToolCallInput)) {
                text.append('>');
                inCall = false;
            }
            switch (event) {
                case GenerationEvent.Text(String said) -> text.append(said);
                case GenerationEvent.Reasoning(String said) ->
                    text.append('[').append(said).append(']');
                case GenerationEvent.ToolCallStarted(int index, String _, String name) -> {
                    text.append("<").append(index).append(name);
                    inCall = true;
                }
                case GenerationEvent.ToolCallInput(int _, String json) -> text.append(json);
                case GenerationEvent.Probabilities _, GenerationEvent.Finished _ ->
                    throw new AssertionError("not a parser's event");
            }
        }
        return text.append(inCall ? ">" : "").toString().replace("][", "");
    }

    static List<Arguments> answers() {
        String json = "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Zürich\", \"days\": 2}}";
        String one = "<0" + CALL + ">";
        String two = one + "<1" + CALL + ">";
        String tagged =
                "<function=get_weather>\n<parameter=city>\nZürich\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>";
        String glm = "<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Zürich</arg_value>\n"
                + "<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>";
        String input = "{\"city\": \"Zürich\", \"days\": 2}";
        String hermes = "Qwen-Qwen2.5-7B-Instruct";
        String llama = "meta-llama-Llama-3.1-8B-Instruct";
        String mistral = "mistralai-Mistral-Nemo-Instruct-2407";
        String gptOss = "openai-gpt-oss-120b";
        return List.of(
                Arguments.of(hermes, "Hello there.\n", "Hello there.\n"),
                Arguments.of(hermes, "I look.\n<tool_call>\n" + json + "\n</tool_call>", "I look." + one),
                Arguments.of(
                        hermes,
                        "<tool_call>\n" + json + "\n</tool_call>\n<tool_call>\n" + json + "\n</tool_call>",
                        two),
                Arguments.of(hermes, "<tool_call>{\"name\": broken", "<tool_call>{\"name\": broken"),
                Arguments.of(hermes, "<tool_call>plain</tool_call> a < b", "<tool_call>plain</tool_call> a < b"),
                Arguments.of(hermes, "<tool_call>" + json, one),
                Arguments.of("Qwen-Qwen3-0.6B", "<think>\nHm, <b>.\n</think>\n\nHi", "[Hm, <b>.]Hi"),
                Arguments.of("Qwen-Qwen3-0.6B", "<think>a</think><tool_call>" + json + "</tool_call>", "[a]" + one),
                Arguments.of("Qwen-Qwen3-0.6B", "<think>never ends", "[never ends]"),
                Arguments.of("Qwen-Qwen3-0.6B", "Say <think> twice", "Say <think> twice"),
                Arguments.of("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", "Hm.\n</think>\n\nHi", "[Hm.]Hi"),
                Arguments.of(llama, "{\"name\": \"get_weather\", \"parameters\": " + input + "}", one),
                Arguments.of(llama, "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": " + input + "}", one),
                Arguments.of(
                        llama,
                        "{\"name\": \"other\", \"parameters\": {}}",
                        "{\"name\": \"other\", \"parameters\": {}}"),
                Arguments.of(llama, "{\"answer\": 42}", "{\"answer\": 42}"),
                Arguments.of(llama, "The weather", "The weather"),
                Arguments.of(mistral, "[TOOL_CALLS][" + json + "]", one),
                Arguments.of(mistral, "[TOOL_CALLS] [" + json + ", " + json + "]", two),
                Arguments.of(
                        "Mistral-Small-3.2-24B-Instruct-2506",
                        "[TOOL_CALLS]get_weather[CALL_ID]abcdefghi[ARGS]" + input,
                        one),
                Arguments.of("unsloth-mistral-Devstral-Small-2507", "[TOOL_CALLS]get_weather[ARGS]" + input, one),
                Arguments.of(
                        "CohereForAI-c4ai-command-r7b-12-2024-tool_use",
                        "<|START_THINKING|>I look.<|END_THINKING|><|START_ACTION|>[\n    {\"tool_call_id\": \"0\", "
                                + "\"tool_name\": \"get_weather\", \"parameters\": " + input + "}\n]<|END_ACTION|>",
                        "[I look.]" + one),
                Arguments.of(
                        "llama-cpp-deepseek-r1",
                        "x</think>Look:<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n"
                                + input + "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "[x]Look:" + one),
                Arguments.of(
                        "moonshotai-Kimi-K2",
                        "<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0"
                                + "<|tool_call_argument_begin|>" + input
                                + "<|tool_call_end|><|tool_calls_section_end|>",
                        one),
                Arguments.of("Qwen3-Coder", "<tool_call>\n" + tagged + "\n</tool_call>", one),
                Arguments.of("Qwen3-Coder", "ok\n\n<tool_call>\n" + tagged + "\n</tool_call>\n", "ok" + one),
                Arguments.of(
                        "ByteDance-Seed-OSS",
                        "<seed:think>a</seed:think><seed:tool_call>" + tagged + "</seed:tool_call>",
                        "[a]" + one),
                Arguments.of("GLM-4.6", "<think>a</think>\n" + glm, "[a]" + one),
                Arguments.of(
                        "MiniMax-M2",
                        "a</think>\n<minimax:tool_call>\n<invoke name=\"get_weather\">\n<parameter name=\"city\">Zürich"
                                + "</parameter>\n<parameter name=\"days\">2</parameter>\n</invoke>\n</minimax:tool_call>",
                        "[a]" + one),
                Arguments.of("meetkai-functionary-medium-v3.1", "<function=get_weather>" + input + "</function>", one),
                Arguments.of("ibm-granite-granite-4.0", "<tool_call>\n" + json + "\n</tool_call>", one),
                Arguments.of("ibm-granite-granite-3.3-2B-Instruct", "<|tool_call|>[" + json + "]", one),
                Arguments.of("google-gemma-2-2b-it", "<tool_call>\n" + json + "\n</tool_call>", one),
                Arguments.of(
                        gptOss,
                        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hi < you",
                        "[Hm.]Hi < you"),
                Arguments.of(
                        gptOss,
                        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary"
                                + " to=functions.get_weather <|constrain|>json<|message|>" + input + "<|call|>",
                        "[Hm.]" + one),
                Arguments.of(
                        gptOss,
                        "<|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|> " + input
                                + "<|call|>",
                        one),
                Arguments.of(
                        gptOss,
                        "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|><|call|>",
                        "<0get_weather{}>"),
                Arguments.of(gptOss, "plain words", "plain words"),
                Arguments.of(
                        "deepseek-ai-DeepSeek-V3.1",
                        "Hm.</think>Look:<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>" + input
                                + "<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>" + input
                                + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "[Hm.]Look:" + two),
                Arguments.of(
                        "deepseek-ai-DeepSeek-R1-Distill-Llama-8B",
                        "Hm.</think>\n\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n"
                                + input + "\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n"
                                + "```json\n" + input + "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "[Hm.]" + two),
                Arguments.of("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", "Hm.</think>a ｜ b <｜c", "[Hm.]a ｜ b <｜c"),
                Arguments.of("meetkai-functionary-medium-v3.2", "all\nHello > there.", "Hello > there."),
                Arguments.of(
                        "meetkai-functionary-medium-v3.2",
                        "all\nI look.>>>get_weather\n" + input + ">>>get_weather\n" + input,
                        "I look." + two),
                Arguments.of("meetkai-functionary-medium-v3.2", "get_weather\n" + input, one),
                Arguments.of("meetkai-functionary-medium-v3.2", "Not to anybody.", "Not to anybody."),
                Arguments.of(
                        llama,
                        "{\"name\": \"get_weather\", \"parameters\": " + input + "}; {\"name\": \"get_weather\", "
                                + "\"parameters\": " + input + "}",
                        two),
                Arguments.of(
                        llama,
                        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"parameters\": " + input
                                + "}}",
                        one),
                Arguments.of(
                        hermes,
                        "<tool_call>\n{\"arguments\": " + input + ", \"name\": \"get_weather\"}\n</tool_call>",
                        one),
                Arguments.of(hermes, "<tool_call>\n" + json.substring(0, json.length() - 1) + "\n</tool_call>", one),
                Arguments.of(
                        hermes, "<tool_call>\n" + json.substring(0, 60), "<0get_weather{\"city\": \"Zürich\", \"day>"),
                Arguments.of(
                        hermes,
                        "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"text\": \"a\nb\\u00e9\", \"n\": [-1.5e3, {}]}}\n"
                                + "</tool_call>",
                        "<0f{\"text\": \"a\\nb\\u00e9\", \"n\": [-1.5e3, {}]}>"),
                Arguments.of(
                        "Mistral-Small-3.2-24B-Instruct-2506",
                        "Look[TOOL_CALLS]get_weather[CALL_ID]abcdefghi[ARGS]" + input
                                + "[TOOL_CALLS]get_weather[CALL_ID]abcdefghj[ARGS]" + input,
                        "Look" + two),
                Arguments.of("ibm-granite-granite-3.3-2B-Instruct", "<|tool_call|>[" + json + ", " + json + "]", two),
                Arguments.of(
                        "meetkai-functionary-medium-v3.1",
                        "<function=get_weather>" + input + "</function><function=get_weather>" + input + "</function>",
                        two),
                Arguments.of(
                        "Qwen3-Coder",
                        "<tool_call>\n<function=get_weather>\n<parameter=city>\na \"b\"\n</par\n\n</parameter>\n"
                                + "</function>\n</tool_call>",
                        "<0get_weather{\"city\": \"a \\\"b\\\"\\n</par\\n\"}>"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void readsAnAnswerAtOnce(String template, String answer, String expected) {
        OutputParser parser = ChatTemplates.format(template).parser(chat(true));

        String read = read(parser, List.of(answer));

        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void readsAnAnswerCharacterByCharacter(String template, String answer, String expected) {
        OutputParser parser = ChatTemplates.format(template).parser(chat(true));

        String read = read(parser, answer.chars().mapToObj(Character::toString).toList());

        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Qwen-Qwen2.5-7B-Instruct#<tool_call>\n{\"name\": \"get_weather\", \"arguments\": #\n}</tool_call>",
                "meta-llama-Llama-3.1-8B-Instruct#{\"name\": \"get_weather\", \"parameters\": #}",
                "mistralai-Mistral-Nemo-Instruct-2407#[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": #}]",
                "deepseek-ai-DeepSeek-V3.1#</think><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>#<｜tool▁call▁end｜>",
                "openai-gpt-oss-120b#<|channel|>commentary to=functions.get_weather<|message|>#<|call|>",
                "meetkai-functionary-medium-v3.2#get_weather\n#"
            })
    void givesOutAnInputAsItIsWritten(String form) {
        String[] parts = form.split("#", -1);
        OutputParser parser = ChatTemplates.format(parts[0]).parser(chat(true));

        List<GenerationEvent> events = new ArrayList<>(parser.accept(parts[1] + "{\"city\": \"Z"));
        events.addAll(parser.accept("ürich\"}"));
        events.addAll(parser.accept(parts[2]));
        events.addAll(parser.finish());

        assertThat(events.stream().filter(event -> !(event instanceof GenerationEvent.ToolCallStarted)))
                .containsExactly(
                        new GenerationEvent.ToolCallInput(0, "{\"city\": \"Z"),
                        new GenerationEvent.ToolCallInput(0, "ürich\"}"));
    }

    @Test
    void givesOutTaggedArgumentsAsTheyAreWritten() {
        OutputParser parser = ChatTemplates.format("Qwen3-Coder").parser(chat(true));

        List<GenerationEvent> begun = parser.accept("<tool_call>\n<function=get_weather>\n<parameter=city>\nA long na");
        List<GenerationEvent> more = parser.accept("me\n</param");

        assertThat(begun.getLast()).isEqualTo(new GenerationEvent.ToolCallInput(0, "{\"city\": \"A long na"));
        assertThat(more).containsExactly(new GenerationEvent.ToolCallInput(0, "me"));
    }

    @Property(tries = 500)
    void losesNothingOfAnAnswerWithoutCalls(@ForAll("noise") List<String> pieces) {
        OutputParser parser = new MarkedOutputParser(
                Optional.empty(), false, Optional.of(ToolSyntax.generic()), new ToolInputs(List.of(WEATHER)));

        String read = read(parser, pieces);

        assertThat(read).isEqualTo(String.join("", pieces));
    }

    @Provide
    Arbitrary<List<String>> noise() {
        return Arbitraries.of(
                        "a", " ", "\n", "<", "<tool", "_call>", "{\"name\"", ": 1}", "[", "}", "</tool_call>", "é")
                .list()
                .ofMaxSize(12);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void takesNoCallWhereThereAreNoTools(String template, String answer, String expected) {
        OutputParser parser = ChatTemplates.format(template).parser(chat(false));

        String read = read(parser, List.of(answer));

        assertThat(read.contains("<0get_weather")).isEqualTo(callsAnyway(template, expected));
    }

    /** The formats whose calls cannot be anything else. */
    private static boolean callsAnyway(String template, String expected) {
        return (template.startsWith("openai") || template.endsWith("functionary-medium-v3.2"))
                && expected.contains("<0");
    }
}
