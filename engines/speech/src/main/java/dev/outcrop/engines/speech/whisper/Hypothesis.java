package dev.outcrop.engines.speech.whisper;

import java.util.List;

/**
 * A text that the decoder may have heard.
 *
 * @param tokens     text and times, without the end
 * @param logarithms of each token's probability
 * @param endLogarithm of the probability of the end after them
 * @param bonus      what it gained by preferred phrases
 */
record Hypothesis(List<Integer> tokens, List<Float> logarithms, float endLogarithm, double bonus) {
    private static final double USUAL_LENGTH = 32;

    Hypothesis {
        tokens = List.copyOf(tokens);
        logarithms = List.copyOf(logarithms);
    }

    private double sum() {
        double sum = endLogarithm;
        for (float logarithm : logarithms) {
            sum += logarithm;
        }
        return sum;
    }

    /** The mean logarithm of its tokens' probabilities, the end's included. */
    double meanLogarithm() {
        return sum() / (tokens.size() + 1);
    }

    /** What hypotheses are compared by. The bonus counts the same in a short text as in a long one. */
    double score() {
        return meanLogarithm() + bonus / USUAL_LENGTH;
    }
}
