package dev.outcrop.engines.text.llama.decoding;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Chooses a token by its logits: penalties, temperature, top-k, top-p, min-p and a draw, in this order, which is that of
 * Hugging Face Transformers.
 *
 * <p>Nucleus sampling: Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020. Min-p: Nguyen et al.,
 * "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs", 2024. Repetition penalty: Keskar et al.,
 * "CTRL", 2019, over prompt and answer; the others are OpenAI's, over the answer alone.
 *
 * <p>Costs one pass over the logits when greedy, else two and a heap of the tokens that have a chance: the top-k, or, where
 * there is no top-k, those within 30 temperatures of the likeliest, since all others together weigh less than a float can tell.
 */
final class TokenSampler {
    private static final float NEGLIGIBLE = 30;

    private final SamplingSettings settings;
    private final SplittableRandom random;
    private final Scratch scratch;
    private final Map<Integer, Integer> written = new HashMap<>();
    private final Set<Integer> inPrompt = new HashSet<>();

    /** Working space that samplers of one thread share. */
    static final class Scratch {
        final int[] tokens;
        final float[] weights;

        Scratch(int vocabularySize) {
            tokens = new int[vocabularySize];
            weights = new float[vocabularySize];
        }
    }

    TokenSampler(SamplingSettings settings, int[] prompt, Scratch scratch) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.scratch = scratch;
        if (settings.repetitionPenalty() != 1) {
            for (int token : prompt) {
                inPrompt.add(token);
            }
        }
    }

    /** Takes note of a token of the answer, for the penalties. */
    void accept(int token) {
        if (hasPenalties()) {
            written.merge(token, 1, Integer::sum);
        }
    }

    /** Whether {@link #penalize} changes logits. */
    boolean hasPenalties() {
        return settings.repetitionPenalty() != 1 || settings.frequencyPenalty() != 0 || settings.presencePenalty() != 0;
    }

    /** Lowers the logits of tokens that were used. */
    void penalize(float[] logits) {
        if (settings.repetitionPenalty() != 1) {
            inPrompt.forEach(token -> logits[token] = repeated(logits[token]));
        }
        written.forEach((token, times) -> {
            float logit = settings.repetitionPenalty() == 1 || inPrompt.contains(token)
                    ? logits[token]
                    : repeated(logits[token]);
            logits[token] = (float) (logit - times * settings.frequencyPenalty() - settings.presencePenalty());
        });
    }

    private float repeated(float logit) {
        return (float) (logit > 0 ? logit / settings.repetitionPenalty() : logit * settings.repetitionPenalty());
    }

    /** A token, by the logits of all. */
    int sample(float[] logits) {
        int likeliest = likeliest(logits);
        if (settings.temperature() <= 0) {
            return likeliest;
        }
        int count = 0;
        if (settings.topK() > 0 && settings.topK() < logits.length) {
            float least = Float.NEGATIVE_INFINITY;
            for (int token = 0; token < logits.length; token++) {
                if (logits[token] > least || count < settings.topK()) {
                    count = keepLargest(token, logits[token], count);
                    least = count < settings.topK() ? Float.NEGATIVE_INFINITY : -scratch.weights[0];
                }
            }
        } else {
            float floor = (float) (logits[likeliest] - NEGLIGIBLE * settings.temperature());
            for (int token = 0; token < logits.length; token++) {
                if (logits[token] >= floor) {
                    scratch.tokens[count++] = token;
                }
            }
        }
        return draw(logits, logits[likeliest], count);
    }

    /** A token out of those given, which are no more than there are logits. */
    int sampleAmong(float[] logits, int[] tokens, int count) {
        int best = tokens[0];
        for (int i = 1; i < count; i++) {
            if (logits[tokens[i]] > logits[best]) {
                best = tokens[i];
            }
        }
        if (settings.temperature() <= 0) {
            return best;
        }
        int kept = 0;
        if (settings.topK() > 0 && settings.topK() < count) {
            for (int i = 0; i < count; i++) {
                kept = keepLargest(tokens[i], logits[tokens[i]], kept);
            }
        } else {
            System.arraycopy(tokens, 0, scratch.tokens, 0, count);
            kept = count;
        }
        return draw(logits, logits[best], kept);
    }

    /** Takes a token among the top-k, a heap whose root has the least logit; returns how many there are now. */
    private int keepLargest(int token, float logit, int count) {
        int[] tokens = scratch.tokens;
        float[] negated = scratch.weights;
        if (count == settings.topK()) {
            if (-logit < negated[0]) {
                tokens[0] = token;
                negated[0] = -logit;
                sink(tokens, negated, 0, count);
            }
            return count;
        }
        tokens[count] = token;
        negated[count] = -logit;
        if (count + 1 == settings.topK()) {
            makeHeap(tokens, negated, count + 1);
        }
        return count + 1;
    }

    /** Draws among the first {@code count} tokens of the scratch. */
    private int draw(float[] logits, float maximum, int count) {
        int[] tokens = scratch.tokens;
        float[] weights = scratch.weights;
        float inverse = (float) Math.min(1 / settings.temperature(), Float.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            weights[i] = (logits[tokens[i]] - maximum) * inverse;
        }
        exponentiate(weights, count);
        float total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        if (settings.topP() >= 1 && settings.minP() <= 0) {
            return tokens[drawn(weights, 0, count, total)];
        }
        // The likeliest weighs 1. What is lighter than an equal share of the mass outside the nucleus is outside it.
        float outside = (float) ((1 - Math.min(1, settings.topP())) * total / count);
        int candidates = keepHeavier(Math.max(outside, (float) settings.minP()), count);
        int left = 0;
        if (settings.topP() < 1) {
            makeHeap(tokens, weights, candidates);
            left = pop(candidates, (float) (settings.topP() * total));
        }
        float nucleus = 0;
        for (int i = left; i < candidates; i++) {
            nucleus += weights[i];
        }
        return tokens[drawn(weights, left, candidates, nucleus)];
    }

    /**
     * e to the power of each of the first {@code count} values, none above 0, to six digits: as powers of two, of the whole
     * part by the exponent's bits, of the fraction by Taylor's series.
     */
    private static void exponentiate(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            float power = Math.max(values[i], -80) * 1.442695f;
            int whole = (int) (power - 0.5f);
            float rest = (power - whole) * 0.6931472f;
            float series = rest / 720 + 1 / 120f;
            series = rest * series + 1 / 24f;
            series = rest * series + 1 / 6f;
            series = rest * series + 1 / 2f;
            series = rest * series + 1;
            series = rest * series + 1;
            values[i] = series * Float.intBitsToFloat((whole + 127) << 23);
        }
    }

    private int keepHeavier(float lightest, int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (scratch.weights[i] >= lightest) {
                scratch.tokens[kept] = scratch.tokens[i];
                scratch.weights[kept++] = scratch.weights[i];
            }
        }
        return kept;
    }

    private static void makeHeap(int[] tokens, float[] weights, int count) {
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(tokens, weights, i, count);
        }
    }

    /** Pops the heaviest tokens off a heap to the end until they weigh {@code enough}; returns where they begin. */
    private int pop(int count, float enough) {
        int[] tokens = scratch.tokens;
        float[] weights = scratch.weights;
        int left = count;
        float sum = 0;
        while (left > 0 && (left == count || sum < enough)) {
            left--;
            int token = tokens[0];
            float weight = weights[0];
            tokens[0] = tokens[left];
            weights[0] = weights[left];
            tokens[left] = token;
            weights[left] = weight;
            sum += weight;
            sink(tokens, weights, 0, left);
        }
        return left;
    }

    private static void sink(int[] tokens, float[] weights, int start, int size) {
        int parent = start;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && weights[child + 1] > weights[child]) {
                child++;
            }
            if (weights[parent] >= weights[child]) {
                return;
            }
            int token = tokens[parent];
            float weight = weights[parent];
            tokens[parent] = tokens[child];
            weights[parent] = weights[child];
            tokens[child] = token;
            weights[child] = weight;
            parent = child;
        }
    }

    private int drawn(float[] weights, int from, int to, float total) {
        double target = random.nextDouble() * total;
        for (int i = from; i < to; i++) {
            target -= weights[i];
            if (target < 0) {
                return i;
            }
        }
        return to - 1; // rounding
    }

    /** The first of those with the largest logit. */
    private static int likeliest(float[] logits) {
        int likeliest = -1;
        float maximum = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] > maximum) { // cheaper than Math.max, which minds NaN and zeros: it is the same to us
                maximum = logits[token];
                likeliest = token;
            }
        }
        if (likeliest < 0) {
            throw new IllegalStateException("the model's logits are no numbers");
        }
        return likeliest;
    }
}
