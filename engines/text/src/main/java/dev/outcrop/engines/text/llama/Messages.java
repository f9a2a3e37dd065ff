package dev.outcrop.engines.text.llama;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.text.GenerationEvent.FinishReason;
import dev.outcrop.engines.text.llama.decoding.SamplingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What the server and its worker tell each other, as JSON. What is absent is an empty text or −1. */
final class Messages {
    static final String GENERATE = "generate";
    static final String COUNT_TOKENS = "count-tokens";
    static final String PERPLEXITY = "perplexity";
    static final String ACTIVITY = "activity";
    static final String LOAD = "load";
    static final int ABSENT = -1;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private Messages() {}

    static byte[] write(Object message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T read(byte[] bytes, Class<T> type) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To the worker: what to load. */
    record Load(
            String file,
            int contextLength,
            int parallel,
            int queueLimit,
            int threads,
            int gpuLayers,
            long memoryBytes,
            List<String> adapters,
            List<Double> adapterScales) {}

    /** From the worker: what was loaded. */
    record Loaded(
            int contextLength,
            String chatTemplate,
            String beginningToken,
            String endToken,
            List<String> specialTexts,
            SamplingSettings sampling,
            long stateBytes,
            String libraryVersion) {}

    /** A part of a prompt that is tokenised by itself. */
    record Piece(String text, boolean special) {}

    /** To the worker: a prompt alone. */
    record Text(List<Piece> pieces, boolean whole) {}

    /** To the worker: a generation. {@code cachePoints} count bytes of the pieces' text in UTF-8. */
    record Generate(
            Text prompt,
            List<Integer> cachePoints,
            SamplingSettings sampling,
            int maximumTokens,
            List<String> stopSequences,
            String grammar,
            List<String> grammarTriggers,
            int logProbabilities,
            boolean scorePrompt,
            boolean showControl,
            long timeoutMillis) {}

    /** A token's text and the logarithm of its probability. */
    record Token(String text, double logProbability, List<Token> alternatives) {}

    /** From the worker: a part of the answer to a generation. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Accepted.class, name = "accepted"),
        @JsonSubTypes.Type(value = Wrote.class, name = "wrote"),
        @JsonSubTypes.Type(value = Finished.class, name = "finished")
    })
    sealed interface Answer {}

    record Accepted() implements Answer {}

    record Wrote(String text, List<Token> tokens) implements Answer {}

    record Finished(
            FinishReason reason,
            String stopSequence,
            int inputTokens,
            int outputTokens,
            int cacheReadTokens,
            int cacheWriteTokens,
            long queuedNanos)
            implements Answer {}

    /** From the worker: how many tokens a prompt has. */
    record TokenCount(int tokens) {}

    /** From the worker: generations at work and waiting. */
    record Activity(int generating, int queued) {}

    /** To the worker: text to measure perplexity on. */
    record Measure(String text, int windowTokens) {}

    /** From the worker. */
    record Perplexity(double perplexity, int tokens) {}

    /** To the worker: a file to be written in another type. */
    record Requantize(String input, String output, int fileType, int threads) {}
}
