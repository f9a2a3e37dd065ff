package dev.outcrop.services.bedrockruntime;

import java.util.Arrays;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;

/** The turns of a conversation, and a tool to talk about. */
final class Turns {
    /** Takes a city. */
    static final Tool WEATHER = Tool.fromToolSpec(spec -> spec.name("weather")
            .description("The weather of a city")
            .inputSchema(schema -> schema.json(Document.mapBuilder()
                    .putString("type", "object")
                    .putMap(
                            "properties",
                            properties -> properties.putMap("city", city -> city.putString("type", "string")))
                    .build())));

    static final ToolConfiguration WEATHER_ONLY =
            ToolConfiguration.builder().tools(WEATHER).build();

    private Turns() {}

    static Message user(ContentBlock... content) {
        return Message.builder()
                .role(ConversationRole.USER)
                .content(Arrays.asList(content))
                .build();
    }

    static Message user(String text) {
        return user(ContentBlock.fromText(text));
    }

    static Message assistant(ContentBlock... content) {
        return Message.builder()
                .role(ConversationRole.ASSISTANT)
                .content(Arrays.asList(content))
                .build();
    }

    static ContentBlock toolUse(String id, Document input) {
        return ContentBlock.fromToolUse(use -> use.toolUseId(id).name("weather").input(input));
    }

    static ContentBlock toolResult(String id, ToolResultContentBlock... content) {
        return ContentBlock.fromToolResult(result -> result.toolUseId(id).content(Arrays.asList(content)));
    }
}
