package dev.outcrop.engines.text;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the next token is chosen. What is absent is left to the model's own default.
 *
 * @param temperature       0 takes the likeliest token always
 * @param topP              nucleus: the likeliest tokens whose probabilities sum to this, 0 to 1
 * @param topK              the likeliest k tokens; 0 takes all
 * @param minP              tokens at least this times as likely as the likeliest
 * @param frequencyPenalty  taken from a token's logit for every time it has been used, −2 to 2
 * @param presencePenalty   taken from a token's logit once it has been used, −2 to 2
 * @param repetitionPenalty divides the logits of used tokens; 1 changes nothing
 * @param seed              makes the choice repeatable
 */
public record Sampling(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalDouble frequencyPenalty,
        OptionalDouble presencePenalty,
        OptionalDouble repetitionPenalty,
        OptionalLong seed) {
    /** Everything left to the model. */
    public static final Sampling DEFAULT = new Sampling(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty());
}
