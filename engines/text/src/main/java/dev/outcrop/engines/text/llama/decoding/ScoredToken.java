package dev.outcrop.engines.text.llama.decoding;

import java.util.ArrayList;
import java.util.List;

/**
 * A token with the logarithm of its probability before penalties and temperature.
 *
 * @param alternatives the likeliest tokens at this place, likeliest first; empty where none were asked for
 */
public record ScoredToken(int token, double logProbability, List<ScoredToken> alternatives) {
    public ScoredToken {
        alternatives = List.copyOf(alternatives);
    }

    /**
     * Scores {@code token}, and the {@code count} likeliest beside it.
     *
     * @param logits of all tokens; left as they are
     */
    static ScoredToken of(int token, float[] logits, int count) {
        double normalizer = logSumExp(logits);
        int[] best = likeliest(logits, count);
        List<ScoredToken> alternatives = new ArrayList<>();
        for (int candidate : best) {
            alternatives.add(new ScoredToken(candidate, logits[candidate] - normalizer, List.of()));
        }
        return new ScoredToken(token, logits[token] - normalizer, alternatives);
    }

    private static double logSumExp(float[] logits) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            maximum = Math.max(maximum, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            float below = logit - maximum;
            if (below > -40) { // lighter ones cannot be seen in the sum
                sum += Math.exp(below);
            }
        }
        return maximum + Math.log(sum);
    }

    /** The {@code count} tokens of the greatest logits, greatest first; for a small count. */
    static int[] likeliest(float[] logits, int count) {
        int[] best = new int[Math.min(count, logits.length)];
        int size = 0;
        for (int token = 0; token < logits.length && best.length > 0; token++) {
            if (size == best.length && logits[token] <= logits[best[size - 1]]) {
                continue;
            }
            int place = size < best.length ? size++ : size - 1;
            while (place > 0 && logits[best[place - 1]] < logits[token]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = token;
        }
        return best;
    }
}
