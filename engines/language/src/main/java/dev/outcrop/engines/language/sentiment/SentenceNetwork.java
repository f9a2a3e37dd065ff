package dev.outcrop.engines.language.sentiment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A network on the vectors of a sentence's tokens: filters over one, two and three neighbours, of each the largest answer,
 * beside the mean of all vectors; then a hidden layer, then one logit a class.
 *
 * <p>Source: Kim, "Convolutional Neural Networks for Sentence Classification", 2014.
 *
 * @param filters {@code [width − 1][filter][width × dimension]}
 * @param filterBiases {@code [width − 1][filter]}
 * @param output {@code [class][largest answers, then mean]}
 */
public record SentenceNetwork(float[][][] filters, float[][] filterBiases, float[][] output, float[] outputBias) {
    /** What the output sees of a sentence. */
    record Seen(float[] values, int[] places) {}

    /** The number of filters of all widths. */
    int filterCount() {
        int count = 0;
        for (float[][] width : filters) {
            count += width.length;
        }
        return count;
    }

    /** The logits of the classes. */
    public float[] logits(float[][] tokens) {
        Seen seen = see(tokens);
        float[] logits = outputBias.clone();
        for (int i = 0; i < logits.length; i++) {
            logits[i] += dot(output[i], 0, seen.values(), seen.values().length);
        }
        return logits;
    }

    /** The largest answer of each filter, from 0 up, with its place, and the mean of the tokens, of unit length. */
    Seen see(float[][] tokens) {
        int dimension = filters[0][0].length;
        float[] values = new float[filterCount() + dimension];
        int[] places = new int[filterCount()];
        int at = 0;
        for (int width = 1; width <= filters.length; width++) {
            for (int filter = 0; filter < filters[width - 1].length; filter++) {
                float largest = 0;
                int place = -1;
                for (int from = 0; from + width <= tokens.length; from++) {
                    float answer = filterBiases[width - 1][filter];
                    for (int k = 0; k < width; k++) {
                        answer += dot(filters[width - 1][filter], k * dimension, tokens[from + k], dimension);
                    }
                    if (answer > largest) {
                        largest = answer;
                        place = from;
                    }
                }
                values[at] = largest;
                places[at] = place;
                at++;
            }
        }
        double square = 0;
        for (int i = 0; i < dimension; i++) {
            float sum = 0;
            for (float[] token : tokens) {
                sum += token[i];
            }
            values[at + i] = sum;
            square += (double) sum * sum;
        }
        float length = (float) Math.sqrt(square) + 1e-9f;
        for (int i = 0; i < dimension; i++) {
            values[at + i] /= length;
        }
        return new Seen(values, places);
    }

    static float dot(float[] left, int from, float[] right, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i < count; i += 4) {
            a += left[from + i] * right[i];
            b += left[from + i + 1] * right[i + 1];
            c += left[from + i + 2] * right[i + 2];
            d += left[from + i + 3] * right[i + 3];
        }
        return a + b + c + d;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(filters.length);
        for (int width = 0; width < filters.length; width++) {
            out.writeInt(filters[width].length);
            for (float[] filter : filters[width]) {
                writeRow(out, filter);
            }
            writeRow(out, filterBiases[width]);
        }
        out.writeInt(output.length);
        for (float[] row : output) {
            writeRow(out, row);
        }
        for (float bias : outputBias) {
            out.writeFloat(bias);
        }
    }

    static SentenceNetwork read(DataInputStream in) throws IOException {
        float[][][] filters = new float[in.readInt()][][];
        float[][] biases = new float[filters.length][];
        for (int width = 0; width < filters.length; width++) {
            filters[width] = new float[in.readInt()][];
            for (int filter = 0; filter < filters[width].length; filter++) {
                filters[width][filter] = readRow(in);
            }
            biases[width] = readRow(in);
        }
        float[][] output = new float[in.readInt()][];
        for (int row = 0; row < output.length; row++) {
            output[row] = readRow(in);
        }
        float[] outputBias = new float[output.length];
        for (int i = 0; i < outputBias.length; i++) {
            outputBias[i] = in.readFloat();
        }
        return new SentenceNetwork(filters, biases, output, outputBias);
    }

    /** The network as it is once it was written and read. */
    SentenceNetwork shipped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out);
        }
        return read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    /** In 8 bits a value. */
    private static void writeRow(DataOutputStream out, float[] row) throws IOException {
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

    private static float[] readRow(DataInputStream in) throws IOException {
        float[] row = new float[in.readInt()];
        float scale = in.readFloat();
        for (int i = 0; i < row.length; i++) {
            row[i] = in.readByte() * scale;
        }
        return row;
    }
}
