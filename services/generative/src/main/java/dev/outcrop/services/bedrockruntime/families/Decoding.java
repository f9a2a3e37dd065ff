package dev.outcrop.services.bedrockruntime.families;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Sampling;
import dev.outcrop.engines.text.TextRequest;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How an answer is to be decoded, as far as every family knows: what is left out is left to the model. */
record Decoding(Sampling sampling, OptionalInt maximumTokens, List<String> stopSequences) {
    /** With the three parameters of nearly every family. */
    static Decoding of(
            OptionalDouble temperature,
            OptionalDouble topP,
            OptionalInt topK,
            OptionalInt maximumTokens,
            List<String> stopSequences) {
        return new Decoding(
                new Sampling(
                        temperature,
                        topP,
                        topK,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalLong.empty()),
                maximumTokens,
                stopSequences);
    }

    /** A request with this decoding and everything else left to its default. */
    TextRequest request(Prompt prompt) {
        TextRequest plain = TextRequest.of(prompt);
        return new TextRequest(
                prompt,
                sampling,
                maximumTokens,
                stopSequences,
                plain.constraint(),
                plain.logProbabilities(),
                plain.scorePrompt(),
                plain.timeout(),
                plain.options());
    }
}
