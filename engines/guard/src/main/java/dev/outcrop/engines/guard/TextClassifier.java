package dev.outcrop.engines.guard;

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
 * Two classifiers and what becomes of them together: a linear one on hashed features ({@link TextFeatures}), which costs
 * microseconds, and a few small networks with one hidden layer on the text's embedding, whose outputs are averaged. Each
 * gives a logit for every output; {@link #fused} weighs the two as they did best on texts that neither was trained on.
 *
 * @param linear   8-bit weights, {@code [output][place]}
 * @param scales   what a unit of {@code linear} is, an output
 * @param biases   of the linear classifier, an output
 * @param networks networks on embeddings
 * @param fusion   an output: weight of the linear logit, weight of the networks' logit, bias; and for where there is only
 *                 the linear one: its weight and bias
 */
public record TextClassifier(
        byte[][] linear, float[] scales, float[] biases, List<Network> networks, float[][] fusion) {
    /** Which output tells whether a text is harmful in any way; the categories' own stand before it. */
    public static final int ANY_HARM = 5;

    /** Which output tells whether a text is an attack on a model. */
    public static final int ATTACK = 6;

    /** The number of outputs. */
    public static final int OUTPUTS = 7;

    /** The weight of each feature is this over the root of their number. */
    public static final double FEATURE_SCALE = 6;

    /**
     * A network: {@code output · relu(hidden · embedding + hiddenBias) + outputBias}.
     *
     * @param hidden {@code [unit][value]}
     * @param output {@code [output][unit]}
     */
    public record Network(float[][] hidden, float[] hiddenBias, float[][] output, float[] outputBias) {
        /** The logits of an embedding. */
        public float[] logits(float[] embedding) {
            float[] units = new float[hidden.length];
            for (int unit = 0; unit < hidden.length; unit++) {
                units[unit] = Math.max(0, dot(hidden[unit], embedding) + hiddenBias[unit]);
            }
            float[] logits = new float[output.length];
            for (int i = 0; i < output.length; i++) {
                logits[i] = dot(output[i], units) + outputBias[i];
            }
            return logits;
        }
    }

    private static final class Holder {
        private static final TextClassifier SHIPPED = readShipped();
    }

    /** The classifier that ships, read when it is first asked for. */
    public static TextClassifier shipped() {
        return Holder.SHIPPED;
    }

    /** Which output is a category's own. */
    public static int output(HarmCategory category) {
        return switch (category) {
            case HATE -> 0;
            case INSULTS -> 1;
            case SEXUAL -> 2;
            case VIOLENCE -> 3;
            case MISCONDUCT -> 4;
        };
    }

    /** The linear classifier's logits for features. */
    public double[] linearLogits(int[] features) {
        double[] logits = new double[OUTPUTS];
        double scale = FEATURE_SCALE / Math.sqrt(Math.max(1, features.length));
        for (int output = 0; output < OUTPUTS; output++) {
            byte[] weights = linear[output];
            int sum = 0;
            for (int feature : features) {
                sum += weights[feature];
            }
            logits[output] = sum * scales[output] * scale + biases[output];
        }
        return logits;
    }

    /** The networks' mean logits for an embedding of unit length. */
    public double[] networkLogits(float[] embedding) {
        double[] logits = new double[OUTPUTS];
        for (Network network : networks) {
            float[] one = network.logits(embedding);
            for (int output = 0; output < OUTPUTS; output++) {
                logits[output] += one[output] / networks.size();
            }
        }
        return logits;
    }

    /** Both classifiers' logits as one. */
    public double[] fused(double[] linearLogits, double[] networkLogits) {
        double[] logits = new double[OUTPUTS];
        for (int output = 0; output < OUTPUTS; output++) {
            float[] weights = fusion[output];
            logits[output] = weights[0] * linearLogits[output] + weights[1] * networkLogits[output] + weights[2];
        }
        return logits;
    }

    /** The linear logits alone, made comparable with fused ones. */
    public double[] alone(double[] linearLogits) {
        double[] logits = new double[OUTPUTS];
        for (int output = 0; output < OUTPUTS; output++) {
            logits[output] = fusion[output][3] * linearLogits[output] + fusion[output][4];
        }
        return logits;
    }

    private static float dot(float[] left, float[] right) {
        float sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /** Writes the weights as {@link #shipped} reads them. */
    public void write(OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new GZIPOutputStream(stream));
        for (int output = 0; output < OUTPUTS; output++) {
            out.write(linear[output]);
        }
        writeRow(out, scales);
        writeRow(out, biases);
        for (float[] row : fusion) {
            writeRow(out, row);
        }
        out.writeInt(networks.size());
        for (Network network : networks) {
            out.writeInt(network.hidden().length);
            for (float[] row : network.hidden()) {
                writeBytes(out, row);
            }
            writeRow(out, network.hiddenBias());
            for (float[] row : network.output()) {
                writeRow(out, row);
            }
            writeRow(out, network.outputBias());
        }
        out.flush();
        out.close();
    }

    private static TextClassifier readShipped() {
        try (InputStream resource = TextClassifier.class.getResourceAsStream("classifier.bin.gz");
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(resource)))) {
            byte[][] linear = new byte[OUTPUTS][TextFeatures.SIZE];
            for (byte[] row : linear) {
                in.readFully(row);
            }
            float[] scales = readRow(in);
            float[] biases = readRow(in);
            float[][] fusion = new float[OUTPUTS][];
            for (int output = 0; output < OUTPUTS; output++) {
                fusion[output] = readRow(in);
            }
            Network[] networks = new Network[in.readInt()];
            for (int i = 0; i < networks.length; i++) {
                float[][] hidden = new float[in.readInt()][];
                for (int unit = 0; unit < hidden.length; unit++) {
                    hidden[unit] = readBytes(in);
                }
                float[] hiddenBias = readRow(in);
                float[][] output = new float[OUTPUTS][];
                for (int row = 0; row < OUTPUTS; row++) {
                    output[row] = readRow(in);
                }
                networks[i] = new Network(hidden, hiddenBias, output, readRow(in));
            }
            return new TextClassifier(linear, scales, biases, List.of(networks), fusion);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeRow(DataOutputStream out, float[] row) throws IOException {
        out.writeInt(row.length);
        for (float value : row) {
            out.writeFloat(value);
        }
    }

    private static float[] readRow(DataInputStream in) throws IOException {
        float[] row = new float[in.readInt()];
        for (int i = 0; i < row.length; i++) {
            row[i] = in.readFloat();
        }
        return row;
    }

    private static void writeBytes(DataOutputStream out, float[] row) throws IOException {
        float largest = 1e-9f;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        out.writeInt(row.length);
        out.writeFloat(largest / 127);
        for (float value : row) {
            out.writeByte(Math.round(value / largest * 127));
        }
    }

    private static float[] readBytes(DataInputStream in) throws IOException {
        float[] row = new float[in.readInt()];
        float scale = in.readFloat();
        for (int i = 0; i < row.length; i++) {
            row[i] = in.readByte() * scale;
        }
        return row;
    }
}
