package dev.outcrop.engines.language.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the word vectors that {@link dev.outcrop.engines.language.WordVectors} reads: each whole word of the embedding
 * model's vocabulary is embedded alone; of the vectors, less their mean, the 64 directions with most variance are kept in
 * 8 bits; and the words are put into 192 clusters.
 *
 * <p>Source: Tulkens and van Dongen, "Model2Vec: Fast State-of-the-Art Static Embeddings", 2024.
 *
 * <p>{@code WordVectorRecipe MODEL_FOLDER OUTPUT}, where the folder is that of all-minilm-l6-v2 as the server keeps it.
 */
public final class WordVectorRecipe {
    private static final int KEPT = 64;
    private static final int CLUSTERS = 192;
    private static final int ITERATIONS = 40;

    private WordVectorRecipe() {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<String> words = words(folder.resolve("tokenizer.json"));
        double[][] vectors = reduced(embedded(folder, words));
        int[] clusters = clusters(vectors);
        try (DataOutputStream out =
                new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[1]))))) {
            out.writeInt(words.size());
            out.writeInt(KEPT);
            out.writeInt(CLUSTERS);
            for (int word = 0; word < words.size(); word++) {
                out.writeUTF(words.get(word));
                out.writeByte(clusters[word]);
                double largest =
                        Arrays.stream(vectors[word]).map(Math::abs).max().orElseThrow();
                out.writeFloat((float) (largest / 127));
                for (double value : vectors[word]) {
                    out.writeByte((int) Math.round(value / largest * 127));
                }
            }
        }
        System.out.println(words.size() + " words, " + Files.size(Path.of(arguments[1])) + " bytes");
    }

    /** Opens the embedding model that the recipes use. */
    public static OnnxEmbeddingModel open(Path folder) throws IOException {
        Path weights;
        try (var files = Files.list(folder)) {
            weights = files.filter(file -> file.toString().endsWith(".onnx"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no .onnx file in " + folder));
        }
        return OnnxEmbeddingModel.open(
                "all-minilm-l6-v2",
                weights,
                folder.resolve("tokenizer.json"),
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 2, 1, 4096, Duration.ofMinutes(30)));
    }

    private static List<String> words(Path tokenizer) throws IOException {
        JsonNode vocabulary =
                new ObjectMapper().readTree(tokenizer.toFile()).path("model").path("vocab");
        List<String> words = new ArrayList<>();
        vocabulary.properties().stream()
                .sorted((left, right) -> Integer.compare(
                        left.getValue().asInt(), right.getValue().asInt()))
                .forEach(entry -> {
                    String word = entry.getKey();
                    if (word.length() > 1 && word.chars().allMatch(letter -> letter >= 'a' && letter <= 'z')) {
                        words.add(word);
                    }
                });
        return words;
    }

    private static double[][] embedded(Path folder, List<String> words) throws IOException {
        double[][] vectors = new double[words.size()][];
        try (OnnxEmbeddingModel model = open(folder)) {
            for (int from = 0; from < words.size(); from += 512) {
                List<EmbeddingModel.Embedding> some =
                        model.embed(words.subList(from, Math.min(words.size(), from + 512)));
                for (int at = 0; at < some.size(); at++) {
                    float[] vector = some.get(at).vector();
                    vectors[from + at] = new double[vector.length];
                    Arrays.setAll(vectors[from + at], i -> vector[i]);
                }
            }
        }
        return vectors;
    }

    private static double[][] reduced(double[][] vectors) {
        int size = vectors[0].length;
        double[] mean = new double[size];
        for (double[] vector : vectors) {
            for (int i = 0; i < size; i++) {
                mean[i] += vector[i] / vectors.length;
            }
        }
        double[][] covariance = new double[size][size];
        for (double[] vector : vectors) {
            for (int i = 0; i < size; i++) {
                double value = vector[i] - mean[i];
                for (int j = 0; j < size; j++) {
                    covariance[i][j] += value * (vector[j] - mean[j]) / vectors.length;
                }
            }
        }
        double[][] directions = directions(covariance);
        double[][] reduced = new double[vectors.length][KEPT];
        for (int at = 0; at < vectors.length; at++) {
            for (int kept = 0; kept < KEPT; kept++) {
                for (int i = 0; i < size; i++) {
                    reduced[at][kept] += (vectors[at][i] - mean[i]) * directions[kept][i];
                }
            }
        }
        return reduced;
    }

    /** The eigenvectors of the largest eigenvalues, by orthogonal iteration. */
    private static double[][] directions(double[][] matrix) {
        Random random = new Random(1);
        double[][] directions = new double[KEPT][matrix.length];
        for (double[] direction : directions) {
            Arrays.setAll(direction, i -> random.nextGaussian());
        }
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            for (int kept = 0; kept < KEPT; kept++) {
                double[] next = new double[matrix.length];
                for (int i = 0; i < matrix.length; i++) {
                    next[i] = dot(matrix[i], directions[kept]);
                }
                for (int earlier = 0; earlier < kept; earlier++) {
                    double shared = dot(next, directions[earlier]);
                    for (int i = 0; i < next.length; i++) {
                        next[i] -= shared * directions[earlier][i];
                    }
                }
                double length = Math.sqrt(dot(next, next));
                Arrays.setAll(next, i -> next[i] / length);
                directions[kept] = next;
            }
        }
        return directions;
    }

    private static int[] clusters(double[][] vectors) {
        double[][] unit = new double[vectors.length][];
        for (int at = 0; at < vectors.length; at++) {
            double[] vector = vectors[at];
            double length = Math.sqrt(dot(vector, vector));
            unit[at] = Arrays.stream(vector).map(value -> value / length).toArray();
        }
        Random random = new Random(2);
        double[][] centres = new double[CLUSTERS][];
        Arrays.setAll(centres, i -> unit[random.nextInt(unit.length)].clone());
        int[] nearest = new int[unit.length];
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[][] sums = new double[CLUSTERS][KEPT];
            for (int at = 0; at < unit.length; at++) {
                double best = Double.NEGATIVE_INFINITY;
                for (int centre = 0; centre < CLUSTERS; centre++) {
                    double cosine = dot(unit[at], centres[centre]);
                    if (cosine > best) {
                        best = cosine;
                        nearest[at] = centre;
                    }
                }
                for (int i = 0; i < KEPT; i++) {
                    sums[nearest[at]][i] += unit[at][i];
                }
            }
            for (int centre = 0; centre < CLUSTERS; centre++) {
                double[] sum = sums[centre];
                double length = Math.max(1e-9, Math.sqrt(dot(sum, sum)));
                centres[centre] =
                        Arrays.stream(sum).map(value -> value / length).toArray();
            }
        }
        return nearest;
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
