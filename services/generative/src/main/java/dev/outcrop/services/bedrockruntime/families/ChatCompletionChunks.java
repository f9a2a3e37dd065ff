package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.GenerationEvent.Finished;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The chunks of a stream of chat completions. */
final class ChatCompletionChunks implements Exchange.Chunks {
    private final ChatCompletions completions;
    private boolean inReasoningTags;

    ChatCompletionChunks(ChatCompletions completions) {
        this.completions = completions;
    }

    @Override
    public List<ObjectNode> begin(IntSupplier inputTokens) {
        if (completions.dialect().mistral()) {
            return List.of();
        }
        ObjectNode delta = JsonFields.MAPPER.createObjectNode();
        delta.put("role", "assistant");
        delta.put("content", "");
        return List.of(chunk(delta, Optional.empty()));
    }

    @Override
    public List<ObjectNode> next(GenerationEvent event) {
        List<ObjectNode> chunks = new ArrayList<>(2);
        switch (event) {
            case GenerationEvent.Text(String text) -> content(endOfTags() + text, chunks);
            case GenerationEvent.Reasoning(String text) -> {
                if (completions.dialect().reasoning() == ChatDialect.Reasoning.FIELD) {
                    chunks.add(chunk(delta().put("reasoning_content", text), Optional.empty()));
                } else {
                    content(inReasoningTags ? text : ChatCompletions.REASONING_BEGINS + text, chunks);
                    inReasoningTags = true;
                }
            }
            case GenerationEvent.ToolCallStarted(int index, String id, String name) -> {
                content(endOfTags(), chunks);
                ObjectNode call = ChatCompletions.toolCall(id, name, "");
                call.put("index", index);
                toolCall(call, chunks);
            }
            case GenerationEvent.ToolCallInput(int index, String json) -> {
                ObjectNode call = JsonFields.MAPPER.createObjectNode();
                call.put("index", index);
                call.putObject("function").put("arguments", json);
                toolCall(call, chunks);
            }
            case GenerationEvent.Probabilities probabilities -> {
                ObjectNode chunk = chunk(delta().put("content", ""), Optional.empty());
                ((ObjectNode) chunk.at("/choices/0"))
                        .set("logprobs", ChatCompletions.logProbabilities(probabilities.tokens()));
                chunks.add(chunk);
            }
            case Finished finished -> {
                content(endOfTags(), chunks);
                chunks.add(chunk(
                        completions.dialect().mistral() ? delta().put("content", "") : delta(),
                        Optional.of(finished.reason())));
                if (completions.includeUsage()) {
                    ObjectNode last = completions.envelope("chat.completion.chunk");
                    last.putArray("choices");
                    last.set("usage", ChatCompletions.usage(finished.usage()));
                    chunks.add(last);
                }
            }
        }
        return chunks;
    }

    private String endOfTags() {
        String end = inReasoningTags ? ChatCompletions.REASONING_ENDS : "";
        inReasoningTags = false;
        return end;
    }

    private void content(String text, List<ObjectNode> chunks) {
        if (!text.isEmpty()) {
            chunks.add(chunk(delta().put("content", text), Optional.empty()));
        }
    }

    private void toolCall(ObjectNode call, List<ObjectNode> chunks) {
        ObjectNode delta = delta();
        delta.putArray("tool_calls").add(call);
        chunks.add(chunk(delta, Optional.empty()));
    }

    /** Mistral's pieces are messages, which say their role each time. */
    private ObjectNode delta() {
        ObjectNode delta = JsonFields.MAPPER.createObjectNode();
        return completions.dialect().mistral() ? delta.put("role", "assistant") : delta;
    }

    private ObjectNode chunk(ObjectNode delta, Optional<FinishReason> reason) {
        ObjectNode chunk = completions.envelope("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.set(completions.dialect().mistral() ? "message" : "delta", delta);
        choice.put(
                completions.finishKey(),
                reason.map(ChatCompletions::finishReason).orElse(null));
        if (completions.includeUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
