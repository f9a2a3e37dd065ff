package dev.outcrop.engines.learning;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Logistic regression over sparse vectors: multinomial where classes exclude each other, else one binomial a class. Trained
 * by stochastic gradients with a rate of its own for each weight; the order of examples is drawn from a fixed seed, so that
 * the same examples give the same weights.
 *
 * <p>Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011.
 * An epoch costs O(values of all examples × classes).
 */
final class LogisticRegression {
    private static final int SEED = 7;
    private static final float RATE = 0.05f;
    private static final float NEGLIGIBLE = 1e-4f;
    private static final float DECAY = 1e-4f;
    private static final int MOST_WEIGHTS = 64 << 20;

    private final boolean exclusive;
    private final int classes;
    private final float[] weights;
    private final float[] biases;

    private LogisticRegression(boolean exclusive, int classes, float[] weights, float[] biases) {
        this.exclusive = exclusive;
        this.classes = classes;
        this.weights = weights;
        this.biases = biases;
    }

    /** How many features there may be with so many classes. */
    static int mostFeatures(int classes) {
        return Math.min(NGrams.PLACES, MOST_WEIGHTS / classes);
    }

    /**
     * Trains.
     *
     * @param exclusive whether each example is of exactly one class
     * @param wanted    the classes of each example
     */
    static LogisticRegression train(
            boolean exclusive,
            int classes,
            int features,
            List<SparseVector> examples,
            List<int[]> wanted,
            int epochs,
            Progress progress) {
        LogisticRegression model =
                new LogisticRegression(exclusive, classes, new float[features * classes], new float[classes]);
        float[] squares = new float[features * classes];
        float[] biasSquares = new float[classes];
        Arrays.fill(squares, 0.01f);
        Arrays.fill(biasSquares, 1);
        int[] order = new int[examples.size()];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(SEED);
        float[] gradient = new float[classes];
        for (int epoch = 0; epoch < epochs; epoch++) {
            shuffle(order, random);
            for (int i = 0; i < order.length; i++) {
                if (i % 512 == 0) {
                    progress.at((epoch + (double) i / order.length) / epochs);
                }
                SparseVector example = examples.get(order[i]);
                model.probabilities(example, gradient);
                for (int right : wanted.get(order[i])) {
                    gradient[right]--;
                }
                model.descend(example, gradient, squares, biasSquares);
            }
        }
        progress.at(1);
        return model;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    private void descend(SparseVector example, float[] gradient, float[] squares, float[] biasSquares) {
        int[] active = new int[classes];
        int count = 0;
        for (int c = 0; c < classes; c++) {
            if (Math.abs(gradient[c]) > NEGLIGIBLE) {
                active[count++] = c;
                biasSquares[c] += gradient[c] * gradient[c];
                biases[c] -= RATE * gradient[c] / (float) Math.sqrt(biasSquares[c]);
            }
        }
        int[] indexes = example.indexes();
        for (int i = 0; i < indexes.length; i++) {
            float value = example.values()[i];
            int row = indexes[i] * classes;
            for (int a = 0; a < count; a++) {
                int at = row + active[a];
                float slope = gradient[active[a]] * value + DECAY * weights[at];
                squares[at] += slope * slope;
                weights[at] -= RATE * slope / (float) Math.sqrt(squares[at]);
            }
        }
    }

    /** How probable each class is. */
    float[] probabilities(SparseVector vector) {
        float[] probabilities = new float[classes];
        probabilities(vector, probabilities);
        return probabilities;
    }

    private void probabilities(SparseVector vector, float[] into) {
        System.arraycopy(biases, 0, into, 0, classes);
        int[] indexes = vector.indexes();
        for (int i = 0; i < indexes.length; i++) {
            float value = vector.values()[i];
            int row = indexes[i] * classes;
            for (int c = 0; c < classes; c++) {
                into[c] += value * weights[row + c];
            }
        }
        if (!exclusive) {
            for (int c = 0; c < classes; c++) {
                into[c] = (float) (1 / (1 + Math.exp(-into[c])));
            }
            return;
        }
        float most = into[0];
        for (float logit : into) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            into[c] = (float) Math.exp(into[c] - most);
            sum += into[c];
        }
        for (int c = 0; c < classes; c++) {
            into[c] /= (float) sum;
        }
    }

    void write(DataOutputStream out) throws IOException {
        for (float bias : biases) {
            out.writeFloat(bias);
        }
        for (float weight : weights) {
            // Eight bits of fraction are enough, and half the size.
            out.writeShort(Float.floatToFloat16(weight));
        }
    }

    static LogisticRegression read(DataInputStream in, boolean exclusive, int classes, int features)
            throws IOException {
        if ((long) features * classes > MOST_WEIGHTS) {
            throw new DamagedModelException("a model has at most " + MOST_WEIGHTS + " weights");
        }
        float[] biases = new float[classes];
        for (int c = 0; c < classes; c++) {
            biases[c] = in.readFloat();
        }
        float[] weights = new float[features * classes];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Float.float16ToFloat(in.readShort());
        }
        return new LogisticRegression(exclusive, classes, weights, biases);
    }
}
