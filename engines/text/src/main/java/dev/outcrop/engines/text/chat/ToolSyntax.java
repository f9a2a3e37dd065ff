package dev.outcrop.engines.text.chat;

import java.util.List;
import java.util.Optional;

/** How a family of models writes tool calls into its answer. */
sealed interface ToolSyntax permits JsonInputSyntax, TaggedCalls, HarmonyCalls, RecipientCalls {
    /** The markers that a call begins with. */
    List<String> starts();

    /** Markers around calls that say nothing more. */
    List<String> brackets();

    /**
     * A reader of one start marker's calls.
     *
     * @param bare whether they come without the marker
     */
    CallReader reader(ToolInputs inputs, boolean bare);

    /** Whether a call may also be the whole answer, without a start marker. */
    default boolean bare() {
        return false;
    }

    /**
     * The grammar of calls: one, or several where the model may make several at once.
     *
     * @param afterStart whether it begins after the start marker
     */
    String grammar(CallGrammar grammar, boolean afterStart);

    /** A call to a tool called {@code tool} with one argument, for models that have to be told how to write it. */
    default String example() {
        return "<tool_call>\n{\"name\": \"tool\", \"arguments\": {\"argument\": \"value\"}}\n</tool_call>";
    }

    /** The syntax that a template's text shows, if it is one that we know. */
    static Optional<ToolSyntax> of(String template) {
        if (template.contains("<|channel|>") && template.contains("<|call|>") && template.contains("functions.")) {
            return Optional.of(new HarmonyCalls());
        }
        if (template.contains(">>>${recipient}")) {
            return Optional.of(new RecipientCalls());
        }
        if (template.contains("[TOOL_CALLS]")) {
            return Optional.of(new MistralCalls(template.contains("[ARGS]"), template.contains("[CALL_ID]")));
        }
        return named(template).or(() -> tagged(template)).or(() -> json(template));
    }

    private static Optional<ToolSyntax> named(String template) {
        if (template.contains("<｜tool▁calls▁begin｜>")) {
            List<String> section = List.of("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>");
            return Optional.of(
                    template.contains("```json")
                            ? new NamedCalls(
                                    "<｜tool▁call▁begin｜>",
                                    "function<｜tool▁sep｜>",
                                    "\n```json\n",
                                    "\n```<｜tool▁call▁end｜>",
                                    "\n",
                                    section)
                            : new NamedCalls(
                                    "<｜tool▁call▁begin｜>", "", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "", section));
        }
        if (template.contains("<|tool_call_argument_begin|>")) {
            return Optional.of(new NamedCalls(
                    "<|tool_call_begin|>",
                    "functions.",
                    "<|tool_call_argument_begin|>",
                    "<|tool_call_end|>",
                    "",
                    List.of("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>")));
        }
        if (template.contains("<|tool_call:args|>")) {
            return Optional.of(new NamedCalls(
                    "<|tool_call:begin|>",
                    "<|tool_call:name|>",
                    "<|tool_call:args|>",
                    "<|tool_call:end|>",
                    "",
                    List.of("<|tool_calls|>", "<|calls|>")));
        }
        if (template.contains("<function=") && !template.contains("<parameter=")) {
            return Optional.of(new NamedCalls("<function=", "", ">", "</function>", "", List.of()));
        }
        return Optional.empty();
    }

    private static Optional<ToolSyntax> tagged(String template) {
        if (template.contains("｜DSML｜")) {
            String section = template.contains("function_calls") ? "function_calls>" : "tool_calls>";
            return Optional.of(new TaggedCalls(
                    "<｜DSML｜invoke name=\"",
                    "\">",
                    "<｜DSML｜parameter name=\"",
                    ">",
                    "",
                    "</｜DSML｜parameter>",
                    "</｜DSML｜invoke>",
                    List.of("<｜DSML｜" + section, "</｜DSML｜" + section),
                    false));
        }
        if (template.contains("<arg_key>")) {
            return Optional.of(new TaggedCalls(
                    "<tool_call>",
                    "",
                    "<arg_key>",
                    "</arg_key>",
                    "<arg_value>",
                    "</arg_value>",
                    "</tool_call>",
                    List.of(),
                    false));
        }
        if (template.contains("<minimax:tool_call>") && template.contains("<invoke name=")) {
            return Optional.of(new TaggedCalls(
                    "<invoke name=\"",
                    "\">",
                    "<parameter name=\"",
                    "\">",
                    "",
                    "</parameter>",
                    "</invoke>",
                    List.of("<minimax:tool_call>", "</minimax:tool_call>"),
                    false));
        }
        if (template.contains("<function=") && template.contains("<parameter=")) {
            String section = template.contains("<seed:tool_call>") ? "seed:tool_call>" : "tool_call>";
            return Optional.of(new TaggedCalls(
                    "<function=",
                    ">",
                    "<parameter=",
                    ">",
                    "",
                    "</parameter>",
                    "</function>",
                    List.of("<" + section, "</" + section),
                    true));
        }
        if (template.contains("<function name=") && template.contains("<param name=")) {
            return Optional.of(new TaggedCalls(
                    "<function name=\"",
                    "\">",
                    "<param name=\"",
                    "\">",
                    "",
                    "</param>",
                    "</function>",
                    List.of(),
                    false));
        }
        return Optional.empty();
    }

    private static Optional<ToolSyntax> json(String template) {
        if (template.contains("<|START_ACTION|>")) {
            return Optional.of(
                    new JsonCalls("<|START_ACTION|>", "<|END_ACTION|>", "tool_name", "parameters", true, false));
        }
        if (template.contains("tool_name") && template.contains("Action:")) {
            return Optional.of(new JsonCalls("Action: ```json\n", "\n```", "tool_name", "parameters", true, false));
        }
        if (template.contains("<TOOLCALL>")) {
            return Optional.of(new JsonCalls("<TOOLCALL>", "</TOOLCALL>", "name", "arguments", true, false));
        }
        if (template.contains("<tool_calls>")) {
            boolean array = template.contains("<tool_calls>[");
            return Optional.of(new JsonCalls(
                    array ? "<tool_calls>" : "<tool_calls>\n",
                    array ? "</tool_calls>" : "\n</tool_calls>",
                    "name",
                    "arguments",
                    array,
                    false));
        }
        if (template.contains("<|tool_call|>")) {
            String close = template.contains("<|/tool_call|>") ? "<|/tool_call|>" : "";
            return Optional.of(new JsonCalls("<|tool_call|>", close, "name", "arguments", true, false));
        }
        if (template.contains("<tool_call>")) {
            return Optional.of(generic());
        }
        if (template.contains("<|function_call|>")) {
            return Optional.of(new JsonCalls("<|function_call|>", "", "name", "arguments", false, false));
        }
        if (template.contains("functools[")) {
            return Optional.of(new JsonCalls("functools", "", "name", "arguments", true, false));
        }
        if (template.contains("{\"name\": function name, \"parameters\":")) {
            return Optional.of(new JsonCalls("<|python_tag|>", "", "name", "parameters", false, true));
        }
        return Optional.empty();
    }

    /** What most models have seen, and what we ask for where a template has no place for tools. */
    static ToolSyntax generic() {
        return new JsonCalls("<tool_call>\n", "\n</tool_call>", "name", "arguments", false, false);
    }
}
