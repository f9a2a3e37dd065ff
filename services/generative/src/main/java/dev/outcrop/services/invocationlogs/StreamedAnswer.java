package dev.outcrop.services.invocationlogs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.shapes.codec.StructuredCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.PayloadPart;
import software.amazon.awssdk.services.bedrockruntime.model.ResponseStream;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlockStart;

/**
 * The events of one stream, kept for its log. A conversation's become the body that Converse would have answered; chunks of
 * an invocation become a list.
 */
public final class StreamedAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Object> events = new ArrayList<>();

    StreamedAnswer() {}

    /** Keeps an event of ConverseStream or InvokeModelWithResponseStream. */
    public synchronized void add(Object event) {
        events.add(event);
    }

    /** The body, as far as the stream came. */
    synchronized JsonNode body() {
        boolean conversation = events.stream().anyMatch(ConverseStreamOutput.class::isInstance);
        return conversation ? conversation() : chunks();
    }

    private ArrayNode chunks() {
        ArrayNode chunks = JSON.createArrayNode();
        for (Object event : events) {
            if (event instanceof ResponseStream && event instanceof PayloadPart part) {
                try {
                    chunks.add(JSON.readTree(part.bytes().asByteArrayUnsafe()));
                } catch (IOException notJson) {
                    throw new UncheckedIOException("a chunk that was sent is no JSON", notJson);
                }
            }
        }
        return chunks;
    }

    private ObjectNode conversation() {
        Conversation conversation = new Conversation();
        for (Object event : events) {
            ((ConverseStreamOutput) event).accept(conversation.visitor());
        }
        return conversation.body();
    }

    /** Puts the blocks together again. */
    private static final class Conversation {
        private final Map<Integer, ObjectNode> blocks = new TreeMap<>();
        private final ObjectNode body = JSON.createObjectNode();
        private final ObjectNode message = body.putObject("output").putObject("message");

        ConverseStreamResponseHandler.Visitor visitor() {
            return ConverseStreamResponseHandler.Visitor.builder()
                    .onMessageStart(start -> message.put("role", start.roleAsString()))
                    .onContentBlockStart(start -> {
                        ToolUseBlockStart use = start.start().toolUse();
                        if (use != null) {
                            block(start.contentBlockIndex())
                                    .putObject("toolUse")
                                    .put("toolUseId", use.toolUseId())
                                    .put("name", use.name());
                        }
                    })
                    .onContentBlockDelta(delta -> delta(block(delta.contentBlockIndex()), delta.delta()))
                    .onMessageStop(this::stop)
                    .onMetadata(this::metadata)
                    .onDefault(_ -> {})
                    .build();
        }

        private ObjectNode block(Integer index) {
            return blocks.computeIfAbsent(index, _ -> JSON.createObjectNode());
        }

        private static void delta(ObjectNode block, ContentBlockDelta delta) {
            if (delta.text() != null) {
                append(block, "text", delta.text());
            } else if (delta.toolUse() != null) {
                append(object(block, "toolUse"), "input", delta.toolUse().input());
            } else if (delta.reasoningContent() != null
                    && delta.reasoningContent().text() != null) {
                append(
                        object(object(block, "reasoningContent"), "reasoningText"),
                        "text",
                        delta.reasoningContent().text());
            }
        }

        private static ObjectNode object(ObjectNode parent, String name) {
            return parent.get(name) instanceof ObjectNode present ? present : parent.putObject(name);
        }

        private static void append(ObjectNode block, String name, String more) {
            block.put(name, block.path(name).asText("") + more);
        }

        private void stop(MessageStopEvent stop) {
            body.put("stopReason", stop.stopReasonAsString());
        }

        private void metadata(ConverseStreamMetadataEvent metadata) {
            try {
                body.set("usage", JSON.readTree(StructuredCodec.JSON.write(metadata.usage())));
                body.set("metrics", JSON.readTree(StructuredCodec.JSON.write(metadata.metrics())));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        ObjectNode body() {
            ArrayNode content = message.putArray("content");
            blocks.values().forEach(block -> {
                if (block.get("toolUse") instanceof ObjectNode use && use.hasNonNull("input")) {
                    String written = use.get("input").asText();
                    try {
                        use.set("input", JSON.readTree(written));
                    } catch (IOException cutOff) {
                        use.put("input", written); // As far as the stream came.
                    }
                }
                content.add(block);
            });
            return body;
        }
    }
}
