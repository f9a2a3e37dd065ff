package dev.outcrop.engines.language.sentiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.language.training.HeldOut;
import dev.outcrop.engines.language.training.WordVectorRecipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains {@link SentimentModel} on sentences about films (Pang and Lee) and products (Hu and Liu), on tweets (TweetEval),
 * on the words of a lexicon ({@link Valences}), and, as neutral, on sentences of an encyclopedia (WikiGold). Every fifth by
 * its hash is held out; the figures printed are theirs. The same sentences give the same bytes, whether the vectors of their
 * tokens are made anew or were kept.
 *
 * <p>{@code SentimentRecipe MODEL_FOLDER SENTIMENT_JSONL ENTITIES_JSONL CACHE OUTPUT}
 */
public final class SentimentRecipe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NETWORKS = 3;
    private static final int EPOCHS = 7;

    private SentimentRecipe() {}

    private record Labelled(String text, int label, float weight, String source) {}

    /** Sentences with what both opinions see of them. */
    private record Seen(List<Labelled> examples, List<int[]> features, List<float[][]> tokens) {
        int[] labels() {
            return examples.stream().mapToInt(Labelled::label).toArray();
        }

        float[] weights() {
            float[] weights = new float[examples.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = examples.get(i).weight();
            }
            return weights;
        }
    }

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        List<Labelled> train = new ArrayList<>();
        List<Labelled> fusion = new ArrayList<>();
        List<Labelled> test = new ArrayList<>();
        for (Labelled labelled : read(Path.of(arguments[1]), Path.of(arguments[2]))) {
            if (HeldOut.contains(labelled.text())) {
                test.add(labelled);
            } else if (Integer.parseInt(HeldOut.digest(labelled.text()).substring(4, 8), 16) % 10 == 0) {
                fusion.add(labelled);
            } else {
                train.add(labelled);
            }
        }
        SentimentModel model;
        Seen tested;
        try (EmbeddingModel embedding = WordVectorRecipe.open(Path.of(arguments[0]))) {
            TokenVectorCache cache = new TokenVectorCache(Path.of(arguments[3]));
            int sentences = train.size();
            train.addAll(words());
            model = train(sentences, seen(train, cache, embedding), seen(fusion, cache, embedding));
            tested = seen(test, cache, embedding);
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[4]))) {
            model.write(out);
        }
        System.out.println(train.size() + " sentences, " + Files.size(Path.of(arguments[4])) + " bytes");
        report("linear", tested, i -> model.linearLogits(tested.features().get(i)));
        report("networks", tested, i -> model.networkLogits(tested.tokens().get(i)));
        report(
                "both",
                tested,
                i -> model.probabilities(
                        model.linearLogits(tested.features().get(i)),
                        model.networkLogits(tested.tokens().get(i))));
    }

    private static List<Labelled> read(Path sentiment, Path entities) throws IOException {
        List<Labelled> read = new ArrayList<>();
        for (String line : Files.readAllLines(sentiment)) {
            JsonNode node = JSON.readTree(line);
            switch (node.path("label").asText()) {
                case "POSITIVE" -> read.add(labelled(node, SentimentModel.POSITIVE, 1));
                case "NEGATIVE" -> read.add(labelled(node, SentimentModel.NEGATIVE, 1));
                case "NEUTRAL" -> read.add(labelled(node, SentimentModel.NEUTRAL, 1));
                default -> {
                    // Mixed ones are too few to learn from: they are told by their clauses.
                }
            }
        }
        for (String line : Files.readAllLines(entities)) {
            JsonNode node = JSON.readTree(line);
            if (node.path("source").asText().startsWith("WikiGold")) {
                read.add(labelled(node, SentimentModel.NEUTRAL, 0.7f));
            }
        }
        return read;
    }

    /** What the lexicon knows, said in few words, so that words that the sets lack are known, too. */
    private static List<Labelled> words() {
        List<Labelled> words = new ArrayList<>();
        List<String> frames = List.of("%s", "it was %s", "so %s !", "i feel %s", "not %s");
        new TreeMap<>(Valences.all()).forEach((word, valence) -> {
            boolean strong = Math.abs(valence) >= 1.3;
            boolean letters = word.chars().allMatch(letter -> letter >= 'a' && letter <= 'z');
            if (strong && (letters || word.length() < 5)) {
                String frame = letters ? frames.get(Math.floorMod(word.hashCode(), frames.size())) : "%s";
                boolean pleasant = (valence > 0) != frame.startsWith("not");
                words.add(new Labelled(
                        String.format(Locale.ROOT, frame, word),
                        pleasant ? SentimentModel.POSITIVE : SentimentModel.NEGATIVE,
                        0.25f,
                        "lexicon"));
            }
        });
        return words;
    }

    private static Labelled labelled(JsonNode node, int label, float weight) {
        return new Labelled(
                node.path("text").asText(), label, weight, node.path("source").asText());
    }

    private static Seen seen(List<Labelled> examples, TokenVectorCache cache, EmbeddingModel embedding)
            throws IOException {
        List<String> texts = examples.stream().map(Labelled::text).toList();
        return new Seen(examples, texts.stream().map(SentimentFeatures::of).toList(), cache.of(texts, embedding));
    }

    /** The linear classifier knows the lexicon by its features, and learns from the sentences alone, which come first. */
    private static SentimentModel train(int sentences, Seen seen, Seen fusion) throws IOException {
        LinearTraining linear =
                new LinearTraining(seen.features().subList(0, sentences), seen.labels(), seen.weights(), 1);
        byte[][] bytes = new byte[SentimentModel.CLASSES][SentimentFeatures.SIZE];
        float[] scales = new float[SentimentModel.CLASSES];
        for (int i = 0; i < SentimentModel.CLASSES; i++) {
            float largest = 1e-9f;
            for (float weight : linear.weights[i]) {
                largest = Math.max(largest, Math.abs(weight));
            }
            scales[i] = largest / 127;
            for (int place = 0; place < SentimentFeatures.SIZE; place++) {
                bytes[i][place] = (byte) Math.round(linear.weights[i][place] / scales[i]);
            }
        }
        List<SentenceNetwork> networks = new ArrayList<>();
        for (int i = 0; i < NETWORKS; i++) {
            networks.add(NetworkTraining.train(seen.tokens(), seen.labels(), seen.weights(), EPOCHS, 10 + i)
                    .shipped());
        }
        return new SentimentModel(
                bytes, scales, linear.biases, networks, fused(bytes, scales, linear.biases, networks, fusion));
    }

    /**
     * How much each logit of both opinions counts for each class, so that what neither has seen is most probable, to a
     * hundredth: multinomial logistic regression by gradient descent, with small weights preferred.
     */
    private static float[][] fused(
            byte[][] linear, float[] scales, float[] biases, List<SentenceNetwork> networks, Seen seen) {
        SentimentModel model = new SentimentModel(
                linear, scales, biases, networks, new float[SentimentModel.CLASSES][SentimentModel.OPINIONS]);
        int[] labels = seen.labels();
        double[][] opinions = new double[labels.length][];
        for (int i = 0; i < opinions.length; i++) {
            opinions[i] = SentimentModel.opinions(
                    model.linearLogits(seen.features().get(i)),
                    model.networkLogits(seen.tokens().get(i)));
        }
        double[][] weights = new double[SentimentModel.CLASSES][SentimentModel.OPINIONS];
        for (int step = 0; step < 4000; step++) {
            double[][] gradients = new double[SentimentModel.CLASSES][SentimentModel.OPINIONS];
            for (int i = 0; i < opinions.length; i++) {
                double[] logits = new double[SentimentModel.CLASSES];
                for (int k = 0; k < logits.length; k++) {
                    for (int opinion = 0; opinion < SentimentModel.OPINIONS; opinion++) {
                        logits[k] += weights[k][opinion] * opinions[i][opinion];
                    }
                }
                double[] probabilities = SentimentModel.softmax(logits);
                for (int k = 0; k < logits.length; k++) {
                    double error = (probabilities[k] - (labels[i] == k ? 1 : 0)) / opinions.length;
                    for (int opinion = 0; opinion < SentimentModel.OPINIONS; opinion++) {
                        gradients[k][opinion] += error * opinions[i][opinion];
                    }
                }
            }
            for (int k = 0; k < weights.length; k++) {
                for (int opinion = 0; opinion < SentimentModel.OPINIONS; opinion++) {
                    weights[k][opinion] -= 0.1 * (gradients[k][opinion] + weights[k][opinion] / opinions.length);
                }
            }
        }
        float[][] fused = new float[SentimentModel.CLASSES][SentimentModel.OPINIONS];
        for (int k = 0; k < fused.length; k++) {
            for (int opinion = 0; opinion < SentimentModel.OPINIONS; opinion++) {
                fused[k][opinion] = Math.round(weights[k][opinion] * 100) / 100f;
            }
        }
        System.out.println("fusion " + Arrays.deepToString(fused));
        return fused;
    }

    private static void report(String name, Seen seen, java.util.function.IntFunction<double[]> opinion) {
        Map<String, int[]> counts = new TreeMap<>();
        for (int i = 0; i < seen.examples().size(); i++) {
            double[] scores = opinion.apply(i);
            int best = 0;
            for (int k = 1; k < scores.length; k++) {
                best = scores[k] > scores[best] ? k : best;
            }
            int[] count = counts.computeIfAbsent(seen.examples().get(i).source(), source -> new int[2]);
            count[0] += best == seen.examples().get(i).label() ? 1 : 0;
            count[1]++;
        }
        counts.forEach((source, count) -> System.out.printf(
                Locale.ROOT, "%s: %s %.4f of %d%n", name, source, (double) count[0] / count[1], count[1]));
    }
}
