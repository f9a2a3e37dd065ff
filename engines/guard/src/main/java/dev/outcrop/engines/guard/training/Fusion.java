package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.guard.TextClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fits how much the linear classifier and the networks count, by logistic regression on judgements of unseen texts. */
final class Fusion {
    private static final int STEPS = 600;
    private static final double RATE = 0.5;

    private Fusion() {}

    /** As {@link TextClassifier#fusion} says. */
    static float[] fit(List<Example> examples, double[][] linear, double[][] network, int output) {
        double[] both = fit(examples, linear, network, output, true);
        double[] alone = fit(examples, linear, network, output, false);
        return new float[] {(float) both[0], (float) both[1], (float) both[2], (float) alone[0], (float) alone[2]};
    }

    private static double[] fit(
            List<Example> examples, double[][] linear, double[][] network, int output, boolean networks) {
        double[] weights = {0.5, networks ? 0.5 : 0, 0};
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = new double[3];
            double total = 0;
            for (int i = 0; i < examples.size(); i++) {
                int label = examples.get(i).labels()[output];
                if (label < 0) {
                    continue;
                }
                double weight = examples.get(i).weight();
                double logit = weights[0] * linear[i][output] + weights[1] * network[i][output] + weights[2];
                double error = (1 / (1 + Math.exp(-logit)) - label) * weight;
                gradient[0] += error * linear[i][output];
                gradient[1] += networks ? error * network[i][output] : 0;
                gradient[2] += error;
                total += weight;
            }
            for (int i = 0; i < 3; i++) {
                weights[i] -= RATE * gradient[i] / total;
            }
        }
        return weights;
    }

    /** Prints what is caught and what is stopped for nothing, kind by kind, at some thresholds. */
    static void report(List<Example> examples, double[][] linear, double[][] network, float[][] fusion) {
        System.out.println("fusion " + Arrays.deepToString(fusion));
        TextClassifier weigher = new TextClassifier(new byte[0][], new float[0], new float[0], List.of(), fusion);
        for (int output : new int[] {TextClassifier.ANY_HARM, TextClassifier.ATTACK}) {
            for (float kind : new float[] {2, 1.2f, 0.6f, 1.4f, 0.5f}) {
                for (String how : List.of("both", "linear")) {
                    List<Double> good = new ArrayList<>();
                    List<Double> bad = new ArrayList<>();
                    for (int i = 0; i < examples.size(); i++) {
                        Example example = examples.get(i);
                        if (example.weight() == kind && example.labels()[output] >= 0) {
                            double logit = how.equals("both")
                                    ? weigher.fused(linear[i], network[i])[output]
                                    : weigher.alone(linear[i])[output];
                            (example.labels()[output] == 1 ? bad : good).add(logit);
                        }
                    }
                    System.out.printf(
                            "output %d weight %.1f %s: %d good, %d bad;", output, kind, how, good.size(), bad.size());
                    for (double threshold : new double[] {-2, -1.5, -1, -0.5, 0, 0.5, 1, 2}) {
                        System.out.printf(" %.1f: %.1f/%.1f", threshold, share(good, threshold), share(bad, threshold));
                    }
                    System.out.println();
                }
            }
        }
    }

    private static double share(List<Double> logits, double threshold) {
        return 100.0 * logits.stream().filter(logit -> logit >= threshold).count() / Math.max(1, logits.size());
    }
}
