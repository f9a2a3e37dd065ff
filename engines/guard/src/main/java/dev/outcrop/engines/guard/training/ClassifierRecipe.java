package dev.outcrop.engines.guard.training;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.guard.TextClassifier;
import dev.outcrop.engines.guard.TextClassifier.Network;
import dev.outcrop.engines.guard.TextFeatures;
import dev.outcrop.engines.language.training.HeldOut;
import dev.outcrop.engines.language.training.WordVectorRecipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Trains {@link TextClassifier}. In four rounds a quarter of the topics, patterns and texts is left out and judged by what
 * was trained on the rest; on these judgements the weights are fitted with which linear classifier and networks count,
 * and the thresholds are read off. Then all is trained on everything but the texts held out for tests.
 *
 * <p>{@code ClassifierRecipe MODEL_FOLDER DATA_FOLDER LABELLED_FOLDER CACHE OUTPUT}: the folder of all-minilm-l6-v2, the
 * sentences of our own, the folder with {@code guardrails/} and {@code language/}, a file for embeddings made, and the
 * file to write.
 */
public final class ClassifierRecipe {
    private static final int ROUNDS = 4;
    private static final int NETWORKS = 9;

    private ClassifierRecipe() {}

    private record Trained(LinearTraining linear, List<Network> networks) {
        static Trained on(List<Example> examples, List<int[]> features, List<float[]> embeddings, int networks) {
            LinearTraining linear = new LinearTraining(examples, features, 5);
            return new Trained(
                    linear,
                    IntStream.range(0, networks)
                            .parallel()
                            .mapToObj(seed -> NetworkTraining.train(examples, embeddings, seed))
                            .toList());
        }

        TextClassifier classifier(float[][] fusion) {
            byte[][] rows = new byte[TextClassifier.OUTPUTS][TextFeatures.SIZE];
            float[] scales = new float[TextClassifier.OUTPUTS];
            for (int output = 0; output < rows.length; output++) {
                float largest = 1e-9f;
                for (float weight : linear.weights[output]) {
                    largest = Math.max(largest, Math.abs(weight));
                }
                scales[output] = largest / 127;
                for (int place = 0; place < TextFeatures.SIZE; place++) {
                    rows[output][place] = (byte) Math.round(linear.weights[output][place] / largest * 127);
                }
            }
            return new TextClassifier(rows, scales, linear.biases, networks, fusion);
        }
    }

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        Path labelled = Path.of(arguments[2]);
        List<Example> examples = examples(Path.of(arguments[1]), labelled);
        System.out.println(examples.size() + " examples");
        List<int[]> features = new ArrayList<>();
        for (Example example : examples) {
            features.add(TextFeatures.of(example.text()));
        }
        List<float[]> embeddings;
        try (EmbeddingModel model = WordVectorRecipe.open(Path.of(arguments[0]))) {
            embeddings = new Embeddings(Path.of(arguments[3]))
                    .of(examples.stream().map(Example::text).toList(), model);
        }
        double[][] linear = new double[examples.size()][];
        double[][] network = new double[examples.size()][];
        for (int round = 0; round < ROUNDS; round++) {
            leaveOut(round, examples, features, embeddings, linear, network);
        }
        float[][] fusion = new float[TextClassifier.OUTPUTS][];
        for (int output = 0; output < fusion.length; output++) {
            fusion[output] = Fusion.fit(examples, linear, network, output);
        }
        Fusion.report(examples, linear, network, fusion);
        TextClassifier classifier =
                Trained.on(examples, features, embeddings, NETWORKS).classifier(fusion);
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[4]))) {
            classifier.write(out);
        }
        System.out.println(Files.size(Path.of(arguments[4])) + " bytes");
    }

    static List<Example> examples(Path own, Path labelled) throws IOException {
        List<Example> examples = new ArrayList<>(TrainingData.own(own));
        examples.addAll(TrainingData.labelled(labelled.resolve("guardrails/harmful_content.jsonl"), false));
        examples.addAll(TrainingData.labelled(labelled.resolve("guardrails/prompt_attacks.jsonl"), false));
        Path language = labelled.resolve("language");
        examples.addAll(TrainingData.harmless(language.resolve("sentiment.jsonl"), Set.of("Pang"), 1200));
        examples.addAll(TrainingData.harmless(language.resolve("sentiment.jsonl"), Set.of("Hu and Liu"), 1200));
        examples.addAll(
                TrainingData.harmless(language.resolve("entities.jsonl"), Set.of("Universal NER", "WikiGold"), 2600));
        Set<String> seen = new HashSet<>();
        examples.removeIf(example -> example.text().isBlank() || !seen.add(example.text()));
        return examples;
    }

    private static void leaveOut(
            int round,
            List<Example> examples,
            List<int[]> features,
            List<float[]> embeddings,
            double[][] linear,
            double[][] network) {
        int[] inside = IntStream.range(0, examples.size())
                .filter(i -> fold(examples.get(i)) != round)
                .toArray();
        Trained trained = Trained.on(
                IntStream.of(inside).mapToObj(examples::get).toList(),
                IntStream.of(inside).mapToObj(features::get).toList(),
                IntStream.of(inside).mapToObj(embeddings::get).toList(),
                1);
        TextClassifier classifier = trained.classifier(new float[TextClassifier.OUTPUTS][5]);
        for (int i = 0; i < examples.size(); i++) {
            if (fold(examples.get(i)) == round) {
                linear[i] = classifier.linearLogits(features.get(i));
                network[i] = classifier.networkLogits(embeddings.get(i));
            }
        }
    }

    private static int fold(Example example) {
        return Integer.parseInt(HeldOut.digest(example.group()).substring(0, 4), 16) % ROUNDS;
    }
}
