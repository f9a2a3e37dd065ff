package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.GenerationEvent;
import java.util.List;

/**
 * Reads a model's output while it is being written, for one answer and one reader.
 *
 * <p>The text given must show special tokens as text ({@code <tool_call>} and {@code <think>} are single tokens in many
 * vocabularies), the end-of-generation token excepted. What may be the beginning of a marker is held back until it is
 * known; apart from markers, nothing is lost or moved.
 */
public interface OutputParser {
    /** What is certain after the next piece of output: Text, Reasoning, ToolCallStarted, ToolCallInput. */
    List<GenerationEvent> accept(String text);

    /** What was held back, once the output has ended. */
    List<GenerationEvent> finish();
}
