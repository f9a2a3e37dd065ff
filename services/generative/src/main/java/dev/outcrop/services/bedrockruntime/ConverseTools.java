package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * The tools that a conversation offers.
 *
 * <p>Source: Amazon Bedrock User Guide, "Use a tool to complete an Amazon Bedrock model response".
 *
 * @param cachePoint whether everything up to the tools is to be kept
 */
record ConverseTools(List<Prompt.Tool> tools, ToolChoice choice, boolean cachePoint) {
    static final ConverseTools NONE = new ConverseTools(List.of(), new ToolChoice.Auto(), false);

    ConverseTools {
        tools = List.copyOf(tools);
    }

    /**
     * The tools of {@code configuration}.
     *
     * @throws ValidationException if one has no object's schema, two have one name, or an unknown one is asked for
     */
    static ConverseTools of(ToolConfiguration configuration) {
        List<Prompt.Tool> tools = new ArrayList<>();
        boolean cachePoint = false;
        Set<String> names = new HashSet<>();
        for (int i = 0; i < configuration.tools().size(); i++) {
            Tool tool = configuration.tools().get(i);
            if (tool.systemTool() != null) {
                throw ModelErrors.unsupportedField("systemTool");
            }
            if (tool.cachePoint() != null) {
                cachePoint = true;
            } else if (tool.toolSpec() != null) {
                tools.add(tool(tool.toolSpec(), "toolConfig.tools." + i + ".toolSpec"));
                if (!names.add(tool.toolSpec().name())) {
                    throw ModelErrors.invalid(
                            "The model returned the following errors: tools: Tool names must be unique.");
                }
            }
        }
        if (tools.isEmpty()) {
            throw ModelErrors.invalid(
                    "The toolConfig.tools field must contain at least one toolSpec. Add a toolSpec to the"
                            + " field and try again.");
        }
        return new ConverseTools(tools, choice(configuration, names), cachePoint);
    }

    private static Prompt.Tool tool(ToolSpecification specification, String place) {
        Document schema = specification.inputSchema().json();
        if (schema == null || !schema.isMap()) {
            throw ModelErrors.invalid("The format of the value at " + place
                    + ".inputSchema.json is invalid. Provide a json object for the field and try again.");
        }
        Document type = schema.asMap().get("type");
        if (type == null || !type.isString() || !type.asString().equals("object")) {
            throw ModelErrors.invalid(
                    "The value at " + place + ".inputSchema.json.type must be one of the following: object.");
        }
        String description = specification.description() == null ? "" : specification.description();
        return new Prompt.Tool(specification.name(), description, JsonDocuments.text(schema));
    }

    private static ToolChoice choice(ToolConfiguration configuration, Set<String> names) {
        if (configuration.toolChoice() == null) {
            return new ToolChoice.Auto();
        }
        if (configuration.toolChoice().any() != null) {
            return new ToolChoice.Any();
        }
        if (configuration.toolChoice().tool() != null) {
            String name = configuration.toolChoice().tool().name();
            if (!names.contains(name)) {
                throw ModelErrors.invalid("The model returned the following errors: tool_choice: Tool '" + name
                        + "' not found in provided tools");
            }
            return new ToolChoice.Named(name);
        }
        return new ToolChoice.Auto();
    }
}
