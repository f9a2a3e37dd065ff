package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.template.Template;
import dev.outcrop.engines.text.template.TemplateException;
import dev.outcrop.engines.text.template.Text;
import java.time.Clock;
import java.util.ArrayList;
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
 * @param shortCallIds   whether it refuses call ids other than nine letters or digits
 */
record TemplateTraits(
        boolean systemRole,
        boolean contentInParts,
        boolean tools,
        boolean toolCalls,
        boolean toolResults,
        boolean inputAsText,
        boolean shortCallIds) {
    private static final String NEEDLE = "q7x2needle";
    private static final String SHORT_ID = "abc123DEF";

    static TemplateTraits of(Template template, String bosToken, String eosToken) {
        return new Probe(template, bosToken, eosToken).traits();
    }

    /** The same for a template whose place for tools is of no use to us. */
    TemplateTraits withoutTools() {
        return new TemplateTraits(systemRole, contentInParts, false, false, false, false, false);
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

    private record Probe(Template template, String bosToken, String eosToken) {
        TemplateTraits traits() {
            boolean parts = !shows(List.of(message("user", NEEDLE, false)), false)
                    && shows(List.of(message("user", NEEDLE, true)), false);
            boolean system = shows(List.of(message("system", NEEDLE, parts), message("user", "Hello", parts)), false);
            boolean tools = shows(List.of(message("user", "Hello", parts)), true);
            boolean shortIds = !showsCall("call_123456789", false, parts) && showsCall(SHORT_ID, false, parts);
            String id = shortIds ? SHORT_ID : "call_123456789";
            boolean object = showsCall(id, false, parts);
            boolean text = showsCall(id, true, parts);
            boolean asText = text && (!object || printsObject(id, parts));
            boolean results = (object || text) && showsResult(id, asText, parts);
            return new TemplateTraits(system, parts, tools, object || text, results, asText, shortIds);
        }

        private static Map<String, Object> message(String role, String content, boolean parts) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", role);
            message.put("content", parts ? List.of(Map.of("type", "text", "text", content)) : content);
            return message;
        }

        private static Map<String, Object> calling(String id, boolean asText, boolean parts) {
            Object arguments = asText ? "{\"" + NEEDLE + "\": \"v\"}" : Map.of(NEEDLE, "v");
            Map<String, Object> message = message("assistant", "", parts);
            message.put(
                    "tool_calls",
                    List.of(Map.of(
                            "id", id, "type", "function", "function", Map.of("name", "f", "arguments", arguments))));
            return message;
        }

        private List<Map<String, Object>> conversation(String id, boolean asText, boolean parts, String result) {
            List<Map<String, Object>> messages = new ArrayList<>();
            messages.add(message("user", "Hello", parts));
            messages.add(calling(id, asText, parts));
            Map<String, Object> answer = message("tool", result, parts);
            answer.put("tool_call_id", id);
            answer.put("name", "f");
            messages.add(answer);
            return messages;
        }

        private boolean showsCall(String id, boolean asText, boolean parts) {
            String quoted = "\\\"" + NEEDLE + "\\\"";
            return rendered(conversation(id, asText, parts, "r"), true, "f")
                    .filter(text -> text.contains(NEEDLE) && !text.contains(quoted))
                    .isPresent();
        }

        /** Whether an input given as an object is shown as Python prints it, so that it was meant to be a text. */
        private boolean printsObject(String id, boolean parts) {
            return rendered(conversation(id, false, parts, "r"), true, "f")
                    .filter(text -> text.contains("'" + NEEDLE + "': 'v'"))
                    .isPresent();
        }

        private boolean showsResult(String id, boolean asText, boolean parts) {
            return rendered(conversation(id, asText, parts, "result" + NEEDLE), true, "f")
                    .filter(text -> text.contains("result" + NEEDLE))
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
            variables.put("tools", withTools ? List.of(Map.of("type", "function", "function", function)) : null);
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
