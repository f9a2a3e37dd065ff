package dev.outcrop.engines.text.llama.decoding;

import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.TextModelException.Category;
import java.util.List;
import java.util.Optional;

/** Hears what becomes of a generation, on the decoding thread: it must not block. */
public interface GenerationListener {
    /** The prompt's tokens with their probabilities, from the second on; comes before all else. */
    void scored(List<ScoredToken> prompt);

    /** More text, which may be empty, and the tokens just written where probabilities were asked for. */
    void wrote(String text, List<ScoredToken> tokens);

    /** The end. */
    void finished(FinishReason reason, Optional<String> stopSequence, Counts counts);

    /** The end, without success. */
    void failed(Category category, String message);

    /**
     * What was done.
     *
     * @param queuedNanos from the submission until work began
     */
    record Counts(int inputTokens, int outputTokens, int cacheReadTokens, int cacheWriteTokens, long queuedNanos) {}
}
