package dev.outcrop.engines.language;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Vectors and clusters of single words, distilled from the sentence encoder by {@code training.WordVectorRecipe}: meaning
 * for microseconds where running the encoder takes milliseconds. A text's vector is the mean of its words', frequent words
 * counting less.
 *
 * <p>Source: Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017, for the weights.
 */
public final class WordVectors {
    /** Zipf's law gives the words' probabilities by their rank; a word much rarer than this counts in full. */
    private static final double RARE = 1e-3;

    private final Map<String, Integer> places;
    private final int dimension;
    private final byte[] clusters;
    private final float[] values;
    private final float[] weights;

    private WordVectors(Map<String, Integer> places, int dimension, byte[] clusters, float[] values, float[] weights) {
        this.places = places;
        this.dimension = dimension;
        this.clusters = clusters;
        this.values = values;
        this.weights = weights;
    }

    private static final class Holder {
        private static final WordVectors SHIPPED = read();
    }

    /** The vectors that ship, read when they are first asked for. */
    public static WordVectors shipped() {
        return Holder.SHIPPED;
    }

    private static WordVectors read() {
        try (InputStream resource = WordVectors.class.getResourceAsStream("words.bin.gz");
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(resource)))) {
            int count = in.readInt();
            int dimension = in.readInt();
            in.readInt();
            Map<String, Integer> places = HashMap.newHashMap(count);
            byte[] clusters = new byte[count];
            float[] values = new float[count * dimension];
            float[] weights = new float[count];
            byte[] row = new byte[dimension];
            double harmonic = Math.log(count) + 0.5772;
            for (int word = 0; word < count; word++) {
                places.put(in.readUTF(), word);
                clusters[word] = in.readByte();
                float scale = in.readFloat();
                in.readFully(row);
                for (int i = 0; i < dimension; i++) {
                    values[word * dimension + i] = row[i] * scale;
                }
                weights[word] = (float) (RARE / (RARE + 1 / ((word + 1) * harmonic)));
            }
            return new WordVectors(places, dimension, clusters, values, weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of values of a vector. */
    public int dimension() {
        return dimension;
    }

    /** The cluster of a lowered word, 0 to 255, or -1 if the word is not known. */
    public int cluster(String word) {
        Integer place = places.get(word);
        return place == null ? -1 : clusters[place] & 0xFF;
    }

    /** How much a lowered word tells, 0 to 1: rare words much, frequent ones little, unknown ones in full. */
    public float weight(String word) {
        Integer place = places.get(word);
        return place == null ? 1 : weights[place];
    }

    /** The unit vector of lowered words; zeros if none is known. */
    public float[] mean(List<String> words) {
        float[] mean = new float[dimension];
        for (String word : words) {
            Integer place = places.get(word);
            if (place != null) {
                float weight = weights[place];
                int from = place * dimension;
                for (int i = 0; i < dimension; i++) {
                    mean[i] += weight * values[from + i];
                }
            }
        }
        double square = 0;
        for (float value : mean) {
            square += value * value;
        }
        float length = (float) Math.sqrt(square);
        if (length > 0) {
            for (int i = 0; i < dimension; i++) {
                mean[i] /= length;
            }
        }
        return mean;
    }
}
