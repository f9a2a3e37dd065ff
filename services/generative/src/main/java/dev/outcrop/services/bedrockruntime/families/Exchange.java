package dev.outcrop.services.bedrockruntime.families;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.text.GenerationEvent;
import dev.outcrop.engines.text.TextRequest;
import java.util.List;
import java.util.function.IntSupplier;

/** A request body that has been read, and how its answer is written in the same family's JSON. */
public interface Exchange {
    /** What the model is asked. */
    TextRequest request();

    /** Whether the answer may hold one tool call at most: what the model calls beyond is left out. */
    default boolean oneToolCall() {
        return false;
    }

    /** The response body. */
    ObjectNode body(Answer answer);

    /** A new stream of chunks. */
    Chunks chunks();

    /** The answer in chunks, while it is being written. For one stream. */
    interface Chunks {
        /**
         * What is sent before the model has written anything.
         *
         * @param inputTokens the number of tokens of the prompt, which costs time to know
         */
        default List<ObjectNode> begin(IntSupplier inputTokens) {
            return List.of();
        }

        /** What is sent when this has happened; for {@link GenerationEvent.Finished}, at least one chunk. */
        List<ObjectNode> next(GenerationEvent event);
    }
}
