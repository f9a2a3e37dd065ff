package dev.outcrop.engines.language.sentiment;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Multinomial logistic regression on hashed features by AdaGrad; a part of the features is left out each time a sentence
 * is shown, so that no single word decides.
 *
 * <p>Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods", 2011.
 */
final class LinearTraining {
    private static final int EPOCHS = 10;
    private static final double RATE = 0.1;
    private static final double LEFT_OUT = 0.3;
    private static final double DECAY = 3e-5;

    final float[][] weights = new float[SentimentModel.CLASSES][SentimentFeatures.SIZE];
    final float[] biases = new float[SentimentModel.CLASSES];

    LinearTraining(List<int[]> features, int[] labels, float[] counts, long seed) {
        float[][] squares = new float[SentimentModel.CLASSES][SentimentFeatures.SIZE];
        float[] biasSquares = new float[SentimentModel.CLASSES];
        Random random = new Random(seed);
        int[] order = new int[features.size()];
        Arrays.setAll(order, i -> i);
        int[] kept = new int[10_000];
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int i = order.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[other];
                order[other] = swapped;
            }
            for (int index : order) {
                int count = 0;
                for (int feature : features.get(index)) {
                    if (random.nextDouble() >= LEFT_OUT) {
                        kept[count++] = feature;
                    }
                }
                double scale = SentimentModel.FEATURE_SCALE / Math.sqrt(Math.max(1, count));
                double[] logits = new double[SentimentModel.CLASSES];
                for (int i = 0; i < logits.length; i++) {
                    float sum = 0;
                    for (int k = 0; k < count; k++) {
                        sum += weights[i][kept[k]];
                    }
                    logits[i] = sum * scale + biases[i];
                }
                double[] probabilities = SentimentModel.softmax(logits);
                for (int i = 0; i < logits.length; i++) {
                    double error = (probabilities[i] - (labels[index] == i ? 1 : 0)) * counts[index];
                    biasSquares[i] += (float) (error * error);
                    biases[i] -= (float) (RATE * error / Math.sqrt(biasSquares[i] + 1));
                    for (int k = 0; k < count; k++) {
                        int place = kept[k];
                        double gradient = error * scale + DECAY * weights[i][place];
                        squares[i][place] += (float) (gradient * gradient);
                        weights[i][place] -= (float) (RATE * gradient / Math.sqrt(squares[i][place] + 1));
                    }
                }
            }
        }
    }
}
