package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.TemplateException;
import dev.outcrop.engines.text.template.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the tools of a conversation are called, and which of their properties are text. */
final class ToolInputs {
    private static final List<Text> QUOTED =
            List.of(Text.of("pattern"), Text.of("format"), Text.of("minLength"), Text.of("maxLength"));

    private final Map<String, Map<?, ?>> schemas = new HashMap<>();

    ToolInputs(List<Prompt.Tool> tools) {
        for (Prompt.Tool tool : tools) {
            schemas.put(
                    tool.name(), value(tool.inputSchema()).orElse(Map.of()) instanceof Map<?, ?> map ? map : Map.of());
        }
    }

    boolean knows(String tool) {
        return schemas.containsKey(tool);
    }

    /** The JSON value in {@code json}, which is never null here. */
    static Optional<Object> value(String json) {
        try {
            return Optional.ofNullable(JsonText.read(json, Text.TEMPLATE));
        } catch (TemplateException e) {
            return Optional.empty();
        }
    }

    /** As JSON the value of an input's property, which was written as bare text. */
    String json(String tool, String property, String written) {
        return JsonText.write(typed(tool, property, written)).value();
    }

    /** Whether a property is text that stands as it is, without quotes. */
    boolean isPlainText(String tool, String property) {
        return types(tool, property).equals(List.of(Text.of("string")))
                && QUOTED.stream().noneMatch(schema(tool, property)::containsKey);
    }

    private Object typed(String tool, String property, String written) {
        Text text = Text.of(written);
        List<?> types = types(tool, property);
        if (isPlainText(tool, property)) {
            return text;
        }
        if (types.equals(List.of(Text.of("string")))) {
            // Texts of a pattern, format or length are asked for as JSON, see CallGrammar.
            return value(written).orElse(text) instanceof Text unquoted ? unquoted : text;
        }
        if (written.strip().equals("null")) {
            return types.isEmpty() || types.contains(Text.of("null")) ? null : text;
        }
        Object value = value(written).orElse(text);
        return types.isEmpty() || !types.contains(Text.of("string")) || !(value instanceof Text) ? value : text;
    }

    private Map<?, ?> schema(String tool, String property) {
        Object properties = schemas.getOrDefault(tool, Map.of()).get(Text.of("properties"));
        Object schema = properties instanceof Map<?, ?> map ? map.get(Text.of(property)) : null;
        return schema instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The types that the schema names for a property; empty if it names none. */
    private List<?> types(String tool, String property) {
        Map<?, ?> map = schema(tool, property);
        Object type = map.get(Text.of("type"));
        if (type instanceof List<?> several) {
            return several;
        }
        boolean texts = map.get(Text.of("enum")) instanceof List<?> values
                && values.stream().allMatch(Text.class::isInstance);
        return type instanceof Text ? List.of(type) : texts ? List.of(Text.of("string")) : List.of();
    }
}
