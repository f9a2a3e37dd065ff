package dev.outcrop.engines.text;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One generation.
 *
 * @param maximumTokens    how many tokens to generate at most; absent: until the context is full
 * @param stopSequences    texts that end the answer and are not part of it
 * @param logProbabilities how many alternatives to report for each token, 0 to 20; absent: none and no probabilities
 * @param scorePrompt      whether the tokens of the prompt are scored too, as perplexity needs
 * @param timeout          how long it may take, queueing included
 * @param options          further options by the names that OpenAI-compatible endpoints give them; a backend refuses
 *                         those it does not know
 */
public record TextRequest(
        Prompt prompt,
        Sampling sampling,
        OptionalInt maximumTokens,
        List<String> stopSequences,
        Constraint constraint,
        OptionalInt logProbabilities,
        boolean scorePrompt,
        Duration timeout,
        Map<String, Object> options) {
    public TextRequest {
        stopSequences = List.copyOf(stopSequences);
        options = Map.copyOf(options);
    }

    /** A request with everything left to its default, to be narrowed by the {@code with…} methods. */
    public static TextRequest of(Prompt prompt) {
        return new TextRequest(
                prompt,
                Sampling.DEFAULT,
                OptionalInt.empty(),
                List.of(),
                new Constraint.None(),
                OptionalInt.empty(),
                false,
                Duration.ofMinutes(10),
                Map.of());
    }

    /** What the output must look like. */
    public sealed interface Constraint {
        /** Anything. */
        record None() implements Constraint {}

        /** A JSON value that a JSON Schema (draft 2020-12, the subset of {@code JsonSchemaGrammar}) accepts. */
        record JsonSchema(String schema) implements Constraint {}

        /** Text that a grammar in llama.cpp's GBNF accepts. */
        record Grammar(String gbnf) implements Constraint {}
    }
}
