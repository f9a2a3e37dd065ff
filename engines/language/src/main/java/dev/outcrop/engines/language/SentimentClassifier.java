package dev.outcrop.engines.language;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.Truncation;
import dev.outcrop.engines.language.sentiment.SentimentFeatures;
import dev.outcrop.engines.language.sentiment.SentimentModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells how an English text feels by {@link SentimentModel}: a short one as a whole, a long one by its sentences. A text is
 * mixed as far as it has parts that are surely positive and parts that are surely negative: sentences, and, where a sentence
 * turns (<i>but</i>, <i>although</i>), its halves. Safe for concurrent use.
 */
public final class SentimentClassifier {
    private static final Pattern TURN = Pattern.compile(
            "(?i)[,;]?\\s(?:but|however|although|though|yet|while|whereas|except that|nevertheless)[,\\s]|;\\s|\\s--?\\s");

    /** Texts up to so many characters are judged as one, as the model has learned it; of longer ones each sentence. */
    private static final int LONGEST_AS_ONE = 400;

    /** A half has at least so many words. */
    private static final int HALF = 3;

    /** Of a long text so many sentences are also judged by the networks; of others only their features are looked at. */
    private static final int EMBEDDED = 24;

    private final Supplier<EmbeddingModel> embeddings;

    /**
     * A classifier.
     *
     * @param embeddings gives all-MiniLM-L6-v2 with its token vectors, again and again, so it should remember
     */
    public SentimentClassifier(Supplier<EmbeddingModel> embeddings) {
        this.embeddings = embeddings;
    }

    /** How a text feels as a whole. */
    public SentimentScores classify(String text) {
        List<String> sentences = Sentences.of(text).stream()
                .map(Sentences.Sentence::text)
                .filter(sentence -> sentence.chars().anyMatch(Character::isLetterOrDigit) || sentence.length() < 8)
                .toList();
        if (sentences.isEmpty()) {
            return new SentimentScores(0, 0, 1, 0);
        }
        boolean asOne = text.length() <= LONGEST_AS_ONE || sentences.size() == 1;
        List<String> parts = new ArrayList<>();
        if (asOne) {
            parts.add(text.strip());
        }
        if (!asOne || sentences.size() > 1) {
            parts.addAll(sentences);
        }
        sentences.forEach(sentence -> parts.addAll(halves(sentence)));
        List<double[]> judged = probabilities(parts);
        double[] whole = asOne ? judged.getFirst() : mean(sentences, judged);
        double mixed = parts.size() == 1 ? 0.02 : mixed(judged);
        return new SentimentScores(
                (1 - mixed) * whole[SentimentModel.POSITIVE],
                (1 - mixed) * whole[SentimentModel.NEGATIVE],
                (1 - mixed) * whole[SentimentModel.NEUTRAL],
                mixed);
    }

    /** What sentences say together; where something is felt counts more than where nothing is. */
    private static double[] mean(List<String> sentences, List<double[]> judged) {
        double[] mean = new double[SentimentModel.CLASSES];
        double weights = 0;
        for (int i = 0; i < sentences.size(); i++) {
            double[] one = judged.get(i);
            double weight = (0.2 + one[SentimentModel.POSITIVE] + one[SentimentModel.NEGATIVE])
                    * Math.sqrt(Math.clamp(sentences.get(i).length(), 40, 200));
            weights += weight;
            for (int k = 0; k < mean.length; k++) {
                mean[k] += weight * one[k];
            }
        }
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= weights;
        }
        return mean;
    }

    /** Both must be felt, each surely somewhere, and neither may outweigh the other by far. */
    private static double mixed(List<double[]> judged) {
        double pleasant = 0;
        double unpleasant = 0;
        double positive = 0;
        double negative = 0;
        for (double[] part : judged) {
            pleasant = Math.max(pleasant, part[SentimentModel.POSITIVE]);
            unpleasant = Math.max(unpleasant, part[SentimentModel.NEGATIVE]);
            positive += part[SentimentModel.POSITIVE];
            negative += part[SentimentModel.NEGATIVE];
        }
        double sure = Math.clamp((Math.min(pleasant, unpleasant) - 0.45) / 0.35, 0.0, 1.0);
        double even = Math.min(positive, negative) / Math.max(1e-9, Math.max(positive, negative));
        return Math.min(0.98, sure * Math.min(1, 1.6 * even));
    }

    /** The probabilities of sentences, each {@link SentimentModel}'s classes in their order. */
    List<double[]> probabilities(List<String> sentences) {
        SentimentModel model = SentimentModel.shipped();
        List<double[]> linear = sentences.stream()
                .map(sentence -> model.linearLogits(SentimentFeatures.of(sentence)))
                .toList();
        List<String> embedded = sentences.subList(0, Math.min(EMBEDDED, sentences.size()));
        List<float[][]> tokens = embeddings
                .get()
                .tokens()
                .orElseThrow(() -> new IllegalStateException("the embedding model gives no vectors of tokens"))
                .embed(embedded, Truncation.END);
        List<double[]> probabilities = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            boolean seen = i < embedded.size() && tokens.get(i).length > 0;
            probabilities.add(
                    model.probabilities(linear.get(i), seen ? model.networkLogits(tokens.get(i)) : linear.get(i)));
        }
        return probabilities;
    }

    /** The parts of a sentence around its first turn; none where it has no turn. */
    static List<String> halves(String sentence) {
        Matcher matcher = TURN.matcher(sentence);
        while (matcher.find()) {
            String before = sentence.substring(0, matcher.start()).strip();
            String after = sentence.substring(matcher.end()).strip();
            if (before.split("\\s+").length >= HALF && after.split("\\s+").length >= HALF) {
                return List.of(before, after);
            }
        }
        return List.of();
    }
}
