package dev.outcrop.services.bedrockruntime.families;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What sets apart the bodies of those who speak chat completions.
 *
 * @param reasoning     where the answer shows the model's reasoning
 * @param reasons       whether the model reasons unless told otherwise
 * @param mistral       Mistral's first chat models have fewer fields: a stop reason in place of a finish reason, neither
 *                      id nor usage, whole messages in place of deltas
 * @param temperature   the default
 * @param maximumTokens the default
 */
record ChatDialect(
        Reasoning reasoning,
        boolean reasons,
        boolean mistral,
        OptionalDouble temperature,
        double maximumTemperature,
        OptionalInt maximumTokens) {
    /** Where reasoning stands. */
    enum Reasoning {
        /** In a field {@code reasoning_content} beside the content. */
        FIELD,
        /** At the beginning of the content, in {@code <reasoning>} tags. */
        TAGS
    }

    /** OpenAI's own endpoint, and installed models. */
    static final ChatDialect OPENAI =
            new ChatDialect(Reasoning.FIELD, false, false, OptionalDouble.empty(), 2, OptionalInt.empty());

    /** OpenAI's open models on Amazon Bedrock, which always reason. */
    static final ChatDialect GPT_OSS =
            new ChatDialect(Reasoning.TAGS, true, false, OptionalDouble.empty(), 2, OptionalInt.empty());

    /** AI21's Jamba. */
    static final ChatDialect JAMBA =
            new ChatDialect(Reasoning.FIELD, false, false, OptionalDouble.of(1), 2, OptionalInt.of(4096));

    /** Mistral Large (24.02) and its contemporaries. */
    static final ChatDialect MISTRAL =
            new ChatDialect(Reasoning.FIELD, false, true, OptionalDouble.of(0.7), 1, OptionalInt.of(8192));

    /** What a tool choice may be besides a named tool. */
    List<String> toolChoices() {
        return mistral ? List.of("auto", "any", "none") : List.of("auto", "none", "required");
    }
}
