package dev.outcrop.engines.language.sentiment;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a sentence feels like, by two opinions: a linear classifier on {@link SentimentFeatures} and the mean of some {@link
 * SentenceNetwork}s on token vectors. Each class's logit is a weighted sum of all logits of both.
 *
 * @param linear   8-bit weights, {@code [class][place]}
 * @param scales   what a unit of {@code linear} is, a class
 * @param biases   of the linear classifier, a class
 * @param fusion   of each class, the weights of the linear logits, the weights of the networks', and a bias
 */
public record SentimentModel(
        byte[][] linear, float[] scales, float[] biases, List<SentenceNetwork> networks, float[][] fusion) {
    /** The classes, in the order of all rows here: positive, negative, neutral. */
    public static final int CLASSES = 3;

    /** What both opinions say of a sentence, and one for the bias. */
    static final int OPINIONS = 2 * CLASSES + 1;

    /** Where positive stands. */
    public static final int POSITIVE = 0;

    /** Where negative stands. */
    public static final int NEGATIVE = 1;

    /** Where neutral stands. */
    public static final int NEUTRAL = 2;

    /** The weight of each feature is this over the root of their number. */
    static final double FEATURE_SCALE = 8;

    private static final class Holder {
        private static final SentimentModel SHIPPED = readShipped();
    }

    /** The model that ships, for English; read when it is first asked for. */
    public static SentimentModel shipped() {
        return Holder.SHIPPED;
    }

    /** The linear classifier's logits. */
    public double[] linearLogits(int[] features) {
        double scale = FEATURE_SCALE / Math.sqrt(Math.max(1, features.length));
        double[] logits = new double[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            int sum = 0;
            for (int feature : features) {
                sum += linear[i][feature];
            }
            logits[i] = sum * scales[i] * scale + biases[i];
        }
        return logits;
    }

    /** The networks' mean logits. */
    public double[] networkLogits(float[][] tokens) {
        double[] logits = new double[CLASSES];
        for (SentenceNetwork network : networks) {
            float[] one = network.logits(tokens);
            for (int i = 0; i < CLASSES; i++) {
                logits[i] += one[i] / networks.size();
            }
        }
        return logits;
    }

    /** The probabilities of the classes by both. */
    public double[] probabilities(double[] linearLogits, double[] networkLogits) {
        double[] logits = new double[CLASSES];
        double[] opinions = opinions(linearLogits, networkLogits);
        for (int i = 0; i < CLASSES; i++) {
            for (int opinion = 0; opinion < OPINIONS; opinion++) {
                logits[i] += fusion[i][opinion] * opinions[opinion];
            }
        }
        return softmax(logits);
    }

    static double[] opinions(double[] linearLogits, double[] networkLogits) {
        double[] opinions = new double[OPINIONS];
        System.arraycopy(linearLogits, 0, opinions, 0, CLASSES);
        System.arraycopy(networkLogits, 0, opinions, CLASSES, CLASSES);
        opinions[2 * CLASSES] = 1;
        return opinions;
    }

    /** Logits as probabilities. */
    public static double[] softmax(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - largest);
            sum += probabilities[i];
        }
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** Writes the weights as {@link #shipped} reads them. */
    public void write(OutputStream stream) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(stream))) {
            for (int i = 0; i < CLASSES; i++) {
                out.write(linear[i]);
                out.writeFloat(scales[i]);
                out.writeFloat(biases[i]);
            }
            for (float[] row : fusion) {
                for (float value : row) {
                    out.writeFloat(value);
                }
            }
            out.writeInt(networks.size());
            for (SentenceNetwork network : networks) {
                network.write(out);
            }
        }
    }

    private static SentimentModel readShipped() {
        try (InputStream resource = SentimentModel.class.getResourceAsStream("sentiment.bin.gz");
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(resource)))) {
            byte[][] linear = new byte[CLASSES][SentimentFeatures.SIZE];
            float[] scales = new float[CLASSES];
            float[] biases = new float[CLASSES];
            for (int i = 0; i < CLASSES; i++) {
                in.readFully(linear[i]);
                scales[i] = in.readFloat();
                biases[i] = in.readFloat();
            }
            float[][] fusion = new float[CLASSES][OPINIONS];
            for (float[] row : fusion) {
                for (int opinion = 0; opinion < OPINIONS; opinion++) {
                    row[opinion] = in.readFloat();
                }
            }
            SentenceNetwork[] networks = new SentenceNetwork[in.readInt()];
            for (int i = 0; i < networks.length; i++) {
                networks[i] = SentenceNetwork.read(in);
            }
            return new SentimentModel(linear, scales, biases, List.of(networks), fusion);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
