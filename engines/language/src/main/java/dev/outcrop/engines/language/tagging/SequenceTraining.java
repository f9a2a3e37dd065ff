package dev.outcrop.engines.language.tagging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Trains a {@link SequenceTagger} by a structured perceptron whose weights are averaged, also over runs that see the examples
 * in other orders, since one run alone hangs on its order; what is right must win by a margin. The same examples give the
 * same bytes.
 *
 * <p>Source: Collins, "Discriminative Training Methods for Hidden Markov Models", 2002.
 */
public final class SequenceTraining {
    private static final List<Float> SHARPNESSES = List.of(0.1f, 0.15f, 0.2f, 0.25f, 0.3f, 0.4f, 0.5f, 0.7f, 1f);

    private static final int RUNS = 4;

    /** The largest weights are cut, so that eight bits resolve the others better. */
    private static final float LARGEST = 12;

    private final int tags;
    private final float[] weights;
    private final double[] sums;
    private final float[][] transitions;
    private final double[][] transitionSums;
    private final float[] average;
    private final float[][] averageTransitions;
    private int shown;

    /** A text's tokens with their tags. */
    public record Example(List<String> tokens, int[] tags) {}

    /** A training of a tagger with so many tags. */
    public SequenceTraining(int tags) {
        this.tags = tags;
        weights = new float[WordFeatures.SIZE * tags];
        sums = new double[WordFeatures.SIZE * tags];
        transitions = new float[tags + 1][tags];
        transitionSums = new double[tags + 1][tags];
        average = new float[weights.length];
        averageTransitions = new float[tags + 1][tags];
    }

    /**
     * Shows all examples so many times in each run, in random order.
     *
     * @param calibration examples not trained on, by which scores become probabilities
     * @param changed     what may be done to an example before it is shown, at random
     */
    public SequenceTagger train(
            List<Example> examples, List<Example> calibration, int epochs, UnaryOperator<Example> changed) {
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(3 + run);
            List<Example> order = new ArrayList<>(examples);
            for (int epoch = 0; epoch < epochs; epoch++) {
                Collections.shuffle(order, random);
                int wrong = 0;
                for (Example example : order) {
                    if (!example.tokens().isEmpty()) {
                        wrong += show(changed.apply(example)) ? 1 : 0;
                    }
                }
                System.out.println("run " + run + ", epoch " + epoch + ": " + wrong + " sentences wrong");
            }
            endRun();
        }
        return calibrated(calibration);
    }

    /** Adds the mean weights of a run to those of all, and forgets what it learned. */
    private void endRun() {
        for (int i = 0; i < weights.length; i++) {
            average[i] += (float) (weights[i] - sums[i] / (shown + 1)) / RUNS;
        }
        for (int from = 0; from < transitions.length; from++) {
            for (int to = 0; to < tags; to++) {
                averageTransitions[from][to] +=
                        (float) (transitions[from][to] - transitionSums[from][to] / (shown + 1)) / RUNS;
            }
            Arrays.fill(transitions[from], 0);
            Arrays.fill(transitionSums[from], 0);
        }
        Arrays.fill(weights, 0);
        Arrays.fill(sums, 0);
        shown = 0;
    }

    private boolean show(Example example) {
        shown++;
        int[] wanted = example.tags();
        WordFeatures features = new WordFeatures(example.tokens());
        int count = wanted.length;
        int[][] places = new int[count][];
        float[][] scores = new float[count][tags];
        for (int token = 0; token < count; token++) {
            places[token] = Arrays.copyOf(features.of(token), features.size());
            for (int place : places[token]) {
                int from = place * tags;
                for (int tag = 0; tag < tags; tag++) {
                    scores[token][tag] += weights[from + tag];
                }
            }
            // What is right must win by more than a little.
            for (int tag = 0; tag < tags; tag++) {
                scores[token][tag] += tag == wanted[token] ? 0 : 1;
            }
        }
        int[] found = SequenceTagger.best(scores, transitions);
        boolean wrong = false;
        for (int token = 0; token < count; token++) {
            int before = token == 0 ? tags : found[token - 1];
            int wantedBefore = token == 0 ? tags : wanted[token - 1];
            if (found[token] != wanted[token]) {
                wrong = true;
                for (int place : places[token]) {
                    change(place * tags + wanted[token], 1);
                    change(place * tags + found[token], -1);
                }
            }
            if (found[token] != wanted[token] || before != wantedBefore) {
                transitions[wantedBefore][wanted[token]]++;
                transitionSums[wantedBefore][wanted[token]] += shown;
                transitions[before][found[token]]--;
                transitionSums[before][found[token]] -= shown;
            }
        }
        return wrong;
    }

    private void change(int place, int by) {
        weights[place] += by;
        sums[place] += (double) by * shown;
    }

    private SequenceTagger calibrated(List<Example> calibration) {
        float largest = 0;
        for (float weight : average) {
            largest = Math.max(largest, Math.abs(weight));
        }
        float scale = Math.min(largest, LARGEST) / 127;
        byte[] bytes = new byte[average.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.clamp(Math.round(average[i] / scale), -127, 127);
        }
        SequenceTagger best = null;
        double least = Double.POSITIVE_INFINITY;
        for (float sharpness : SHARPNESSES) {
            SequenceTagger tagger = new SequenceTagger(tags, bytes, scale, sharpness, averageTransitions);
            double loss = 0;
            for (Example example : calibration) {
                SequenceTagger.Tagging tagging = tagger.tag(new WordFeatures(example.tokens()));
                for (int token = 0; token < example.tags().length; token++) {
                    double right = tagging.tags()[token] == example.tags()[token]
                            ? tagging.probabilities()[token]
                            : 1 - tagging.probabilities()[token];
                    loss -= Math.log(Math.max(1e-6, right));
                }
            }
            if (loss < least) {
                least = loss;
                best = tagger;
            }
        }
        return best;
    }
}
