package dev.outcrop.engines.text.llama.decoding;

/**
 * How a token is chosen, nothing left open.
 *
 * @param temperature       0 takes the likeliest token always
 * @param topK              0 for all
 * @param topP              1 for all
 * @param minP              0 for all
 * @param frequencyPenalty  0 for none
 * @param presencePenalty   0 for none
 * @param repetitionPenalty 1 for none
 */
public record SamplingSettings(
        double temperature,
        int topK,
        double topP,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed) {}
