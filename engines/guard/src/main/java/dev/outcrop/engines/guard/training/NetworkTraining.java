package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.guard.TextClassifier;
import dev.outcrop.engines.guard.TextClassifier.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A network with one hidden layer on embeddings, by Adam with decoupled decay; hidden units are dropped at random, and
 * embeddings are shaken a little.
 *
 * <p>Sources: Kingma and Ba, "Adam", 2015; Srivastava et al., "Dropout", 2014.
 */
final class NetworkTraining {
    private static final int UNITS = 96;
    private static final int EPOCHS = 16;
    private static final int BATCH = 32;
    private static final float RATE = 0.002f;
    private static final float DECAY = 0.006f;
    private static final float DROPPED = 0.3f;
    private static final float SHAKE = 0.012f;

    private final int inputs;
    private final Random random;
    private final float[] values;
    private final float[] gradients;
    private final float[] means;
    private final float[] squares;
    private int steps;

    private NetworkTraining(int inputs, long seed) {
        this.inputs = inputs;
        random = new Random(seed);
        int size = UNITS * (inputs + 1) + TextClassifier.OUTPUTS * (UNITS + 1);
        values = new float[size];
        gradients = new float[size];
        means = new float[size];
        squares = new float[size];
        for (int i = 0; i < UNITS * inputs; i++) {
            values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0));
        }
        for (int i = 0; i < TextClassifier.OUTPUTS * UNITS; i++) {
            values[UNITS * (inputs + 1) + i] = (float) (random.nextGaussian() * Math.sqrt(1.0 / UNITS));
        }
    }

    static Network train(List<Example> examples, List<float[]> embeddings, long seed) {
        NetworkTraining training = new NetworkTraining(embeddings.getFirst().length, seed);
        int[] order = Shuffle.order(examples.size());
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Shuffle.shuffle(order, training.random);
            float rate = RATE * (1 - (float) epoch / EPOCHS);
            int waiting = 0;
            for (int index : order) {
                training.show(examples.get(index), embeddings.get(index));
                waiting++;
                if (waiting == BATCH) {
                    training.step(rate, BATCH);
                    waiting = 0;
                }
            }
        }
        return training.network();
    }

    private void show(Example example, float[] embedding) {
        float[] input = embedding.clone();
        for (int i = 0; i < inputs; i++) {
            input[i] += SHAKE * (random.nextFloat() * 2 - 1);
        }
        int hiddenBias = UNITS * inputs;
        int output = hiddenBias + UNITS;
        int outputBias = output + TextClassifier.OUTPUTS * UNITS;
        // Weights stand input by input, so that the inner loops run over units and become vector instructions.
        float[] units = Arrays.copyOfRange(values, hiddenBias, hiddenBias + UNITS);
        for (int i = 0; i < inputs; i++) {
            float value = input[i];
            int from = i * UNITS;
            for (int unit = 0; unit < UNITS; unit++) {
                units[unit] += values[from + unit] * value;
            }
        }
        for (int unit = 0; unit < UNITS; unit++) {
            units[unit] = random.nextFloat() < DROPPED ? 0 : Math.max(0, units[unit]) / (1 - DROPPED);
        }
        float[] back = new float[UNITS];
        for (int o = 0; o < TextClassifier.OUTPUTS; o++) {
            if (example.labels()[o] < 0) {
                continue;
            }
            float logit = values[outputBias + o];
            int from = output + o * UNITS;
            for (int unit = 0; unit < UNITS; unit++) {
                logit += values[from + unit] * units[unit];
            }
            // A little doubt about every label keeps the logits small where there is little to go by.
            float wanted = example.labels()[o] == 1 ? 0.98f : 0.01f;
            float error = (float) (1 / (1 + Math.exp(-logit)) - wanted) * example.weight();
            gradients[outputBias + o] += error;
            for (int unit = 0; unit < UNITS; unit++) {
                gradients[from + unit] += error * units[unit];
                back[unit] += error * values[from + unit];
            }
        }
        for (int unit = 0; unit < UNITS; unit++) {
            back[unit] = units[unit] > 0 ? back[unit] / (1 - DROPPED) : 0;
            gradients[hiddenBias + unit] += back[unit];
        }
        for (int i = 0; i < inputs; i++) {
            float value = input[i];
            int from = i * UNITS;
            for (int unit = 0; unit < UNITS; unit++) {
                gradients[from + unit] += back[unit] * value;
            }
        }
    }

    private void step(float rate, int shown) {
        steps++;
        float first = 1 - (float) Math.pow(0.9, steps);
        float second = 1 - (float) Math.pow(0.999, steps);
        for (int i = 0; i < values.length; i++) {
            float gradient = gradients[i] / shown;
            gradients[i] = 0;
            means[i] = 0.9f * means[i] + 0.1f * gradient;
            squares[i] = 0.999f * squares[i] + 0.001f * gradient * gradient;
            values[i] -=
                    rate * (means[i] / first / ((float) Math.sqrt(squares[i] / second) + 1e-8f) + DECAY * values[i]);
        }
    }

    private Network network() {
        float[][] hidden = new float[UNITS][inputs];
        float[] hiddenBias = new float[UNITS];
        float[][] output = new float[TextClassifier.OUTPUTS][UNITS];
        float[] outputBias = new float[TextClassifier.OUTPUTS];
        for (int unit = 0; unit < UNITS; unit++) {
            for (int i = 0; i < inputs; i++) {
                hidden[unit][i] = values[i * UNITS + unit];
            }
        }
        System.arraycopy(values, UNITS * inputs, hiddenBias, 0, UNITS);
        for (int o = 0; o < TextClassifier.OUTPUTS; o++) {
            System.arraycopy(values, UNITS * (inputs + 1) + o * UNITS, output[o], 0, UNITS);
        }
        System.arraycopy(
                values, UNITS * (inputs + 1) + TextClassifier.OUTPUTS * UNITS, outputBias, 0, TextClassifier.OUTPUTS);
        return new Network(hidden, hiddenBias, output, outputBias);
    }
}
