package dev.outcrop.engines.text.llama.decoding;

import java.util.List;
import java.util.Optional;

/**
 * What is to be generated.
 *
 * @param prompt           at least one token
 * @param cachePoints      numbers of tokens of the prompt up to which its state is asked to be kept, ascending
 * @param maximumTokens    to generate at most; 0 only reads the prompt
 * @param stopSequences    texts that end the answer
 * @param grammar          GBNF that the answer must follow
 * @param grammarTriggers  texts after which the grammar holds; none if it holds from the beginning
 * @param logProbabilities how many alternatives to report beside each token; absent for no probabilities
 * @param scorePrompt      whether the prompt's tokens are scored
 * @param showControl      whether control tokens are shown by their names
 * @param deadlineNanos    when {@link System#nanoTime} reaches this, the generation fails
 */
public record GenerationTask(
        int[] prompt,
        List<Integer> cachePoints,
        SamplingSettings sampling,
        int maximumTokens,
        List<String> stopSequences,
        Optional<String> grammar,
        List<String> grammarTriggers,
        Optional<Integer> logProbabilities,
        boolean scorePrompt,
        boolean showControl,
        long deadlineNanos) {
    public GenerationTask {
        cachePoints = List.copyOf(cachePoints);
        stopSequences = List.copyOf(stopSequences);
        grammarTriggers = List.copyOf(grammarTriggers);
    }
}
