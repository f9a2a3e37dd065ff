package dev.outcrop.services.bedrockruntime;

import dev.outcrop.engines.embedding.EmbeddingException;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.Truncation;
import java.util.List;
import java.util.Random;

/** An embedding model whose vectors are the sums of random vectors of the text's words. It counts words as tokens. */
public final class WordsEmbeddingModel implements EmbeddingModel {
    /** The longest text that it reads. */
    public static final int MAXIMUM_TOKENS = 16;

    private final int dimension;
    private volatile Truncation truncation = Truncation.NONE;

    public WordsEmbeddingModel(int dimension) {
        this.dimension = dimension;
    }

    @Override
    public Description description() {
        return new Description("words", dimension, MAXIMUM_TOKENS);
    }

    @Override
    public List<Embedding> embed(List<String> texts, Truncation truncation) {
        this.truncation = truncation;
        return texts.stream()
                .map(text -> {
                    int tokens = countTokens(text);
                    if (tokens > MAXIMUM_TOKENS && truncation == Truncation.NONE) {
                        throw new EmbeddingException(EmbeddingException.Category.TOO_LONG, tokens + " words");
                    }
                    return new Embedding(vector(text), Math.min(tokens, MAXIMUM_TOKENS));
                })
                .toList();
    }

    /** The vector of a text. */
    public float[] vector(String text) {
        double[] sum = new double[dimension];
        for (String word : text.split(" ", -1)) {
            Random random = new Random(word.hashCode());
            for (int i = 0; i < dimension; i++) {
                sum[i] += random.nextGaussian();
            }
        }
        double length = 0;
        for (double value : sum) {
            length += value * value;
        }
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(length));
        }
        return vector;
    }

    /** What was to be done with long texts, last. */
    public Truncation truncation() {
        return truncation;
    }

    @Override
    public int countTokens(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }

    @Override
    public void close() {}
}
