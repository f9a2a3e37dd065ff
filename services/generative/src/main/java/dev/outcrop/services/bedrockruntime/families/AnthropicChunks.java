package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** The events of a stream of Anthropic's Messages API. */
final class AnthropicChunks implements Exchange.Chunks {
    /** What kind of content block is open. */
    private enum Block {
        NONE,
        TEXT,
        THINKING,
        TOOL_USE
    }

    private final AnthropicMessages messages;
    private Block open = Block.NONE;
    private int index = -1;

    AnthropicChunks(AnthropicMessages messages) {
        this.messages = messages;
    }

    /** What the cache holds of the prompt is known at the end only: until then all of it counts as input. */
    @Override
    public List<ObjectNode> begin(IntSupplier inputTokens) {
        ObjectNode message = messages.envelope();
        message.putArray("content");
        message.putNull("stop_reason");
        message.putNull("stop_sequence");
        ObjectNode usage = message.putObject("usage");
        usage.put("input_tokens", inputTokens.getAsInt());
        usage.put("cache_creation_input_tokens", 0);
        usage.put("cache_read_input_tokens", 0);
        usage.put("output_tokens", 0);
        ObjectNode start = event("message_start");
        start.set("message", message);
        return messages.pings() ? List.of(start, event("ping")) : List.of(start);
    }

    @Override
    public List<ObjectNode> next(GenerationEvent event) {
        List<ObjectNode> events = new ArrayList<>(2);
        switch (event) {
            case GenerationEvent.Text(String text) -> {
                open(Block.TEXT, AnthropicMessages.textBlock(""), events);
                events.add(delta("text_delta", "text", text));
            }
            case GenerationEvent.Reasoning(String text) -> {
                open(Block.THINKING, AnthropicMessages.thinkingBlock(""), events);
                events.add(delta("thinking_delta", "thinking", text));
            }
            case GenerationEvent.ToolCallStarted(int _, String id, String name) -> {
                close(events);
                open(Block.TOOL_USE, AnthropicMessages.toolUseBlock(id, name), events);
            }
            case GenerationEvent.ToolCallInput(int _, String json) ->
                events.add(delta("input_json_delta", "partial_json", json));
            case GenerationEvent.Probabilities _ -> {}
            case Finished finished -> {
                close(events);
                ObjectNode end = event("message_delta");
                AnthropicMessages.stop(end.putObject("delta"), finished.reason(), finished.stopSequence());
                end.set("usage", AnthropicMessages.usage(finished.usage()));
                events.add(end);
                events.add(event("message_stop"));
            }
        }
        return events;
    }

    private void open(Block kind, ObjectNode empty, List<ObjectNode> events) {
        if (open == kind && kind != Block.TOOL_USE) {
            return;
        }
        close(events);
        open = kind;
        index++;
        ObjectNode start = event("content_block_start");
        start.put("index", index);
        start.set("content_block", empty);
        events.add(start);
    }

    private void close(List<ObjectNode> events) {
        if (open != Block.NONE) {
            events.add(event("content_block_stop").put("index", index));
            open = Block.NONE;
        }
    }

    private ObjectNode delta(String type, String key, String piece) {
        ObjectNode delta = event("content_block_delta");
        delta.put("index", index);
        delta.putObject("delta").put("type", type).put(key, piece);
        return delta;
    }

    private static ObjectNode event(String type) {
        return JsonFields.MAPPER.createObjectNode().put("type", type);
    }
}
