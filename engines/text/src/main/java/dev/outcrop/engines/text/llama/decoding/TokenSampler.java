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
 * <p>Costs one pass over the logits when greedy, else two and a heap of the tokens that have a chance: those within 30
 * temperatures of the likeliest, since all others together weigh less than a float can tell.
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
        float maximum = maximum(logits);
        if (settings.temperature() <= 0) {
            return firstOf(logits, maximum);
        }
        float floor = (float) (maximum - NEGLIGIBLE * settings.temperature());
        int count = 0;
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] >= floor) {
                scratch.tokens[count++] = token;
            }
        }
        return draw(logits, maximum, count);
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
        System.arraycopy(tokens, 0, scratch.tokens, 0, count);
        return draw(logits, logits[best], count);
    }

    private int draw(float[] logits, float maximum, int count) {
        if (count == 0) {
            throw new IllegalStateException("the model's logits are no numbers");
        }
        int[] tokens = scratch.tokens;
        float[] weights = scratch.weights;
        float total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = (float) Math.exp((logits[tokens[i]] - maximum) / settings.temperature());
            total += weights[i];
        }
        boolean truncates =
                (settings.topK() > 0 && settings.topK() < count) || settings.topP() < 1 || settings.minP() > 0;
        return truncates ? drawTruncated(count, total) : tokens[drawn(weights, 0, count, total)];
    }

    /** Pops the heaviest tokens off a heap to the end of the arrays until there are enough, and draws among them. */
    private int drawTruncated(int count, float total) {
        int[] tokens = scratch.tokens;
        float[] weights = scratch.weights;
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(tokens, weights, i, count);
        }
        int topK = settings.topK() > 0 ? Math.min(settings.topK(), count) : count;
        float mass = total;
        if (topK < count && settings.topP() < 1) {
            // The nucleus is measured on what top-k has left.
            mass = 0;
            int left = pop(count, topK, Float.POSITIVE_INFINITY);
            for (int i = left; i < count; i++) {
                mass += weights[i];
            }
            int kept = count;
            float sum = 0;
            while (kept > left
                    && (kept == count || sum < settings.topP() * mass)
                    && heavyEnough(weights[kept - 1], count)) {
                sum += weights[--kept];
            }
            return tokens[drawn(weights, kept, count, sum)];
        }
        int left = pop(count, topK, settings.topP() < 1 ? (float) (settings.topP() * mass) : Float.POSITIVE_INFINITY);
        float sum = 0;
        for (int i = left; i < count; i++) {
            sum += weights[i];
        }
        return tokens[drawn(weights, left, count, sum)];
    }

    /** Moves up to {@code limit} tokens to the end until they weigh {@code enough}; returns where they begin. */
    private int pop(int count, int limit, float enough) {
        int[] tokens = scratch.tokens;
        float[] weights = scratch.weights;
        int left = count;
        float sum = 0;
        while (left > 0 && count - left < limit && (left == count || sum < enough)) {
            if (left < count && !heavyEnough(weights[0], count)) {
                break;
            }
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

    private boolean heavyEnough(float weight, int count) {
        return weight >= settings.minP() * scratch.weights[count - 1];
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

    private static float maximum(float[] logits) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            maximum = Math.max(maximum, logit); // a plain loop: the compiler makes vector instructions of it
        }
        return maximum;
    }

    private static int firstOf(float[] logits, float value) {
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] == value) {
                return token;
            }
        }
        throw new IllegalStateException("the model's logits are no numbers");
    }
}
