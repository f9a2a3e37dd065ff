package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.guard.TextClassifier;
import dev.outcrop.engines.guard.TextFeatures;
import java.util.List;
import java.util.Random;

/**
 * Logistic regression on hashed features, all outputs at once, by AdaGrad with a shrinking of what is seldom seen: a part
 * of the features is left out each time an example is shown, so that no single word decides.
 *
 * <p>Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods", 2011.
 */
final class LinearTraining {
    private static final int EPOCHS = 8;
    private static final double RATE = 0.12;
    private static final double LEFT_OUT = 0.35;
    private static final double DECAY = 2e-5;

    final float[][] weights = new float[TextClassifier.OUTPUTS][TextFeatures.SIZE];
    final float[] biases = new float[TextClassifier.OUTPUTS];

    LinearTraining(List<Example> examples, List<int[]> features, long seed) {
        float[][] squares = new float[TextClassifier.OUTPUTS][TextFeatures.SIZE];
        float[] biasSquares = new float[TextClassifier.OUTPUTS];
        Random random = new Random(seed);
        int[] order = Shuffle.order(examples.size());
        int[] kept = new int[70_000];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Shuffle.shuffle(order, random);
            for (int index : order) {
                Example example = examples.get(index);
                int count = 0;
                for (int feature : features.get(index)) {
                    if (random.nextDouble() >= LEFT_OUT) {
                        kept[count++] = feature;
                    }
                }
                double scale = TextClassifier.FEATURE_SCALE / Math.sqrt(Math.max(1, count));
                for (int output = 0; output < TextClassifier.OUTPUTS; output++) {
                    if (example.labels()[output] < 0) {
                        continue;
                    }
                    float[] row = weights[output];
                    double logit = 0;
                    for (int i = 0; i < count; i++) {
                        logit += row[kept[i]];
                    }
                    logit = logit * scale + biases[output];
                    double error = (1 / (1 + Math.exp(-logit)) - example.labels()[output]) * example.weight();
                    biasSquares[output] += (float) (error * error);
                    biases[output] -= (float) (RATE * error / Math.sqrt(biasSquares[output] + 1));
                    float[] square = squares[output];
                    for (int i = 0; i < count; i++) {
                        int place = kept[i];
                        double gradient = error * scale + DECAY * row[place];
                        square[place] += (float) (gradient * gradient);
                        row[place] -= (float) (RATE * gradient / Math.sqrt(square[place] + 1));
                    }
                }
            }
        }
    }
}
