package dev.outcrop.engines.language.sentiment;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Trains a {@link SentenceNetwork} by Adam with decoupled decay; parts of what the output sees are dropped at random.
 *
 * <p>Sources: Kingma and Ba, "Adam", 2015; Srivastava et al., "Dropout", 2014.
 */
final class NetworkTraining {
    private static final int WIDTHS = 3;
    private static final int FILTERS = 40;
    private static final int BATCH = 32;
    private static final float RATE = 0.001f;
    private static final float DECAY = 0.02f;
    private static final float DROPPED = 0.5f;
    private static final float DOUBT = 0.05f;

    private final Random random;
    private final Parameters[][] filters = new Parameters[WIDTHS][FILTERS];
    private final Parameters[] filterBiases = new Parameters[WIDTHS];
    private final Parameters[] output = new Parameters[SentimentModel.CLASSES];
    private final Parameters outputBias;
    private int steps;

    /** Values with what Adam remembers of them. */
    private static final class Parameters {
        private final float[] values;
        private final float[] gradients;
        private final float[] means;
        private final float[] squares;

        Parameters(int size, double spread, Random random) {
            values = new float[size];
            gradients = new float[size];
            means = new float[size];
            squares = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (random.nextGaussian() * spread);
            }
        }

        void step(float rate, float decay, float first, float second) {
            for (int i = 0; i < values.length; i++) {
                float gradient = gradients[i] / BATCH;
                gradients[i] = 0;
                means[i] = 0.9f * means[i] + 0.1f * gradient;
                squares[i] = 0.999f * squares[i] + 0.001f * gradient * gradient;
                values[i] -= rate
                        * (means[i] / first / ((float) Math.sqrt(squares[i] / second) + 1e-8f) + decay * values[i]);
            }
        }
    }

    private NetworkTraining(int dimension, long seed) {
        random = new Random(seed);
        for (int width = 0; width < WIDTHS; width++) {
            for (int filter = 0; filter < FILTERS; filter++) {
                filters[width][filter] = new Parameters((width + 1) * dimension, 0.6 / Math.sqrt(width + 1.0), random);
            }
            filterBiases[width] = new Parameters(FILTERS, 0, random);
        }
        for (int i = 0; i < output.length; i++) {
            output[i] = new Parameters(WIDTHS * FILTERS + dimension, 0.05, random);
        }
        outputBias = new Parameters(SentimentModel.CLASSES, 0, random);
    }

    /**
     * A network trained on sentences.
     *
     * @param labels  the class of each sentence
     * @param weights how much each counts
     */
    static SentenceNetwork train(List<float[][]> sentences, int[] labels, float[] weights, int epochs, long seed) {
        NetworkTraining training = new NetworkTraining(sentences.getFirst()[0].length, seed);
        int[] order = new int[sentences.size()];
        Arrays.setAll(order, i -> i);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int i = order.length - 1; i > 0; i--) {
                int other = training.random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[other];
                order[other] = swapped;
            }
            float rate = RATE * (1 - (float) epoch / epochs);
            SentenceNetwork network = training.network();
            int waiting = 0;
            for (int index : order) {
                training.show(network, sentences.get(index), labels[index], weights[index]);
                waiting++;
                if (waiting == BATCH) {
                    training.step(rate);
                    waiting = 0;
                }
            }
        }
        return training.network();
    }

    private void show(SentenceNetwork network, float[][] tokens, int label, float weight) {
        SentenceNetwork.Seen seen = network.see(tokens);
        float[] values = seen.values();
        boolean[] kept = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            kept[i] = random.nextFloat() >= DROPPED;
            values[i] = kept[i] ? values[i] / (1 - DROPPED) : 0;
        }
        double[] logits = new double[output.length];
        for (int i = 0; i < output.length; i++) {
            logits[i] = SentenceNetwork.dot(output[i].values, 0, values, values.length) + outputBias.values[i];
        }
        double[] probabilities = SentimentModel.softmax(logits);
        float[] back = new float[seen.places().length];
        for (int i = 0; i < output.length; i++) {
            double wanted = i == label ? 1 - DOUBT : DOUBT / (output.length - 1);
            float error = (float) (probabilities[i] - wanted) * weight;
            outputBias.gradients[i] += error;
            for (int at = 0; at < values.length; at++) {
                output[i].gradients[at] += error * values[at];
            }
            for (int at = 0; at < back.length; at++) {
                back[at] += error * output[i].values[at];
            }
        }
        for (int at = 0; at < back.length; at++) {
            int place = seen.places()[at];
            if (kept[at] && place >= 0) {
                int width = at / FILTERS;
                float error = back[at] / (1 - DROPPED);
                filterBiases[width].gradients[at % FILTERS] += error;
                float[] gradients = filters[width][at % FILTERS].gradients;
                int dimension = tokens[0].length;
                for (int k = 0; k <= width; k++) {
                    float[] token = tokens[place + k];
                    for (int i = 0; i < dimension; i++) {
                        gradients[k * dimension + i] += error * token[i];
                    }
                }
            }
        }
    }

    private void step(float rate) {
        steps++;
        float first = 1 - (float) Math.pow(0.9, steps);
        float second = 1 - (float) Math.pow(0.999, steps);
        for (int width = 0; width < WIDTHS; width++) {
            for (Parameters filter : filters[width]) {
                filter.step(rate, DECAY, first, second);
            }
            filterBiases[width].step(rate, 0, first, second);
        }
        for (Parameters row : output) {
            row.step(rate, DECAY, first, second);
        }
        outputBias.step(rate, 0, first, second);
    }

    /** The network as it is; shares its values with this training. */
    private SentenceNetwork network() {
        float[][][] shared = new float[WIDTHS][FILTERS][];
        float[][] biases = new float[WIDTHS][];
        for (int width = 0; width < WIDTHS; width++) {
            for (int filter = 0; filter < FILTERS; filter++) {
                shared[width][filter] = filters[width][filter].values;
            }
            biases[width] = filterBiases[width].values;
        }
        float[][] rows = new float[output.length][];
        Arrays.setAll(rows, i -> output[i].values);
        return new SentenceNetwork(shared, biases, rows, outputBias.values);
    }
}
