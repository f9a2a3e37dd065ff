package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.template.Template;
import dev.outcrop.engines.text.template.TemplateException;
import dev.outcrop.engines.text.template.Text;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a chat template takes, found by rendering small conversations and looking for what was put in.
 *
 * @param systemRole     whether it shows system messages
 * @param contentInParts whether it wants a message's content as a list of parts
 * @param tools          whether it shows tools
 * @param toolCalls      whether it shows earlier tool calls
 * @param toolResults    whether it shows what tools answered
 * @param inputAsText    whether it wants the input of earlier calls as text that holds JSON
 * @param nullText       whether the text of a turn that only calls tools has to be null rather than empty
 * @param severalCalls   whether it shows several calls of one turn
 * @param callsWithText  whether it shows calls of a turn that also has text
 * @param shortCallIds   whether it refuses call ids other than nine letters or digits
 */
record TemplateTraits(
        boolean systemRole,
        boolean contentInParts,
        boolean tools,
        boolean toolCalls,
        boolean toolResults,
        boolean inputAsText,
        boolean nullText,
        boolean severalCalls,
        boolean callsWithText,
        boolean shortCallIds) {
    private static final String NEEDLE = "q7x2needle";
    private static final String QUOTED_NEEDLE = "\\\"" + NEEDLE + "\\\"";
    private static final String SHORT_ID = "abc123DEF";

    static TemplateTraits of(Template template, String bosToken, String eosToken) {
        return new Probe(template, bosToken, eosToken).traits();
    }

    /** The same for a template whose place for tools and calls is of no use to us. */
    TemplateTraits withoutTools() {
        return new TemplateTraits(systemRole, contentInParts, false, false, false, false, false, false, false, false);
    }

    /** The rendering; where a template cannot do without tools, with an empty list of them. */
    static Text rendered(Template template, Map<String, Object> variables, Clock clock) {
        try {
            return template.render(variables, clock);
        } catch (TemplateException e) {
            if (e.raised() || variables.get("tools") != null) {
                throw e;
            }
            Map<String, Object> noTools = new LinkedHashMap<>(variables);
            noTools.put("tools", List.of());
            return template.render(noTools, clock);
        }
    }

    /** What a call of the probe is like. */
    private record CallForm(String id, boolean inputAsText, boolean contentInParts, boolean nullText) {}

    private record Probe(Template template, String bosToken, String eosToken) {
        TemplateTraits traits() {
            boolean parts = !shows(List.of(message("user", NEEDLE, false)), false)
                    && shows(List.of(message("user", NEEDLE, true)), false);
            boolean system = shows(List.of(message("system", NEEDLE, parts), message("user", "Hello", parts)), false);
            boolean tools = shows(List.of(message("user", "Hello", parts)), true);
            CallForm usual = new CallForm("call_123456789", false, parts, false);
            CallForm withShortId = new CallForm(SHORT_ID, false, parts, false);
            boolean shortIds = !showsCall(usual) && showsCall(withShortId);
            CallForm object = textForm(shortIds ? withShortId : usual);
            CallForm text = textForm(new CallForm(object.id(), true, parts, false));
            boolean showsObject = showsCall(object);
            boolean asText = showsCall(text) && (!showsObject || printsObject(object));
            CallForm form = asText ? text : object;
            boolean calls = showsObject || asText;
            return new TemplateTraits(
                    system,
                    parts,
                    tools,
                    calls,
                    calls && showsResult(form),
                    asText,
                    calls && form.nullText(),
                    calls && showsSeveralCalls(form),
                    calls && showsCallWithText(form),
                    shortIds);
        }

        /** With null for the text where only that shows the call, or shows it with less around it. */
        private CallForm textForm(CallForm form) {
            CallForm withNull = new CallForm(form.id(), form.inputAsText(), form.contentInParts(), true);
            int empty = shownCall(form).map(String::length).orElse(Integer.MAX_VALUE);
            return shownCall(withNull).map(String::length).orElse(Integer.MAX_VALUE) < empty ? withNull : form;
        }

        private static Map<String, Object> message(String role, String content, boolean parts) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", role);
            message.put("content", parts ? List.of(Map.of("type", "text", "text", content)) : content);
            return message;
        }

        private static Map<String, Object> calling(String text, CallForm form, List<Map<String, Object>> calls) {
            Map<String, Object> message = message("assistant", text, form.contentInParts());
            if (text.isEmpty() && form.nullText()) {
                message.put("content", null);
            }
            message.put("tool_calls", calls);
            return message;
        }

        private static Map<String, Object> call(String id, String argument, CallForm form) {
            Object arguments = form.inputAsText() ? "{\"" + argument + "\": \"v\"}" : Map.of(argument, "v");
            return Map.of("id", id, "type", "function", "function", Map.of("name", "f", "arguments", arguments));
        }

        private static Map<String, Object> answer(String id, String result, CallForm form) {
            Map<String, Object> answer = message("tool", result, form.contentInParts());
            answer.put("tool_call_id", id);
            answer.put("name", "f");
            return answer;
        }

        private Optional<String> called(CallForm form, String text, String result) {
            List<Map<String, Object>> messages = List.of(
                    message("user", "Hello", form.contentInParts()),
                    calling(text, form, List.of(call(form.id(), NEEDLE, form))),
                    answer(form.id(), result, form));
            return rendered(messages, true, "f");
        }

        /** What a call is rendered to, if it is shown. */
        private Optional<String> shownCall(CallForm form) {
            return called(form, "", "r").filter(text -> text.contains(NEEDLE) && !text.contains(QUOTED_NEEDLE));
        }

        private boolean showsCall(CallForm form) {
            return shownCall(form).isPresent();
        }

        /** Whether an input given as an object is shown as Python prints it, so that it was meant to be a text. */
        private boolean printsObject(CallForm form) {
            return called(form, "", "r")
                    .filter(text -> text.contains("'" + NEEDLE + "': 'v'"))
                    .isPresent();
        }

        private boolean showsResult(CallForm form) {
            return called(form, "", "result" + NEEDLE)
                    .filter(text -> text.contains("result" + NEEDLE))
                    .isPresent();
        }

        private boolean showsCallWithText(CallForm form) {
            return called(form, "I look.", "r")
                    .filter(text -> text.contains(NEEDLE))
                    .isPresent();
        }

        private boolean showsSeveralCalls(CallForm form) {
            String other = form.id().substring(0, form.id().length() - 1) + "0";
            List<Map<String, Object>> messages = List.of(
                    message("user", "Hello", form.contentInParts()),
                    calling("", form, List.of(call(form.id(), "first" + NEEDLE, form), call(other, NEEDLE, form))),
                    answer(form.id(), "r", form),
                    answer(other, "r", form));
            return rendered(messages, true, "f")
                    .filter(text -> text.contains("first" + NEEDLE)
                            && text.replace("first" + NEEDLE, "").contains(NEEDLE))
                    .isPresent();
        }

        private boolean shows(List<Map<String, Object>> messages, boolean inTools) {
            return rendered(messages, inTools, NEEDLE)
                    .filter(text -> text.contains(NEEDLE))
                    .isPresent();
        }

        private Optional<String> rendered(List<Map<String, Object>> messages, boolean withTools, String toolName) {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", toolName);
            function.put("description", "d");
            function.put("parameters", Map.of("type", "object", "properties", Map.of("p", Map.of("type", "string"))));
            Map<String, Object> variables = new LinkedHashMap<>();
            variables.put("messages", messages);
            List<Object> tools = withTools ? List.of(Map.of("type", "function", "function", function)) : null;
            variables.put("tools", tools);
            variables.put("xml_tools", tools);
            variables.put("documents", null);
            variables.put("add_generation_prompt", true);
            variables.put("bos_token", bosToken);
            variables.put("eos_token", eosToken);
            try {
                Text text = TemplateTraits.rendered(template, variables, Clock.systemUTC());
                return Optional.of(text.value());
            } catch (TemplateException e) {
                return Optional.empty();
            }
        }
    }
}
