package dev.outcrop.engines.text;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens while a model writes. */
public sealed interface GenerationEvent {
    /** More of the answer: whole characters, never a part of one, never a part of a stop sequence. */
    record Text(String text) implements GenerationEvent {}

    /** More of the reasoning. */
    record Reasoning(String text) implements GenerationEvent {}

    /**
     * A tool call begins.
     *
     * @param index 0 for the first call of the answer
     */
    record ToolCallStarted(int index, String id, String name) implements GenerationEvent {}

    /** More of a tool call's input, a fragment of a JSON object. */
    record ToolCallInput(int index, String json) implements GenerationEvent {}

    /** Probabilities of tokens just written, or, first of all, of the prompt's. */
    record Probabilities(List<TokenProbability> tokens) implements GenerationEvent {
        public Probabilities {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * The end.
     *
     * @param stopSequence the stop sequence met, if one was
     */
    record Finished(FinishReason reason, Optional<String> stopSequence, Usage usage, Timings timings)
            implements GenerationEvent {}

    /**
     * A token with its probability.
     *
     * @param token          the token's text; a part of a character is shown as the replacement character
     * @param logProbability natural logarithm
     * @param alternatives   the likeliest tokens at this place, likeliest first
     */
    record TokenProbability(String token, double logProbability, List<TokenProbability> alternatives) {
        public TokenProbability {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** Why a model stopped. */
    enum FinishReason {
        END_OF_TURN,
        STOP_SEQUENCE,
        MAXIMUM_TOKENS,
        TOOL_CALL,
        CONTENT_FILTERED
    }

    /**
     * Tokens used.
     *
     * @param inputTokens      of the prompt, those from the cache included
     * @param outputTokens     generated
     * @param cacheReadTokens  of the prompt's tokens, those whose state was kept from an earlier prompt up to a cache
     *                         point of this one
     * @param cacheWriteTokens of the prompt's tokens, those newly kept up to its last cache point
     */
    record Usage(int inputTokens, int outputTokens, int cacheReadTokens, int cacheWriteTokens) {}

    /**
     * Where the time went.
     *
     * @param queued     until work began
     * @param firstToken from the request to the first token
     * @param total      from the request to the end
     */
    record Timings(Duration queued, Duration firstToken, Duration total) {}
}
